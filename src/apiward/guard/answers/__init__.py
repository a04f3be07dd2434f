"""What an answer may hold: its declared shape, secrets, personal data; whole or as it streams by."""
