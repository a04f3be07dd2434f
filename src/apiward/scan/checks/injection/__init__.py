"""Injection: does text that a caller sends become part of a command."""
