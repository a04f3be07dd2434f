"""Inventory: is there more than the description says."""
