"""Operations after the decision (A42–A46): dispatched, followed up, cleared, closed, archived."""

from __future__ import annotations

from engine.host import OperationCall
from processes.cases import CaseStatus
from processes.casework import Step
from processes.operations.case import advance, keep
from processes.operations.registry import Operations

operations = Operations()


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
    keep(call, Step.FOLLOW_UP, {**call.scope.data["atgard"], **call.answers})


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
