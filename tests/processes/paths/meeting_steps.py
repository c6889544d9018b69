"""The ordinary way through a meeting, in the stretches that its tests begin or end with."""

from __future__ import annotations

from datetime import timedelta

from engine.host import Actor
from tests.processes.paths.sitting import Region

DIRECTOR = Actor(id="regiondirektor")
CHAIR = Actor(id="ordforande_rs")
OPENING = {
    "ledamoter": 15,
    "tjanstgorande": 15,
    "justeras": "2026-12-31",
    "faststalld": True,
}


def prepare(region: Region, meeting: str) -> None:
    """From the submission day to the notice, everything approved."""
    region.go_to(region.row(meeting).submission_on + timedelta(days=1))
    for review in {"kansliberedning", "tjanstemannaberedning"} & set(region.elements()):
        region.complete(review, DIRECTOR, arenden=region.rows(review, resultat="ok"))
    agenda_and_notice(region, meeting)


def agenda_and_notice(region: Region, meeting: str) -> None:
    list_agenda(region)
    rows = region.rows("presidieberedning", resultat="godkann")
    region.complete("presidieberedning", CHAIR, arenden=rows)
    send_notice(region, meeting)


def list_agenda(region: Region) -> None:
    region.complete("forteckna_anmalningar")
    region.complete("uppratta_arendelista", preliminar_kallelse=True)


def send_notice(region: Region, meeting: str) -> None:
    sent = region.row(meeting).notice_on
    region.go_to(sent)
    announced = (
        {"tillkannagiven": sent.isoformat()} if region.row(meeting).organ_code == "RF" else {}
    )
    region.complete("utfarda_kallelse", utfardad=sent.isoformat(), **announced)


def hold(region: Region, meeting: str, **row: object) -> None:
    """Open the meeting and record the same outcome for every case."""
    region.go_to(region.row(meeting).on)
    region.complete("oppna_sammantrade", **OPENING)
    answers = {"utfall": "avgjort", "beslut": "1. Reglerna antas.", **row}
    region.complete("registrera_beslut", arenden=region.rows("registrera_beslut", **answers))


def write_and_attest(region: Region, meeting: str, **answers: object) -> None:
    contents = ["tjanstgorande", "arenden", "yrkanden", "beslut", "reservationer"]
    on = region.row(meeting).on + timedelta(days=5)
    region.go_to(on)
    region.complete("uppratta_protokoll", innehall=contents, dokument_klara=True)
    region.complete_each("justera_protokoll", **{"utfall": "justerat", **answers})


def post(region: Region) -> None:
    region.complete("ansla_protokoll", finns="Regionens hus")
