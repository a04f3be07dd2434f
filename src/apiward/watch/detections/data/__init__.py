"""Detections about data that leaves, one in one file."""
