"""Markup as a browser reads it: tags, attributes, and what runs in them."""
