"""Cases to try: some just registered, others on their way, one ready for its meeting.

Each has come where it is by people doing their tasks, so everything about it is as it would be:
its log, its dates, and what waits in whose inbox. Nothing is late on the first day.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.engine import Engine
from processes.cases import CaseKind
from processes.demo_work import Example, Office, Step, on

OFFICER, OTHER_OFFICER, DELEGATE = "handlaggare_1", "handlaggare_2", "delegat"
CHIEF, OTHER_CHIEF = "kanslichef", "omradeschef"
SMALL = "Beslutet rör få och är litet till omfattningen."
# Heading, summary and proposal of a memorandum.
GRANT = (
    "Bidrag till länets orkesterförening",
    "Föreningen har sökt bidrag för nästa års konserter.",
    "Bidrag beviljas enligt ansökan.",
)
STAFFING = (
    "Plan för sommarens bemanning",
    "Planen visar hur vården bemannas under sommarveckorna.",
    "Planen för sommarens bemanning fastställs.",
)
PERSPECTIVES = ("jamstalldhet", "barns_rattigheter", "ekonomi", "miljo", "regional_utveckling")


def create(engine: Engine) -> None:
    """Let everyone who may log in find something to do, or know what comes next."""
    office = Office(engine)
    for example in _examples(office):
        office.carry_on(example)


def _examples(office: Office) -> Iterator[Example]:
    yield from _to_be_allocated(office)
    yield _asked_about(office)
    yield _planned(office)
    yield _approved_by_chief(office)
    yield _consulted(office)
    yield _to_be_approved(office)
    yield _ready(office)
    yield _to_be_signed(office)
    yield _to_be_registered(office)
    yield _to_be_carried_out(office)
    yield from _answered(office)


def _to_be_allocated(office: Office) -> Iterator[Example]:
    """What came this morning: two to allocate, and one that goes straight to the secretary."""
    yield Example(
        new=on(
            office.today,
            heading="Remiss om kortare väntetider för sjukresor",
            kind=CaseKind.REFERRAL,
            initiator="Socialdepartementet",
        )
    )
    yield Example(
        new=on(
            office.today,
            heading="Motion om fortsatt nattåg till länet",
            kind=CaseKind.MOTION,
            initiator="En ledamot i regionfullmäktige",
        )
    )
    yield Example(
        new=on(
            office.today,
            heading="Interpellation om bemanningen på hälsocentralerna",
            kind=CaseKind.INTERPELLATION,
            initiator="En ledamot i regionfullmäktige",
        )
    )


def _asked_about(office: Office) -> Example:
    """The one who allocates is unsure and asks the chief executive."""
    new = on(
        office.today,
        heading="Skrivelse om sponsring av vinterns skidtävlingar",
        kind=CaseKind.LETTER,
        initiator="En idrottsförening",
    )
    return Example(new=new, steps=[Step(element="fordela_arende", answers={"osaker": True})])


def _planned(office: Office) -> Example:
    """The case officer has it and is to plan the work."""
    new = on(
        office.today,
        heading="Revidering av regler för planering och uppföljning",
        kind=CaseKind.INTERNAL,
    )
    return Example(new=new, steps=[_to_bodies(office, OFFICER, "RS", "RF")])


def _approved_by_chief(office: Office) -> Example:
    """The responsible manager, who is away, is to say what they think of the plan."""
    new = on(office.today, heading="Riktlinjer för resor i tjänsten", kind=CaseKind.INTERNAL)
    return Example(new=new, steps=[_to_bodies(office, OTHER_OFFICER, "RS"), _plan(office)])


def _consulted(office: Office) -> Example:
    """Others are asked: the pensioners' council, and somebody outside."""
    new = on(
        office.today,
        heading="Medborgarförslag om seniorkort i länstrafiken",
        kind=CaseKind.CITIZEN_PROPOSAL,
        initiator="En medborgare",
    )
    asked = [
        {
            "slag": "pensionarsrad",
            "till": "pensionarsradet",
            "fraga": "Vad skulle ett seniorkort betyda för äldres resor?",
            "svar_senast": office.in_days(10),
        },
        {
            "slag": "remiss",
            "mottagare": "Länstrafiken",
            "fraga": "Vad skulle ett seniorkort kosta?",
            "svar_senast": office.in_days(15),
        },
    ]
    steps = [_to_bodies(office, OFFICER, "RS", "RF"), *_until_consultation(office, asked)]
    return Example(new=new, steps=steps)


