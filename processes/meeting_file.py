"""The meeting calendar as a file: TOML for people, CSV for what comes out of a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from engine.engine import Engine
from engine.host import SYSTEM, Actor
from engine.texts import gettext as _
from engine.texts import untranslated
from processes import meetings, organisation
from processes.meetings import Meeting, MeetingKind, NewMeeting
from processes.swedish_calendar import LOCAL
from processes.toml_tables import Faults, Key, Row, check_tables, document, rows

TABLE = "sammantrade"
KINDS = {
    "ordinarie": MeetingKind.ORDINARY,
    "extra": MeetingKind.EXTRA,
    "gemensam dag": MeetingKind.JOINT_DAY,
}
KEYS = {
    "organ": Key(name="organ_code", required=True),
    "datum": Key(name="on", kind=date, required=True),
    "sista_dag": Key(name="last_day_on", kind=date),
    "sista_inlamningsdag": Key(name="submission_on", kind=date),
    "klockslag": Key(name="meets_at"),
    "plats": Key(name="place", default=""),
    "slag": Key(name="kind", words=KINDS, default=MeetingKind.ORDINARY),
}


@dataclass(kw_only=True)
class ImportedMeetings:
    created: int = 0
    changed: int = 0
    unchanged: int = 0


def load(session: Session, engine: Engine, text: str, *, actor: Actor = SYSTEM) -> ImportedMeetings:
    """Put the file's meetings in the calendar; Invalid, with every fault, changes nothing.

    What the calendar has already is recognised by body and day, and keeps its process.
    """
    done = ImportedMeetings()
    for new in read(session, text):
        found = meetings.on_day(session, new.organ_code, new.on)
        if found is None:
            meetings.create(session, engine, new, actor=actor)
            done.created += 1
        elif new.submission_on not in (None, found.submission_on):
            _change_submission(session, engine, found, new, actor)
            done.changed += 1
        else:
            done.unchanged += 1
    return done


def read(session: Session, text: str) -> list[NewMeeting]:
    """The file's meetings in order of day, checked."""
    faults = Faults()
    content = document(text) if f"[[{TABLE}]]" in text or "=" in text else _from_csv(text, faults)
    check_tables(content, (TABLE,), faults)
    found = rows(content, TABLE, KEYS, "organ", faults)
    faults.refuse()
    seen: dict[tuple[str, date], str] = {}
    for row in found:
        _check(session, row, seen, faults)
    faults.refuse()
    return sorted((_new(row) for row in found), key=lambda new: (new.on, new.organ_code))


def as_toml(rows: Iterable[Meeting]) -> str:
    parts = []
    for meeting in rows:
        lines = [
            f"{key} = {value}" if key in _DAYS else f'{key} = "{_escaped(value)}"'
            for key, value in _written(meeting).items()
            if value
        ]
        parts.append("\n".join([f"[[{TABLE}]]", *lines]))
    return "\n\n".join(parts) + "\n"


def as_csv(rows: Iterable[Meeting]) -> str:
    """With semicolons, as a Swedish spreadsheet expects."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(KEYS), delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(_written(meeting) for meeting in rows)
    return out.getvalue()


def example(session: Session, on: date) -> str:
    """Some of the meetings to come, as CSV: reading them in again changes nothing."""
    ahead = meetings.between(session, on, on + timedelta(days=365))[:3]
    if ahead:
        return as_csv(ahead)
    made_up = [organisation.board(session).code, f"{on.year + 1}-03-10", "", "", "09:00", "", ""]
    return "\n".join([";".join(KEYS), ";".join(made_up), ""])


_BEYOND = "\0"  # where the reader puts what has no heading
_DAYS = ("datum", "sista_dag", "sista_inlamningsdag")


def _written(meeting: Meeting) -> dict[str, str]:
    kinds = {kind: word for word, kind in KINDS.items()}
    return {
        "organ": meeting.organ_code,
        "datum": meeting.on.isoformat(),
        "sista_dag": meeting.last_day_on.isoformat(),
        "sista_inlamningsdag": meeting.submission_on.isoformat(),
        "klockslag": meeting.starts_at.astimezone(LOCAL).strftime("%H:%M"),
        "plats": meeting.place,
        "slag": kinds[MeetingKind(meeting.kind)],
    }


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _from_csv(text: str, faults: Faults) -> dict[str, Any]:
    lines = text.lstrip("\ufeff").splitlines()
    delimiter = ";" if lines and ";" in lines[0] else ","
    reader = csv.DictReader(lines, delimiter=delimiter, restkey=_BEYOND)
    found = []
    try:
        for number, line in enumerate(reader, start=2):
            if _BEYOND in line:
                faults.add(_("rad %(line)d", line=number), _("Raden har för många kolumner."))
                continue
            row: dict[str, Any] = {}
            for key, value in line.items():
                name = key.strip().lower()
                row[name] = _cell(name, (value or "").strip(), number, faults)
            found.append(row)
    except csv.Error:  # a field without an end
        faults.add(_("rad %(line)d", line=len(found) + 2), _("Raden går inte att läsa."))
    return {TABLE: found}


def _cell(name: str, value: str, number: int, faults: Faults) -> Any:
    if name not in _DAYS or not value:
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        faults.add(_("rad %(line)d", line=number), _("”%(key)s” ska vara 2026-01-01.", key=name))
        return None


def _check(session: Session, row: Row, seen: dict[tuple[str, date], str], faults: Faults) -> None:
    if row["meets_at"] is not None and _time(row["meets_at"]) is None:
        faults.add(row.place, _("”klockslag” skrivs som 09:00."))
        return
    new = _new(row)
    place = seen.setdefault((new.organ_code, new.on), row.place)
    if place != row.place:
        faults.add(row.place, _("Finns redan: %(other)s.", other=place))
    found = meetings.on_day(session, new.organ_code, new.on)
    for error in meetings.faults(session, new, meeting_id=found.id if found else None):
        faults.add(row.place, error.message)


def _new(row: Row) -> NewMeeting:
    meets_at = _time(row["meets_at"]) if row["meets_at"] else None
    return NewMeeting(**{**row.values, "meets_at": meets_at})


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text.replace(".", ":"))
    except ValueError:
        return None


def _change_submission(
    session: Session, engine: Engine, meeting: Meeting, new: NewMeeting, actor: Actor
) -> None:
    assert new.submission_on is not None
    meetings.set_submission(
        session,
        engine,
        meeting.id,
        new.submission_on,
        actor=actor,
        reason=untranslated("Sammanträdeskalendern lästes in på nytt."),
    )
