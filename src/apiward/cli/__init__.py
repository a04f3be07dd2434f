"""The commands of `apiward`."""