def _to_be_approved(office: Office) -> Example:
    """Everything is written; a manager who is at work is to approve it."""
    new = on(office.today, heading="Plan för sommarens bemanning", kind=CaseKind.INTERNAL)
    allocated = _to_bodies(office, OFFICER, "RS", ansvarig_chef=OTHER_CHIEF)
    return Example(new=new, steps=[allocated, *_until_approval(office, *STAFFING)])


def _ready(office: Office) -> Example:
    """Everything is written and handed in: it waits for the board's next meeting."""
    new = on(
        office.today,
        heading="Bidrag till länets orkesterförening",
        kind=CaseKind.APPLICATION,
        initiator="Länets orkesterförening",
    )
    return Example(
        new=new,
        steps=[
            _to_bodies(office, OFFICER, "RS"),
            *_until_approval(office, *GRANT),
            Step(element="godkann_underlag", answers={"beslut": "godkann"}),
            _final_check(),
        ],
    )


def _to_be_signed(office: Office) -> Example:
    """A referral answered on delegation: the answer lies ready for the delegate's signature."""
    new = on(
        office.today,
        heading="Remiss om vägnummer och hastigheter i inlandet",
        kind=CaseKind.REFERRAL,
        initiator="Trafikverket",
    )
    sent = {"mottagare": "Trafikverket", "kontrollerat": True}
    return Example(
        new=new,
        steps=[
            *_until_decision(office, kind="remissvar", text="Regionen tillstyrker förslaget."),
            Step(element="lamna_remissvar", answers=sent),
        ],
    )


def _to_be_registered(office: Office) -> Example:
    """A decision made this morning, that the registrar is to register."""
    new = on(
        office.today,
        heading="Avtal om lokaler för kulturskolans samverkan",
        kind=CaseKind.AGREEMENT,
        initiator="En kommun",
    )
    return Example(new=new, steps=_until_registration(office, "avtal", "Avtalet godkänns."))


def _to_be_carried_out(office: Office) -> Example:
    """A decision that is registered and told, and is now to be made known and followed."""
    new = on(
        office.today,
        heading="Rutin för inköp av förbrukningsmaterial",
        kind=CaseKind.INTERNAL,
    )
    told = {"underrattade": "Regionens inköpare, per e-post."}
    return Example(
        new=new,
        steps=[
            *_until_registration(office, "inkop", "Rutinen fastställs."),
            Step(element="diariefor_beslut"),
            Step(element="ge_kopia", answers={"lamnad": True}),
            Step(element="underratta_berorda", answers=told),
            Step(element="delegationslista", answers={"anmals": "nej", "grund": "RS § 12/2025"}),
            Step(element="protokollfor_sarskilt", answers={"anslaget": office.today.isoformat()}),
        ],
    )


def _answered(office: Office) -> Iterator[Example]:
    """Questions that nobody decides on: one to answer, one to close, one for the archive."""
    closed = Step(element="satt_avslutat", answers={"klart": True})
    examples: dict[str, list[Step]] = {
        "Fråga om ansökningstider för folkhögskolor": [],
        "Fråga om färdtjänst över länsgränsen": [_answer(), _weeded()],
        "Fråga om handlingar från tidigare landsting": [
            _answer(),
            _weeded(),
            closed,
            _sorted_out(office),
        ],
    }
    for heading, steps in examples.items():
        new = on(
            office.today,
            heading=heading,
            kind=CaseKind.QUESTION_FROM_OUTSIDE,
            initiator="En medborgare",
        )
        yield Example(new=new, steps=[_allocated(OTHER_OFFICER, "besvaras"), *steps])


# --- steps


def _allocated(officer: str, form: str, **more: Any) -> Step:
    answers = {
        "handlaggare": officer,
        "ansvarig_chef": CHIEF,
        "beslutsform": form,
        "beslutsvag": [],
        "osaker": False,
        "remiss": "nej",
        **more,
    }
    return Step(element="fordela_arende", answers=answers)


def _to_bodies(office: Office, officer: str, *organs: str, **more: Any) -> Step:
    return _allocated(officer, "politiskt", beslutsvag=office.path(*organs), **more)


