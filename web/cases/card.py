"""The case card: everything a colleague asks on the phone is on its first screen."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from processes import access, accounts, case_card
from processes.case_card import CaseCard
from processes.case_dates import PathStop, StopState
from processes.cases import Phase, PhaseState
from web import dates, pictures, transactions
from web.cases import NUMBER, blueprint, number_of, words
from web.cases.walked import state_words, walked
from web.permissions import Permission, permission
from web.reader import reader
from web.subjects import meeting_address
from web.texts import gettext as _

FIRST_SENTENCES = 8
DECISION = 4  # its place on the line of phases


@blueprint.get(NUMBER)
@permission(Permission.STAFF)
def show(registry: str, seq: int, year: int) -> str:
    session = transactions.reading()
    card = case_card.card(session, reader(), number_of(registry, seq, year))
    everything = bool(request.args.get("historia"))
    return render_template(
        "cases/card.html",
        title=f"{card.case.number} {card.case.heading}",
        crumbs=[(_("Ärenden"), url_for("cases.index")), (card.case.number, "")],
        card=card,
        case=card.case,
        tone=words.tone(card.case.status),
        kind=words.kinds().get(card.case.kind, card.case.kind),
        phases=_phases(card),
        stops=_stops(card),
        awaited=_awaited(card),
        steps=walked(session, card),
        step_words=state_words(),
        pictures=pictures.of_instance(session, card.instance) if card.instance else [],
        reviewer=_name(session, card.case.secrecy_reviewed_by),
        history=card.history if everything else card.history[:FIRST_SENTENCES],
        hidden_sentences=0 if everything else max(0, len(card.history) - FIRST_SENTENCES),
        here=request.path,
        is_registrar=card.case.registry_code in reader().registries,
        works_here=access.works_in(session, reader(), card.case),
    )


def _phases(card: CaseCard) -> list[dict[str, str]]:
    states = {PhaseState.DONE: "done", PhaseState.NOW: "now"}
    return [
        {
            "words": phase.name,
            "state": states.get(phase.state, ""),
            "when": _when(card, index, phase),
        }
        for index, phase in enumerate(card.phases)
    ]


def _when(card: CaseCard, index: int, phase: Phase) -> str:
    """The day it happened; of what goes on or comes, the day it is to be over."""
    if phase.state is PhaseState.SKIPPED:
        return _("hoppades över")
    if index == DECISION and card.case.decided_on and phase.state is PhaseState.DONE:
        return dates.day(card.case.decided_on)
    if index == DECISION and phase.state is PhaseState.NOW and (awaited := _awaited(card)):
        return awaited
    if phase.until_on and phase.state is not PhaseState.DONE:
        return _("till %(day)s", day=dates.day(phase.until_on))
    if index == DECISION and phase.state is PhaseState.LATER:
        return _span([stop.on for stop in card.path if stop.on])
    return dates.day(phase.reached_on)


def _awaited(card: CaseCard) -> str:
    """The meeting that the case waits for when nobody has anything to do in it: RS ons 27 jan."""
    if card.case.closed_at or card.case.withdrawn_at:
        return ""
    stop = next((each for each in card.path if each.state is StopState.NEXT and each.on), None)
    return f"{stop.organ} {dates.day(stop.on)}" if stop else ""


def _span(days: list[date]) -> str:
    """12 mar – 21 apr"""
    if not days:
        return ""
    first, last = dates.day(min(days)), dates.day(max(days))
    return first if first == last else f"{first} – {last}"


def _stops(card: CaseCard) -> list[dict[str, Any]]:
    return [
        {
            "organ": stop.organ,
            "day": dates.day(stop.on) if stop.on else _("ingen dag än"),
            "hint": _hint(stop),
            "next": stop.state is StopState.NEXT,
            "address": meeting_address(stop.meeting_id) if stop.meeting_id else "",
        }
        for stop in card.path
    ]


def _hint(stop: PathStop) -> str:
    """What came of it, else what comes before it."""
    if stop.outcome in (said := words.outcomes()):
        return said[stop.outcome]
    if not stop.submission_on:
        return ""
    return _("underlag inne %(day)s", day=dates.day(stop.submission_on))


def _name(session: Session, user_id: str | None) -> str:
    return accounts.names(session, [user_id]).get(user_id, user_id) if user_id else ""
