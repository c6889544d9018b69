"""Alembic runs this: it is handed a connection by `processes.database_version`."""

from __future__ import annotations

from alembic import context

from processes.database_version import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata(),
    render_as_batch=True,  # SQLite can't alter a column, so a table is made anew
    transaction_per_migration=False,
)
context.run_migrations()
