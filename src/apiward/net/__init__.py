"""Adapters that speak to the network."""
