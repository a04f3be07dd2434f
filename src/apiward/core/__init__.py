"""Values and ports that every part of apiward shares. No I/O, no clock, no randomness."""
