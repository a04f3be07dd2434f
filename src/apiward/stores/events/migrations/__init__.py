"""The versions of the events' schema, run by Alembic."""
