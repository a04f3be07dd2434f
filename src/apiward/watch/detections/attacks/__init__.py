"""Detections about texts that attack, one in one file."""
