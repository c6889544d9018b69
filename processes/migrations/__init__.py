"""Alembic's revisions: every change of the tables, from the first."""
