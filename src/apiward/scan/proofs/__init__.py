"""What several checks need to prove a weakness."""
