"""What attackers do, one kind in one file."""
