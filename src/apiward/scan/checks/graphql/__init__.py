"""Checks of GraphQL endpoints as such."""
