"""The decision path of a case, and what the law demands of it (KL 5:26–28)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from engine.engine import Engine
from engine.errors import FieldError, Invalid
from engine.host import Actor
from engine.texts import gettext as _
from processes import organisation
from processes.case_events import CaseEvent, note
from processes.cases import people
from processes.cases.lookup import get
from processes.cases.tables import Case, CaseKind
from processes.organisation import Organ, OrganKind
from processes.swedish_calendar import local_date

# Decided by the assembly without preparation (KL 5:29–33, 5:59–64).
UNPREPARED = frozenset({CaseKind.INTERPELLATION, CaseKind.QUESTION, CaseKind.ELECTION})
PREPARING = frozenset({OrganKind.BOARD, OrganKind.COMMITTEE, OrganKind.DRAFTING})


def check_path(
    session: Session, path: Sequence[str], *, kind: str | None = None, on: date | None = None
) -> list[str]:
    """What is wrong with a path, each in one Swedish sentence; [] when nothing is."""
    if not path:
        return [_("Ange minst ett organ som ska besluta.")]
    organs, wrong = _known(session, path, on)
    if len(set(path)) < len(path):
        wrong.append(_("Samma organ står två gånger i beslutsvägen."))
    if wrong:
        return wrong
    return [*_subcommittee_faults(organs), *_assembly_faults(organs, kind)]


def complete_path(
    session: Session, path: Sequence[str], *, kind: str | None = None, on: date | None = None
) -> list[str]:
    """The path with the organs the law demands put in where they belong."""
    organs, wrong = _known(session, path, on)
    if wrong:
        raise Invalid([FieldError(field="path", message=text) for text in wrong])
    complete: list[str] = []
    for organ in organs:
        if organ.kind == OrganKind.ASSEMBLY and kind not in UNPREPARED:
            _end_with_board(session, complete, on)
        if organ.code not in complete:
            complete.append(organ.code)
        following = path[list(path).index(organ.code) + 1 :]
        if organ.kind == OrganKind.SUBCOMMITTEE and organ.superior_code not in following:
            complete.append(str(organ.superior_code))
    return complete


def set_path(
    session: Session, engine: Engine, number: str, path: Sequence[str], *, actor: Actor
) -> Case:
    """Give the case another path; the organ that treats it now keeps its place if it is on it."""
    case = get(session, number, lock=True)
    before, current, now = list(case.path), case.organ, engine.clock.now()
    if faults := check_path(session, path, kind=case.kind, on=local_date(now)):
        raise Invalid([FieldError(field="path", message=text) for text in faults])
    if before == list(path):
        return case
    case.path = list(path)
    case.step = case.path.index(current) if current in case.path else 0
    people.add_secretaries(session, case, now=now, actor=actor)
    note(
        session, engine, case.number, CaseEvent.PATH_CHANGED, actor, before=before, after=case.path
    )
    return case


def move_on(session: Session, engine: Engine, number: str, *, actor: Actor) -> str | None:
    """On to the next organ (A45); None when the last one has had the case."""
    case = get(session, number)
    following = case.next_organ
    if following is not None:
        before = case.organ
        case.step += 1
        note(
            session, engine, case.number, CaseEvent.MOVED_ON, actor, before=before, after=following
        )
    return following


def _known(session: Session, path: Sequence[str], on: date | None) -> tuple[list[Organ], list[str]]:
    organs, wrong = [], []
    for code in path:
        organ = organisation.organ(session, code, on=on)
        if organ is None:
            wrong.append(_("Det finns inget organ som heter %(code)s.", code=code))
        else:
            organs.append(organ)
    return organs, wrong


def _subcommittee_faults(organs: list[Organ]) -> list[str]:
    """A subcommittee's case goes straight to its board or committee (chapter 7.1)."""
    return [
        _(
            "%(organ)s bereder åt %(superior)s, som måste komma efter i beslutsvägen.",
            organ=organ.code,
            superior=organ.superior_code,
        )
        for index, organ in enumerate(organs)
        if organ.kind == OrganKind.SUBCOMMITTEE
        and organ.superior_code not in [later.code for later in organs[index + 1 :]]
    ]


def _assembly_faults(organs: list[Organ], kind: str | None) -> list[str]:
    places = [i for i, organ in enumerate(organs) if organ.kind == OrganKind.ASSEMBLY]
    if not places:
        return []
    place = places[0]
    assembly, before = organs[place].code, [organ.kind for organ in organs[:place]]
    faults = []
    if place < len(organs) - 1:
        faults.append(_("%(organ)s beslutar sist: inget organ kommer efter.", organ=assembly))
    if kind in UNPREPARED:
        return faults
    if not PREPARING.intersection(before):
        faults.append(
            _(
                "Ärendet måste beredas av en nämnd eller en fullmäktigeberedning innan "
                "%(organ)s beslutar (KL 5 kap. 26 §).",
                organ=assembly,
            )
        )
    if not before or before[-1] != OrganKind.BOARD:
        faults.append(
            _(
                "Styrelsen ska alltid få yttra sig innan %(organ)s beslutar (KL 5 kap. 28 §). "
                "Sätt styrelsen närmast före.",
                organ=assembly,
            )
        )
    return faults


def _end_with_board(session: Session, complete: list[str], on: date | None) -> None:
    board = organisation.board(session, on=on)
    if board.code in complete:  # its view comes after everybody else's preparation
        complete.remove(board.code)
    complete.append(board.code)
