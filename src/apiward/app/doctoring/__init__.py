"""What is set up and what is missing: looked at without sending anything."""
