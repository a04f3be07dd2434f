"""Third parties: what the API believes of what others send, and what it tells of what it shares with them."""
