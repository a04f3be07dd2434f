"""One file for each form of access log."""
