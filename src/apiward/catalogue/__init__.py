"""What apiward knows, as data: risks, checks, profiles."""
