"""The client area once more, as GraphQL: what the practice's phone app speaks."""
