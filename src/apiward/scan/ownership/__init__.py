"""Objects of the scan's accounts: what they are, who owns them, where they were seen."""
