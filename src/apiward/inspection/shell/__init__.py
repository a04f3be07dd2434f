"""What shells understand: the names of programs, and how their arguments look."""
