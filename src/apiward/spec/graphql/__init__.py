"""GraphQL descriptions: a schema in its own language or as a server tells it, out as operations."""
