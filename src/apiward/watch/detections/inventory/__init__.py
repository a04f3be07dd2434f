"""Detections about what nobody should ask for, one in one file."""
