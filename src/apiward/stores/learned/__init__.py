"""What was learned, in files: one that holds all of the past, and one of each process that learns now."""
