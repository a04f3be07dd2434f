"""The security record: the audit lane in a hash tree, and counts by caller, operation and time."""
