"""The versions of the events' schema, written with Alembic's operations."""
