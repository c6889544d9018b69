"""Operations after the decision (A42–A46): dispatched, followed up, cleared, closed, archived."""

from __future__ import annotations

from engine.errors import Invalid
from engine.host import OperationCall
from engine.texts import gettext as _
from processes import access, case_events, cases, letters, mail, organisation
from processes.case_events import CaseEvent
from processes.cases import CaseStatus
from processes.casework import Step
from processes.operations.case import advance, case_of, keep
from processes.operations.consultation import public_url
from processes.operations.registry import Operations
from processes.swedish_calendar import local_date

operations = Operations()

SECRETARY = "Sekreterare"


@operations.inside("spara_expediering", "Sätt ärendet som expedierat")
def save_dispatch(call: OperationCall) -> None:
    """A42: does not wait for legal force (KL 13:14)."""
    keep(call, Step.DISPATCH)
    advance(call, CaseStatus.DISPATCHED)


@operations.inside("spara_publicering", "Spara vad som är publicerat")
def save_publication(call: OperationCall) -> None:
    keep(call, Step.PUBLICATION)


@operations.inside("spara_atgarder", "Förteckna beslut som kräver åtgärd")
def save_actions(call: OperationCall) -> dict[str, object]:
    """A43: the list may be empty, the diagram reads it all the same."""
    keep(call, Step.ACTIONS)
    return {"atgarder": call.answers.get("atgarder") or []}


@operations.inside("spara_uppfoljning", "Spara uppföljningen")
def save_follow_up(call: OperationCall) -> None:
    """A43: the organ that wants to know is told through its secretary."""
    action = call.scope.data["atgard"]
    keep(call, Step.FOLLOW_UP, {**action, **call.answers})
    if organ_code := action.get("aterrapporteras_till"):
        letter = letters.followed_up(
            case_of(call), action["vad"], call.answers["resultat"], public_url=public_url(call)
        )
        code = organisation.nearest_holding(call.session, SECRETARY, organ_code)
        for user in organisation.holders(call.session, SECRETARY, code, local_date(call.now)):
            mail.tell(call.session, call.engine, user.id, letter)


@operations.inside("spara_nytt_arende", "Koppla det nya ärendet")
def save_new_case(call: OperationCall) -> dict[str, str]:
    """A3b: a follow-up raised cases of their own; the history of each tells of the other."""
    here = case_of(call).number
    asked = [part.strip() for part in call.answers["nummer"].split(",") if part.strip()]
    numbers = list(dict.fromkeys(_visible_number(call, each) for each in asked))
    if not numbers or here in numbers:
        raise Invalid.field("nummer", _("Skriv numret på det nya ärendet."))
    keep(call, Step.NEW_CASE, {"nummer": numbers})
    for number in numbers:
        _note(call, here, CaseEvent.RAISED, number)
        _note(call, number, CaseEvent.RAISED_BY, here)
    return {"nummer": ", ".join(numbers)}


def _visible_number(call: OperationCall, asked: str) -> str:
    """A case hidden from the one who writes is not there: nobody is to try numbers here."""
    reader = access.reader(call.session, call.actor.id, call.now)
    try:
        return access.case(call.session, reader, asked).number
    except cases.CaseNotFound as error:
        text = _("Det finns inget ärende %(number)s. Registrera det först.", number=asked)
        raise Invalid.field("nummer", text) from error


def _note(call: OperationCall, number: str, kind: CaseEvent, other: str) -> None:
    case_events.note(call.session, call.engine, number, kind, call.actor, case=other)


@operations.inside("spara_rensning", "Spara kontroll och rensning")
def save_clearing(call: OperationCall) -> None:
    keep(call, Step.CLEARING)


@operations.inside("satt_avslutat", "Sätt ärendet som avslutat")
def close(call: OperationCall) -> None:
    advance(call, CaseStatus.CLOSED)


@operations.inside("spara_gallring", "Spara vad som bevaras och gallras")
def save_sorting(call: OperationCall) -> None:
    keep(call, Step.SORTING)


@operations.inside("arkivera", "Sätt ärendet som arkiverat")
def archive(call: OperationCall) -> None:
    keep(call, Step.ARCHIVE)
    advance(call, CaseStatus.ARCHIVED)
