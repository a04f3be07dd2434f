"""Watching: logs and the guard's own events, read further and further, become incidents."""
