"""Which version of the tables a database has, and how it is brought up to this program's."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.orm import Session

import processes
from engine.database import Base, Database
from engine.texts import gettext as _
from processes.errors import InstallationError

MIGRATIONS = Path(__file__).parent / "migrations"
UPGRADING = 0x61726E64  # the number of a lock that means nothing else


class DatabaseTooNew(InstallationError):
    def __init__(self, revision: str) -> None:
        super().__init__(
            _(
                "Databasen kommer från en nyare version av Ärendegång (%(revision)s). "
                "Uppgradera programmet eller välj en annan datamapp med --data (make run DATA=…).",
                revision=revision,
            )
        )


def metadata() -> sa.MetaData:
    """The tables of engine and domain, whichever module holds them."""
    for module in pkgutil.walk_packages(processes.__path__, "processes."):
        if ".migrations" not in module.name:
            importlib.import_module(module.name)
    importlib.import_module("engine.tables")
    return Base.metadata


def upgrade(database: Database) -> None:
    """Bring an empty or older database to this version, in one transaction."""
    with database.writing() as session:
        connection = session.connection()
        if not database.is_sqlite:
            # Several nodes may be started at once; SQLite lets only one write anyway.
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(UPGRADING)))
        script = ScriptDirectory.from_config(_config(connection))
        found = revision(session)
        if found is not None and not _is_known(script, found):
            raise DatabaseTooNew(found)
        command.upgrade(_config(connection), "head")


def is_current(database: Database) -> bool:
    with database.reading() as session:
        return revision(session) == newest()


def revision(session: Session) -> str | None:
    """Which the tables are at, None where there are none."""
    return MigrationContext.configure(session.connection()).get_current_revision()


def newest() -> str:
    """The revision of the tables that this program knows."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return str(ScriptDirectory.from_config(config).get_current_head())


def require_current(database: Database) -> str:
    """The revision, when the database is of this version; nothing is changed to make it so."""
    if not is_current(database):
        raise InstallationError(
            _("Databasen hör till en annan version av Ärendegång. Starta den här versionen först.")
        )
    return newest()


def _is_known(script: ScriptDirectory, revision: str) -> bool:
    try:
        return script.get_revision(revision) is not None
    except CommandError:
        return False


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
