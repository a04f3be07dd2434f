"""The people who use the owner's page, in the store."""
