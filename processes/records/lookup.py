"""Reading records and their files."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.fetching import locked
from engine.texts import gettext as _
from processes.records.tables import Record, RecordCorrection, RecordFile


class RecordNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__(_("Handlingen finns inte."))


class FileNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__(_("Filen finns inte."))


def get(session: Session, record_id: str, *, lock: bool = False) -> Record:
    record = locked(session, Record, record_id) if lock else session.get(Record, record_id)
    if record is None:
        raise RecordNotFound
    return record


def get_file(session: Session, file_id: str) -> RecordFile:
    found = session.get(RecordFile, file_id)
    if found is None:
        raise FileNotFound
    return found


def of_case(session: Session, case_number: str, *, newest_first: bool = True) -> list[Record]:
    """Every record of a case, annulled and secret ones included; see `access.records`."""
    order = (Record.dated_on, Record.created_at, Record.id)
    statement = sa.select(Record).where(Record.case_number == case_number)
    return list(
        session.scalars(
            statement.order_by(*(column.desc() for column in order))
            if newest_first
            else statement.order_by(*order)
        )
    )


def files(session: Session, record_ids: Iterable[str]) -> dict[str, list[RecordFile]]:
    """The files of each record, older versions last; one question for all of them."""
    found: dict[str, list[RecordFile]] = {record_id: [] for record_id in record_ids}
    statement = (
        sa.select(RecordFile)
        .where(RecordFile.record_id.in_(found))
        .order_by(RecordFile.replaced_at.is_not(None), RecordFile.added_at.desc(), RecordFile.name)
    )
    for file in session.scalars(statement):
        found[file.record_id].append(file)
    return found


def corrections(session: Session, record_id: str) -> list[RecordCorrection]:
    statement = (
        sa.select(RecordCorrection)
        .where(RecordCorrection.record_id == record_id)
        .order_by(RecordCorrection.at, RecordCorrection.field)
    )
    return list(session.scalars(statement))
