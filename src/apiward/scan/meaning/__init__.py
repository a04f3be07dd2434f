"""What names, operations and answers mean."""
