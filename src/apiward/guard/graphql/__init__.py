"""GraphQL queries, measured before they are run: how deep, how dear, how many."""
