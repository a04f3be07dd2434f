"""Detections about functions of staff, one in one file."""