def _plan(office: Office) -> Step:
    parts = [
        {"vad": "Beslutsunderlag", "klart": office.in_days(8)},
        {"vad": "Tjänsteskrivelse", "klart": office.in_days(10)},
    ]
    return Step(element="lagg_upp_tidplan", answers={"fordelningsmejl_last": True, "delar": parts})


def _until_consultation(office: Office, asked: list[dict[str, str]]) -> list[Step]:
    material = {
        "underlag": "Tidigare beslut och det som kom in.",
        "medarbetare_berors": "nej",
        "avstamningar": asked,
    }
    return [
        _plan(office),
        Step(element="stam_av_med_chef", answers={"tidplan_godkand": "ja"}),
        Step(element="valj_avstamningar", answers=material),
    ]


def _until_approval(office: Office, heading: str, summary: str, proposal: str) -> list[Step]:
    return [
        *_until_consultation(office, []),
        Step(element="uppdatera_arendekort", answers={"registrerat": True}),
        _basis(),
        _memorandum(heading, summary, proposal),
    ]


def _basis() -> Step:
    answers = {
        "syfte_och_bakgrund": "Ärendet behöver ett beslut.",
        "tidigare_beslut": "Inga.",
        "lagar": "Förslaget är förenligt med kommunallagen.",
        "styrande_dokument": "Förslaget följer regionplanen.",
        "konsekvenser": "Verksamheten kan fortsätta som hittills.",
        "statistik": "Behövs inte.",
        "markta": True,
        **dict.fromkeys(PERSPECTIVES, "ingen"),
        **{f"{one}_text": SMALL for one in PERSPECTIVES},
    }
    return Step(element="ta_fram_beslutsunderlag", answers=answers)


def _memorandum(heading: str, summary: str, proposal: str) -> Step:
    answers = {
        "rubrik": heading,
        "sammanfattning": summary,
        "beslutsmeningar": [{"mening": proposal}],
    }
    return Step(element="uppratta_tjansteskrivelse", answers=answers)


def _final_check() -> Step:
    checks = (
        "rubrik_stammer", "datum_stammer", "namn_stammer", "nya_handlingar", "tjansteskrivelse"
    )  # fmt: skip
    return Step(element="slutkontroll", answers=dict.fromkeys(checks, True))


def _until_decision(office: Office, *, kind: str, text: str) -> list[Step]:
    """From allocation to where the delegate has nothing left but to sign."""
    decision = {
        "delegat": DELEGATE,
        "punkt": "3.2",
        "beslut": text,
        "skal": "Underlaget är berett med dem som berörs.",
        "overklagande": "ej" if kind == "remissvar" else "laglighetsprovning",
        "remissvar": kind == "remissvar",
    }
    return [
        _allocated(OTHER_OFFICER, "delegation", delegat=DELEGATE, delegationspunkt="3.2"),
        Step(
            element="ange_beslutanderatt",
            answers={"slag": kind, "punkt": "3.2", "undantag": "inget"},
        ),
        *_until_consultation(office, []),
        Step(element="uppdatera_arendekort", answers={"registrerat": True}),
        _basis(),
        Step(element="godkann_underlag", answers={"beslut": "godkann"}),
        Step(element="uppratta_delegationsbeslut", answers=decision),
        Step(element="javskontroll", answers={"jav": "nej"}),
    ]


def _until_registration(office: Office, kind: str, text: str) -> list[Step]:
    signed = {"beslut": "undertecknas", "bekraftelse": True}
    return [
        *_until_decision(office, kind=kind, text=text),
        Step(element="underteckna_beslut", answers=signed),
        Step(element="sand_beslut", answers={"skickat": True}),
    ]


def _answer() -> Step:
    answers = {"svar": "Frågan är besvarad med hänvisning.", "sant_med": "e-post", "skickat": True}
    return Step(element="besvara_fragan", answers=answers)


def _weeded() -> Step:
    checks = ("diarieforing_kontrollerad", "andringar_gjorda", "rensat")
    return Step(element="kontrollera_och_rensa", answers=dict.fromkeys(checks, True))


def _sorted_out(office: Office) -> Step:
    answers = {"bevaras": "Frågan och svaret.", "papper": "nej", "leverans": office.in_days(20)}
    return Step(element="skilj_ut_handlingar", answers=answers)
