"""Sessions that a guard has seen the API give out: shared by its workers, and kept over a restart."""
