"""What was found and checked, in words and files that people and machines can use."""
