"""Detections about log-ins, accounts and sessions, one in one file."""
