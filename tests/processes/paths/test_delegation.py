"""Every path of a decision on delegation (B1–B11)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from engine import history, instances
from engine.errors import Invalid
from engine.host import SYSTEM, Actor
from processes import case_dates, cases, delegation, records
from processes.case_events import CaseEvent
from processes.cases import CaseStatus
from processes.delegation import DelegatedDecision
from processes.meetings.changes import cancel
from tests.processes.paths.sitting import SECRETARY, Region, template
from tests.processes.paths.stand_ins import PREPARATION

DIAGRAMS = (
    "beslut_pa_delegation",
    "anmal_delegationsbeslut",
    "sammantrade",
    "forbered_mote",
    "efterarbete_mote",
    "laga_kraft_mote",
    "meddela_arenden",
)
OFFICER = Actor(id="handlaggare_1")
REGISTRAR = Actor(id="registrator_rs")
CHAIR = Actor(id="ordforande_rs")
DELEGATE = Actor(id="delegat")
AUTHORITY = {"slag": "inkop", "punkt": "3.2", "undantag": "inget"}
DECISION = {
    "punkt": "3.2",
    "beslut": "Avtalet godkänns.",
    "skal": "Upphandlingen är klar.",
    "overklagande": "laglighetsprovning",
}
SIGNATURE = {"beslut": "undertecknas", "bekraftelse": True}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    stand_in = {"handlaggning.bpmn": PREPARATION}
    return template(tmp_path_factory.mktemp("region"), *DIAGRAMS, extra=stand_in)


@pytest.fixture
def number(region: Region) -> str:
    """A case on its way to a delegate."""
    found = region.case()

    def work(session: Session) -> None:
        cases.get(session, found).decision_form = "delegation"
        instances.start(
            session,
            region.engine,
            "beslut_pa_delegation",
            business_key=found,
            data={"dnr": found},
            actor=SYSTEM,
        )

    region.do(work)
    return found


def decision(region: Region, number: str) -> DelegatedDecision:
    found: DelegatedDecision = region.read(lambda session: delegation.latest(session, number))
    return found


def elements(region: Region) -> list[str]:
    return [element for element, _who in region.open_tasks()]


def draw_up(region: Region, **more: object) -> None:
    """To where the delegate is asked."""
    region.complete("ange_beslutanderatt", OFFICER, **AUTHORITY)
    region.complete("bereda", OFFICER)
    answers = {"delegat": delegate(region), **DECISION, **more}
    region.complete("uppratta_delegationsbeslut", OFFICER, **answers)


def delegate(region: Region, place: int = 0) -> str:
    """Somebody in the region who may be named."""
    return (region.user("regiondirektor"), region.user("kanslichef"))[place]


def sign(region: Region) -> None:
    region.complete("javskontroll", DELEGATE, jav="nej")
    region.complete("underteckna_beslut", DELEGATE, **SIGNATURE)


def send_out(region: Region) -> None:
    """From the signature to the list of what is to be reported."""
    region.complete("sand_beslut", OFFICER, skickat=True)
    region.complete("diariefor_beslut", REGISTRAR)
    region.complete("ge_kopia", OFFICER, lamnad=True)
    region.complete("underratta_berorda", OFFICER, underrattade="Leverantören, per brev.")


def hold_meeting(region: Region, meeting: str, on: date) -> None:
    """A meeting that is only told of decisions."""
    region.go_to(region.row(meeting).submission_on + timedelta(days=1))
    region.complete("forteckna_anmalningar")
    hold_listed(region, meeting, on)


def hold_listed(region: Region, meeting: str, on: date) -> None:
    region.complete("uppratta_arendelista", preliminar_kallelse=True)
    region.complete("presidieberedning", CHAIR)
    region.go_to(region.row(meeting).notice_on)
    region.complete("utfarda_kallelse")
    region.go_to(on)
    region.complete(
        "oppna_sammantrade",
        ledamoter=15, tjanstgorande=15, faststalld=True,
        justeras=(on + timedelta(days=7)).isoformat(),
    )  # fmt: skip
    region.complete("registrera_beslut")


def test_a_signed_decision_is_registered_told_and_reported_to_the_next_meeting(
    region: Region, number: str
) -> None:
    draw_up(region)
    assert region.open_tasks() == [("javskontroll", delegate(region))]
    sign(region)
    assert region.status(number) == CaseStatus.DECIDED
    send_out(region)
    assert region.status(number) == CaseStatus.DISPATCHED
    [record] = region.read(lambda session: records.of_case(session, number))
    assert (record.kind, record.seq) == ("delegationsbeslut", 1)
    region.complete("delegationslista", anmals="ja")
    assert elements(region) == []
    on = date(2026, 4, 8)
    meeting = region.meeting("RS", on)
    hold_meeting(region, meeting, on)
    kept = decision(region, number)
    assert (kept.reported_meeting_id, kept.reported_on, kept.item_number) == (meeting, on, 1)
    assert not region.running("beslut_pa_delegation")


def test_the_case_tells_when_the_body_was_told(region: Region, number: str) -> None:
    draw_up(region)
    sign(region)
    send_out(region)
    region.complete("delegationslista", anmals="ja")
    on = date(2026, 4, 8)
    hold_meeting(region, region.meeting("RS", on), on)
    case = region.read(lambda session: cases.get(session, number))
    dates = region.read(lambda session: case_dates.important(session, case, []))
    assert ("Anmält till RS", on) in [(one.label, one.on) for one in dates]
    [told] = region.read(
        lambda session: history.of_business_key(session, number, {CaseEvent.REPORTED})
    )
    assert (told.actor, told.detail) == (SECRETARY.id, {"to": "RS", "item_number": "§ 1"})


def test_legal_force_runs_from_the_notice_of_the_minutes_it_was_reported_in(
    region: Region, number: str
) -> None:
    draw_up(region)
    sign(region)
    send_out(region)
    region.complete("delegationslista", anmals="ja")
    on = date(2026, 4, 8)
    meeting = region.meeting("RS", on)
    hold_meeting(region, meeting, on)
    contents = ["tjanstgorande", "arenden", "yrkanden", "beslut", "reservationer"]
    region.complete("uppratta_protokoll", innehall=contents, dokument_klara=True)
    region.complete_each("justera_protokoll", utfall="justerat")
    region.complete("ansla_protokoll", finns="Regionens hus")
    region.go_to(date(2026, 4, 30))
    region.complete("ta_ned_anslag")
    region.complete("bekrafta_laga_kraft", kontrollerat="Ja.")
    assert decision(region, number).legal_force_on == date(2026, 4, 29)
    assert [told["dnr"] for told in region.sent("laga_kraft")] == [number]


def test_a_reply_to_a_referral_is_the_secretarys_to_get_signed_and_send(
    region: Region, number: str
) -> None:
    region.complete("ange_beslutanderatt", OFFICER, **{**AUTHORITY, "slag": "remissvar"})
    region.complete("bereda", OFFICER)
    assert region.defaults("uppratta_delegationsbeslut")["remissvar"] is True
    answers = {"delegat": delegate(region), **DECISION, "overklagande": "ej"}
    region.complete("uppratta_delegationsbeslut", OFFICER, **answers)
    region.complete("javskontroll", DELEGATE, jav="nej")
    assert region.open_tasks() == [("lamna_remissvar", "sekreterare@RS")]
    region.complete("lamna_remissvar", mottagare="Socialdepartementet", kontrollerat=True)
    region.complete("underteckna_beslut", DELEGATE, **SIGNATURE)
    assert region.open_tasks() == [("sand_remissvar", "sekreterare@RS")]
    region.complete("sand_remissvar", skickat=True)
    region.complete("diariefor_beslut", REGISTRAR)
    region.complete("sand_original", kopia=True)
    found = region.read(lambda session: records.of_case(session, number))
    directions = {record.seq: (record.direction, record.recipient) for record in found}
    assert directions == {1: ("drawn_up", ""), 2: ("out", "Socialdepartementet")}
    assert elements(region) == ["delegationslista"]


def test_a_refused_signature_takes_the_case_back_to_preparation(
    region: Region, number: str
) -> None:
    draw_up(region)
    region.complete("javskontroll", DELEGATE, jav="nej")
    region.complete("underteckna_beslut", DELEGATE, beslut="aterfors", kommentar="Räkna om.")
    assert decision(region, number).refused_reason == "Räkna om."
    assert elements(region) == ["bereda"]
    region.complete("bereda", OFFICER)
    answers = {"delegat": delegate(region), **DECISION}
    region.complete("uppratta_delegationsbeslut", OFFICER, **answers)
    sign(region)
    assert elements(region) == ["sand_beslut"]


def test_only_who_may_decide_by_delegation_can_be_made_the_delegate(
    region: Region, number: str
) -> None:
    with pytest.raises(Invalid) as refused:
        draw_up(region, delegat=OFFICER.id)
    assert [error.field for error in refused.value.errors] == ["delegat"]


def test_nobody_signs_without_confirming(region: Region, number: str) -> None:
    draw_up(region)
    region.complete("javskontroll", DELEGATE, jav="nej")
    with pytest.raises(Invalid) as refused:
        region.complete("underteckna_beslut", DELEGATE, beslut="undertecknas")
    assert [error.field for error in refused.value.errors] == ["bekraftelse"]


def test_a_delegate_with_a_conflict_of_interest_gives_way_to_another(
    region: Region, number: str
) -> None:
    draw_up(region)
    region.complete("javskontroll", DELEGATE, jav="ja", grund="Närstående till leverantören.")
    same = {"delegat": delegate(region), **DECISION}
    with pytest.raises(Invalid, match="jävig"):
        region.complete("uppratta_delegationsbeslut", OFFICER, **same)
    other = {"delegat": delegate(region, 1), **DECISION}
    region.complete("uppratta_delegationsbeslut", OFFICER, **other)
    assert region.open_tasks() == [("javskontroll", delegate(region, 1))]


@pytest.mark.parametrize(
    "asked",
    [
        {"undantag": "inriktning"},
        {"undantag": "medborgarforslag"},
        {"punkt": None},
    ],
)
def test_what_may_not_be_delegated_goes_to_a_body(
    region: Region, number: str, asked: dict[str, str | None]
) -> None:
    region.complete("ange_beslutanderatt", OFFICER, **{**AUTHORITY, **asked})
    assert not region.running("beslut_pa_delegation")
    assert region.outcome("beslut_pa_delegation") == "ej_delegerbart"


def test_an_urgent_decision_is_the_chairs_and_must_be_reported(region: Region, number: str) -> None:
    region.complete("ange_beslutanderatt", OFFICER, **{**AUTHORITY, "bradskande": True})
    assert region.open_tasks() == [("bradskande_beslut", "presidium@RS")]
    chair = Actor(id=region.user("presidium_rs"))
    region.complete("bradskande_beslut", chair, kan_inte_vanta="ja", motivering="I morgon.")
    region.complete("bereda", OFFICER)
    assert region.defaults("uppratta_delegationsbeslut")["delegat"] == chair.id
    region.complete("uppratta_delegationsbeslut", OFFICER, **DECISION)
    sign(region)
    send_out(region)
    with pytest.raises(Invalid, match="alltid anmälas"):
        region.complete("delegationslista", anmals="nej", grund="§ 12")
    region.complete("delegationslista", anmals="ja")


def test_what_can_wait_for_the_body_is_not_the_chairs(region: Region, number: str) -> None:
    region.complete("ange_beslutanderatt", OFFICER, **{**AUTHORITY, "bradskande": True})
    region.complete("bradskande_beslut", CHAIR, kan_inte_vanta="nej", motivering="Nej.")
    assert region.outcome("beslut_pa_delegation") == "ej_delegerbart"


def test_a_decision_may_be_talked_over_on_friday_first(region: Region, number: str) -> None:
    draw_up(region, fredagstraff=True)
    assert elements(region) == ["fredagsavstamning"]
    region.complete("fredagsavstamning", OFFICER, synpunkter="Inga.")
    assert elements(region) == ["javskontroll"]


def test_a_type_that_is_not_reported_has_minutes_of_its_own(region: Region, number: str) -> None:
    draw_up(region)
    sign(region)
    send_out(region)
    region.complete("delegationslista", anmals="nej", grund="RS § 12/2025")
    assert region.defaults("protokollfor_sarskilt")["anslaget"] == "2026-02-04"
    with pytest.raises(Invalid, match="anslagstavlan"):
        region.complete("protokollfor_sarskilt", anslaget=None)
    for wrong in ({"protokollfort": "2026-02-03"}, {"anslaget": "2026-02-05"}):
        with pytest.raises(Invalid, match="Dagen kan inte ligga"):
            region.complete("protokollfor_sarskilt", **wrong)
    region.complete("protokollfor_sarskilt")
    kept = decision(region, number)
    assert (kept.is_reported, kept.appeal_ends_on) == (False, date(2026, 2, 25))
    assert kept.legal_force_on is None  # its time has only begun to run
    assert region.outcome("beslut_pa_delegation") == "beslutat"


def test_a_party_who_may_appeal_is_told_how(region: Region, number: str) -> None:
    draw_up(region, overklagande="forvaltningsbesvar")
    sign(region)
    region.complete("sand_beslut", OFFICER, skickat=True)
    region.complete("diariefor_beslut", REGISTRAR)
    region.complete("ge_kopia", OFFICER, lamnad=True)
    with pytest.raises(Invalid, match="FL 33"):
        region.complete("underratta_berorda", OFFICER, underrattade="Sökanden.")
    region.complete("underratta_berorda", OFFICER, underrattade="Sökanden.", hanvisning=True)


def signed_and_listed(region: Region, meeting: str) -> None:
    """The meeting's list is made before the officer's secretary has come to B10."""
    draw_up(region)
    sign(region)
    send_out(region)
    region.go_to(region.row(meeting).submission_on + timedelta(days=1))
    with region.only(meeting):
        region.complete("forteckna_anmalningar")


def test_what_is_not_to_be_reported_leaves_the_list_it_stood_on(
    region: Region, number: str
) -> None:
    on = date(2026, 4, 8)
    meeting = region.meeting("RS", on)
    signed_and_listed(region, meeting)
    assert decision(region, number).listed_meeting_id == meeting
    region.complete("delegationslista", anmals="nej", grund="RS § 12/2025")
    hold_listed(region, meeting, on)
    kept = decision(region, number)
    assert (kept.listed_meeting_id, kept.reported_meeting_id) == (None, None)


def test_what_has_been_reported_can_not_be_left_unreported(region: Region, number: str) -> None:
    on = date(2026, 4, 8)
    meeting = region.meeting("RS", on)
    signed_and_listed(region, meeting)
    hold_listed(region, meeting, on)
    assert decision(region, number).reported_meeting_id == meeting
    with pytest.raises(Invalid, match="redan anmält"):
        region.complete("delegationslista", anmals="nej", grund="RS § 12/2025")


def test_a_second_meetings_list_leaves_the_firsts_alone(region: Region, number: str) -> None:
    first = region.meeting("RS", date(2026, 4, 8))
    second = region.meeting("RS", date(2026, 4, 15))
    signed_and_listed(region, first)
    region.go_to(region.row(second).submission_on + timedelta(days=1))
    with region.only(second):
        assert region.rows("forteckna_anmalningar", "delegationsbeslut") == []
        region.complete("forteckna_anmalningar")
    assert decision(region, number).listed_meeting_id == first


def test_what_a_cancelled_meeting_was_to_be_told_of_goes_on_the_next_list(
    region: Region, number: str
) -> None:
    first = region.meeting("RS", date(2026, 4, 8))
    second = region.meeting("RS", date(2026, 4, 15))
    signed_and_listed(region, first)
    region.do(
        lambda session: cancel(session, region.engine, first, actor=SECRETARY, reason="Få ärenden")
    )
    region.go_to(region.row(second).submission_on + timedelta(days=1))
    with region.only(second):
        region.complete("forteckna_anmalningar")
    assert decision(region, number).listed_meeting_id == second


def test_what_was_signed_while_the_list_was_open_is_not_listed_unseen(
    region: Region, number: str
) -> None:
    meeting = region.meeting("RS", date(2026, 4, 8))
    region.go_to(region.row(meeting).submission_on + timedelta(days=1))
    draw_up(region)
    sign(region)
    region.complete("forteckna_anmalningar", delegationsbeslut=[])
    assert decision(region, number).listed_meeting_id is None


def test_a_decision_left_out_of_one_list_waits_for_the_next(region: Region, number: str) -> None:
    draw_up(region)
    sign(region)
    send_out(region)
    region.complete("delegationslista", anmals="ja")
    meeting = region.meeting("RS", date(2026, 4, 8))
    region.go_to(region.row(meeting).submission_on + timedelta(days=1))
    rows = region.rows("forteckna_anmalningar", "delegationsbeslut", anmals=False)
    assert [row["dnr"] for row in rows] == [number]
    region.complete("forteckna_anmalningar", SECRETARY, delegationsbeslut=rows)
    assert decision(region, number).listed_meeting_id is None
