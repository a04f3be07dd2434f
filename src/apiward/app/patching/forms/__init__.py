"""One file for each form of rule that the catalogue names."""
