"""Lets people in at the owner's page by name and password, and lets the owner say who they are."""
