"""Property level: may a caller set or see what it should not."""
