"""Whose object: which caller may reach which object, by declared rules and by what was seen."""
