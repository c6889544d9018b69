"""What people write in the forms of a case, and the walks between its milestones."""

from __future__ import annotations

from typing import Any

from processes import meetings
from processes.swedish_calendar import local_date
from tests.processes.paths.walk import DELEGATE, MANAGER, OFFICER, Walk

Answers = dict[str, Any]

ALLOCATION: Answers = {
    "handlaggare": OFFICER, "ansvarig_chef": MANAGER, "beslutsform": "politiskt", "osaker": False,
    "remiss": "nej",
}  # fmt: skip
ON_DELEGATION: Answers = {
    **ALLOCATION, "beslutsform": "delegation", "beslutsvag": [], "delegat": DELEGATE,
    "delegationspunkt": "3.2",
}  # fmt: skip
ONLY_ANSWERED: Answers = {**ALLOCATION, "beslutsform": "besvaras", "beslutsvag": []}
PERSPECTIVES = ("jamstalldhet", "barns_rattigheter", "ekonomi", "miljo", "regional_utveckling")
BASIS: Answers = {
    "syfte_och_bakgrund": "Varför.", "tidigare_beslut": "Inga.", "lagar": "Avstämt.",
    "styrande_dokument": "Avstämt.", "konsekvenser": "Små.", "statistik": "Behövs inte.",
    "markta": True, **dict.fromkeys(PERSPECTIVES, "ingen"),
    **{f"{one}_text": "Därför att beslutet är litet." for one in PERSPECTIVES},
}  # fmt: skip
MEMORANDUM: Answers = {
    "rubrik": "Bidrag till en förening", "sammanfattning": "Föreningen har sökt bidrag.",
    "beslutsmeningar": [{"mening": "Bidrag beviljas."}, {"mening": "Medel tas ur anslaget."}],
}  # fmt: skip
FINAL_CHECK: Answers = dict.fromkeys(
    ("rubrik_stammer", "datum_stammer", "namn_stammer", "nya_handlingar", "tjansteskrivelse"), True
)


def path(walk: Walk, *organs: str) -> list[dict[str, str]]:
    """Rows for the path: each organ with its first meeting after the one before."""
    rows, after = [], local_date(walk.clock.now())
    with walk.engine.database.reading() as session:
        for organ in organs:
            meeting = meetings.next_meeting(session, organ, submission_from=after)
            assert meeting is not None
            rows.append({"organ": organ, "sammantrade": meeting.id})
            after = meeting.on
    return rows


def allocate(walk: Walk, *organs: str, **more: Any) -> None:
    walk.do("fordela_arende", {**ALLOCATION, "beslutsvag": path(walk, *organs)}, **more)


def plan(walk: Walk, consultations: list[Answers] | None = None) -> None:
    """From allocation to where the basis for decision is written, or until others have answered."""
    walk.do("lagg_upp_tidplan", fordelningsmejl_last=True)
    walk.do("stam_av_med_chef", tidplan_godkand="ja")
    walk.do(
        "valj_avstamningar", underlag="Ansökan.", medarbetare_berors="nej",
        avstamningar=consultations or [],
    )  # fmt: skip


def update_card(walk: Walk) -> None:
    walk.do("uppdatera_arendekort", registrerat=True)


def write(walk: Walk) -> None:
    """The basis, the memorandum and the manager's approval."""
    walk.do("ta_fram_beslutsunderlag", BASIS)
    if walk.case().decision_form == "politiskt":
        walk.do("uppratta_tjansteskrivelse", MEMORANDUM)
    if "avstam_med_presidiet" in walk.open:
        walk.do("avstam_med_presidiet", med="ordforande", synpunkter="Bra.", ledningsgrupp="nej")
    walk.do("godkann_underlag", beslut="godkann")


def prepare(walk: Walk) -> None:
    """From allocation until the case waits for its meeting."""
    plan(walk)
    update_card(walk)
    write(walk)
    walk.do("slutkontroll", FINAL_CHECK)


def excerpt(walk: Walk, *, change: str = "") -> None:
    walk.do("ta_fram_utdrag", utdrag_klart=True, andras=bool(change), andringar=change)


def register_decision(walk: Walk) -> None:
    walk.do("diariefor_beslut", redaktionellt=True)


def dispatch(walk: Walk, *, to_management_system: bool = False) -> None:
    walk.do(
        "underratta_berorda", mottagare=[{"namn": "Föreningen"}],
        till_ledningssystemet=to_management_system,
        vilka="Reglementet." if to_management_system else "",
    )  # fmt: skip


def carry_out(walk: Walk, *, managers: bool = False, actions: list[Answers] | None = None) -> None:
    """What is done at once after the dispatch: published, listed, told."""
    walk.do("publicera", publiceras="nej")
    walk.do("forteckna_atgarder", atgarder=actions or [])
    walk.do("avgor_ledningsmejl", ledningsmejl=managers, text="Beslut." if managers else "")
    if managers:
        walk.do("skicka_ledningsmejl", till=[MANAGER])
    if "for_in_i_ledningssystemet" in walk.open:
        walk.do("for_in_i_ledningssystemet", plats="Stöd, service och samverkan")


def close(walk: Walk) -> None:
    walk.do(
        "kontrollera_och_rensa", diarieforing_kontrollerad=True, andringar_gjorda=True, rensat=True
    )
    walk.do("satt_avslutat", klart=True)


def archive(walk: Walk) -> None:
    walk.do("skilj_ut_handlingar", bevaras="Allt.", papper="nej", leverans="2027-01-15")
    walk.do("ta_emot_i_arkivet", plats="Hylla 3")


def finish(walk: Walk) -> None:
    """From a political body's decision to the archive."""
    excerpt(walk)
    register_decision(walk)
    dispatch(walk)
    carry_out(walk)
    close(walk)
    archive(walk)
