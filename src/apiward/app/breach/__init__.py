"""When something has happened: the record of it, its evidence and the letters, in the data folder of a guard."""
