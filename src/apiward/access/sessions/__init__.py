"""Sessions that the API itself gives out: learned at log-in, known by their hash, forgotten at log-out."""
