"""Forgery: does the server itself go where a stranger sends it."""
