"""From one database to another, row for row: how an installation grows out of its SQLite file."""

from __future__ import annotations

from collections.abc import Callable

from engine.database import Database
from engine.errors import EngineError
from engine.texts import gettext as _
from processes import database_version
from processes.backup import rows
from processes.backup.archive import require_empty, require_no_rows


class NotTheSame(EngineError):
    def __init__(self, table: str) -> None:
        super().__init__(
            _("Raderna i %(table)s blev inte desamma. Inget har kopierats.", table=table)
        )


def copy(source: Database, target: Database, *, say: Callable[[str, int], None]) -> int:
    """Everything in `source` into the empty `target`, in one transaction; how many rows that is.

    Each table is read back and compared. `say` is told its name and how many rows it has.
    """
    database_version.require_current(source)
    require_empty(target)
    database_version.upgrade(target)
    total = 0
    with source.reading() as reading, target.writing() as writing:
        require_no_rows(writing)
        for table in rows.tables():
            rows.insert(writing, table, rows.lines(reading, table))
            there, here = (
                rows.digest(rows.lines(session, table)) for session in (reading, writing)
            )
            if there != here:
                raise NotTheSame(table.name)
            total += here[0]
            say(table.name, here[0])
    return total
