"""apiward.toml, typed and validated."""
