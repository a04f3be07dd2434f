"""Detections about single objects of others, one in one file."""
