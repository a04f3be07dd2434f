"""Who is shut out for a time, and why: kept by one process, or shared by all workers of one guard."""
