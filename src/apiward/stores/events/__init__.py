"""The guard's events: spooled at once so that none is lost, stored in batches, read back."""
