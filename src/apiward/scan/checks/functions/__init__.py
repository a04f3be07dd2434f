"""Function level: may an account use operations that are meant for others."""
