"""Configuration: what does the server say and allow that it need not."""
