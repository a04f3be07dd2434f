"""Detections about the order in which things are done, one in one file."""
