"""The case card: everything a colleague asks on the phone is on its first screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from engine import deployments, instances
from engine.tables import Instance
from processes import access, accounts, case_card, cases
from processes.case_card import CaseCard
from processes.cases import PhaseState
from web import dates, transactions
from web.cases import NUMBER, blueprint, number_of, words
from web.cases.walked import walked
from web.current import engine
from web.permissions import Permission, permission
from web.reader import reader
from web.texts import gettext as _

FIRST_SENTENCES = 8


@dataclass(frozen=True, kw_only=True)
class Picture:
    key: str
    name: str
    data: dict[str, Any]


@blueprint.get(NUMBER)
@permission(Permission.STAFF)
def show(registry: str, seq: int, year: int) -> str:
    session = transactions.reading()
    wanted = number_of(registry, seq, year)
    card = case_card.card(session, reader(), cases.resolve(session, wanted) or wanted)
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
        steps=walked(session, card.instance) if card.instance else [],
        pictures=_pictures(session, card.instance),
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
            "when": dates.day(phase.reached_on)
            if phase.reached_on
            else _("till %(day)s", day=dates.day(phase.until_on))
            if phase.until_on
            else "",
        }
        for phase in card.phases
    ]


def _stops(card: CaseCard) -> list[dict[str, Any]]:
    return [
        {
            "organ": stop.organ,
            "day": dates.day(stop.on) if stop.on else _("ingen dag än"),
            "hint": _("underlag inne %(day)s", day=dates.day(stop.submission_on))
            if stop.submission_on
            else "",
            "next": stop.state == "next",
        }
        for stop in card.path
    ]


def _pictures(session: Session, instance: Instance | None) -> list[Picture]:
    """The case's own diagram, then the called ones where something is going on now."""
    if instance is None:
        return []
    version = deployments.get(session, instance.process_version_id)
    specs = engine().specs_of(session, version.id)
    states = instances.element_states(session, instance.id)
    busy = [key for (key, _element), state in states.items() if state != "done"]
    keys = dict.fromkeys([instance.process_key, *busy])
    return [
        Picture(
            key=key,
            name=specs.process_names.get(key, key),
            data={
                "xml": deployments.bpmn_of(version, key),
                "states": {
                    element: str(state) for (at, element), state in states.items() if at == key
                },
            },
        )
        for key in keys
    ]


def _name(session: Session, user_id: str | None) -> str:
    return accounts.names(session, [user_id]).get(user_id, user_id) if user_id else ""
