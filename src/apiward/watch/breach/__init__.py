"""When something has happened: which time limits run, what is frozen as evidence, what is written to whom."""
