"""Detections about how the service and the record themselves fare, one in one file."""
