"""Stored requests for who looks at a page: counted by day, and refusals page by page."""
