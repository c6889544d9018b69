"""What can be chosen in a form field with `x-source`: people, bodies, meetings, records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from engine.errors import EngineError
from engine.host import Option, Scope
from engine.texts import gettext as _
from processes import accounts, case_list, facts, meetings, organisation, records
from processes import role_resolution as roles
from processes.cases import DecisionForm
from processes.deadline_words import day_and_month, short_day
from processes.organisation import REGION
from processes.suggestions import ALWAYS_BODY
from processes.swedish_calendar import local_date

CALENDAR = timedelta(days=550)  # how far ahead a meeting can be chosen


@dataclass(frozen=True, kw_only=True)
class _Asked:
    session: Session
    scope: Scope
    today: date


def options(session: Session, source: str, scope: Scope, now: datetime) -> Sequence[Option]:
    """Raises EngineError for a source that there isn't."""
    if source not in SOURCES:
        raise EngineError(_("Det finns inga val som heter ”%(source)s”.", source=source))
    return SOURCES[source](_Asked(session=session, scope=scope, today=local_date(now)))


def _everyone(asked: _Asked) -> list[Option]:
    return [
        Option(value=user.id, label=user.name, hint=user.department)
        for user in accounts.everyone(asked.session, active_only=True)
    ]


def _holding(role: str) -> Callable[[_Asked], list[Option]]:
    """Those who may be named as this in a case, with their department."""

    def found(asked: _Asked) -> list[Option]:
        held = organisation.holders(asked.session, role, REGION, asked.today)
        return [Option(value=user.id, label=user.name, hint=user.department) for user in held]

    return found


def _deciding(asked: _Asked) -> list[Option]:
    """Those who may decide by delegation, and who has taken the decision on (KL 6:39)."""
    found = _holding("Delegat")(asked)
    case = facts.case_of(asked.session, asked.scope)
    taken_on = case.delegate if case else None
    if taken_on and taken_on not in {option.value for option in found}:
        found.append(Option(value=taken_on, label=accounts.get(asked.session, taken_on).name))
    return found


def _holding_here(role: str) -> Callable[[_Asked], list[Option]]:
    """Those who hold it in the organ that the case or the meeting is about."""

    def found(asked: _Asked) -> list[Option]:
        held = roles.holders(asked.session, role, asked.scope, asked.today)
        return [Option(value=user.id, label=user.name, hint=user.department) for user in held]

    return found


def _officers(asked: _Asked) -> list[Option]:
    """With how much each has already: allocation is to see it (chapter 4)."""
    held = organisation.holders(asked.session, "Handläggare", REGION, asked.today)
    running = case_list.running_by_officer(asked.session, [user.id for user in held])
    return [
        Option(
            value=user.id,
            label=user.name,
            hint=" · ".join(
                part
                for part in (
                    user.department,
                    _running(running.get(user.id, 0)),
                )
                if part
            ),
        )
        for user in held
    ]


def _running(count: int) -> str:
    if count == 1:
        return _("1 pågående ärende")
    return _("%(count)s pågående ärenden", count=count)


def _decision_forms(asked: _Asked) -> list[Option]:
    """Who may decide: only a body, where the law leaves nothing else (KL 6:38; chapter 2)."""
    hint = _("Motioner, medborgarförslag och val beslutas alltid av fullmäktige.")
    body = Option(value=DecisionForm.BODY, label=_("Ett politiskt organ"), hint=hint)
    case = facts.case_of(asked.session, asked.scope)
    if case is not None and case.kind in ALWAYS_BODY:
        return [body]
    delegate = _("En tjänsteman eller förtroendevald på delegation")
    nobody = _("Ingen, frågan ska bara besvaras")
    return [
        body,
        Option(value=DecisionForm.DELEGATION, label=delegate),
        Option(value=DecisionForm.ANSWER_ONLY, label=nobody),
    ]


def _organs(asked: _Asked) -> list[Option]:
    return [
        Option(value=organ.code, label=organ.name, hint=organ.code)
        for organ in organisation.organs(asked.session, asked.today)
    ]


def _meetings(asked: _Asked) -> list[Option]:
    """Planned meetings that decide, the body first so that a list of many can be searched."""
    ahead = meetings.between(asked.session, asked.today, asked.today + CALENDAR)
    ahead.sort(key=lambda meeting: (meeting.organ_code, meeting.on))
    # Short enough for the field of a narrow screen.
    last_day = _("inne %(day)s")
    return [
        Option(
            value=meeting.id,
            label=f"{meeting.organ_code} {short_day(meeting.on)}",
            hint=last_day % {"day": day_and_month(meeting.submission_on)},
            group=meeting.organ_code,
        )
        for meeting in ahead
        if meeting.decides
    ]


def _records(asked: _Asked) -> list[Option]:
    case = facts.case_of(asked.session, asked.scope)
    if case is None:
        return []
    return [
        Option(value=record.id, label=record.subject, hint=short_day(record.dated_on))
        for record in records.of_case(asked.session, case.number, newest_first=False)
        if record.annulled_at is None
    ]


def _roles(asked: _Asked) -> list[Option]:
    return [Option(value=role.slug, label=role.name) for role in organisation.roles(asked.session)]


def _registries(asked: _Asked) -> list[Option]:
    found = organisation.registries(asked.session, asked.today)
    return [Option(value=one.code, label=one.name, hint=one.code) for one in found]


SOURCES: Mapping[str, Callable[[_Asked], list[Option]]] = {
    "personer": _everyone,
    "handlaggare": _officers,
    "medhandlaggare": _holding("Medhandläggare"),
    "chefer": _holding("Ansvarig chef"),
    "delegater": _holding("Delegat"),
    "beslutande": _deciding,
    "samrad": _holding("Samråd"),
    "presidiet": _holding_here("Presidium"),
    "justerare": _holding_here("Justerare"),
    "beslutsformer": _decision_forms,
    "organ": _organs,
    "organ_vag": _organs,
    "sammantraden": _meetings,
    "handlingar": _records,
    "roller": _roles,
    "diarier": _registries,
}
