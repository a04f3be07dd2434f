"""Authentication and sessions: can a stranger become somebody, or stay somebody."""
