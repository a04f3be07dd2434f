"""Object level: may one account reach what belongs to another."""
