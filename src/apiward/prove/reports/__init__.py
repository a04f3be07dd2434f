"""Reports on how an API stands: for its owner, in full, and to show to others."""
