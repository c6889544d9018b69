"""Operations that tell people something: the letter is queued with the change it tells of."""

from __future__ import annotations

from collections.abc import Iterable

from engine import tasks
from engine.host import OperationCall
from engine.tables import Task
from processes import deadline_table, facts, letters, mail
from processes import role_resolution as roles
from processes.mail import Letter
from processes.operations.case import case_of, record_of
from processes.operations.consultation import asked, public_url
from processes.operations.registry import Operations
from processes.swedish_calendar import local_date

operations = Operations()


@operations.inside("mejla_fordelare", "Mejla fördelaren om ett nytt ärende")
def tell_allocator(call: OperationCall) -> None:
    """A9."""
    today = local_date(call.now)
    by = deadline_table.day_of("fordelning", {}, start=today)
    letter = letters.to_allocate(case_of(call), allocate_by=by, public_url=public_url(call))
    _tell(call, _holders(call, "Fördelare"), letter)


@operations.inside("paminn_fordelare", "Påminn fördelaren")
def remind_allocator(call: OperationCall) -> None:
    _remind(call, "fordela_arende")


@operations.inside("mejla_handlaggare", "Mejla handläggaren om fördelningen")
def tell_officer(call: OperationCall) -> None:
    """A14, with the facts that chapter 4 lists; co-officers get their own letter."""
    case, url = case_of(call), public_url(call)
    if case.case_officer:
        letter = letters.allocated(call.session, case, public_url=url)
        _tell(call, [case.case_officer], letter)
    _tell(call, case.co_officers, letters.co_officer(call.session, case, public_url=url))


@operations.inside("mejla_sekreterare", "Mejla sekreteraren att ärendet är klart")
def tell_secretary(call: OperationCall) -> None:
    """A26."""
    letter = letters.ready(call.session, case_of(call), public_url=public_url(call))
    _tell(call, _holders(call, "Sekreterare"), letter)


@operations.inside("mejla_installt", "Mejla att sammanträdet är inställt")
def tell_cancelled(call: OperationCall) -> None:
    case = case_of(call)
    letter = letters.meeting_cancelled(call.session, case, public_url=public_url(call))
    _tell(call, [case.case_officer] if case.case_officer else [], letter)


@operations.inside("mejla_andrat", "Mejla sekreteraren att ändringarna är gjorda")
def tell_changed(call: OperationCall) -> None:
    """A44: what the organ wanted changed in its documents is done."""
    comment = call.answers.get("kommentar") or ""
    letter = letters.changed(case_of(call), comment, public_url=public_url(call))
    _tell(call, _holders(call, "Sekreterare"), letter)


@operations.inside("paminn_om_svar", "Påminn om svaret")
def remind_asked(call: OperationCall) -> None:
    """The one asked, and the case officer who waits."""
    one, case = asked(call), case_of(call)
    one.reminded_at = call.now
    letter = letters.consultation_late(case, one, public_url=public_url(call))
    _tell(call, {one.user_id, case.case_officer} - {None}, letter)


@operations.inside("paminn_registrator", "Påminn registrator")
def remind_registrar(call: OperationCall) -> None:
    _remind(call, "registrera_handling")


@operations.inside("mejla_diariefort", "Mejla att handlingen är diarieförd")
def tell_registered(call: OperationCall) -> None:
    record, case = record_of(call), case_of(call)
    letter = letters.registered(case, record, public_url=public_url(call))
    _tell(call, [record.created_by], letter)


@operations.inside("mejla_ledningsmejl", "Skicka ledningsmejlet")
def send_to_managers(call: OperationCall) -> None:
    """A42b."""
    case = case_of(call)
    letter = letters.to_managers(case, call.answers["text"], public_url=public_url(call))
    _tell(call, call.answers["till"], letter)


def _tell(call: OperationCall, user_ids: Iterable[str | None], letter: Letter) -> None:
    for user_id in dict.fromkeys(user_ids):
        if user_id:
            mail.tell(call.session, call.engine, user_id, letter)


def _holders(call: OperationCall, role: str) -> list[str]:
    found = roles.holders(call.session, role, call.scope, local_date(call.now))
    return [user.id for user in found]


def _remind(call: OperationCall, element: str) -> None:
    """Whoever has taken the task, else all who could."""
    case = facts.case_of(call.session, call.scope)
    task = _open_task(call, element)
    if case is None or task is None:
        return
    letter = letters.reminder(case, task, now=call.now, public_url=public_url(call))
    _tell(call, [task.assignee] if task.assignee else _holders(call, task.role), letter)


def _open_task(call: OperationCall, element: str) -> Task | None:
    key = call.scope.business_key or ""
    found = [task for task in tasks.of_business_key(call.session, key) if task.element == element]
    return found[-1] if found else None
