"""Every path through a meeting, from the calendar to legal force (A27–A39, B10–B11)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.errors import Invalid
from processes.agenda import ItemStatus
from processes.cases import CaseStatus
from processes.meetings import MeetingStatus
from processes.meetings.changes import cancel, move
from tests.processes.paths.meeting_steps import (
    CHAIR,
    DIRECTOR,
    OPENING,
    agenda_and_notice,
    hold,
    list_agenda,
    post,
    prepare,
    send_notice,
    write_and_attest,
)
from tests.processes.paths.sitting import SECRETARY, Region

ON = date(2026, 4, 8)  # a Wednesday, nine weeks ahead


def test_a_decided_case_gets_legal_force_when_nobody_has_appealed(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    number = region.case("RS")
    assert region.report(number) == meeting
    prepare(region, meeting)
    assert region.status(number) == CaseStatus.NOTICED
    hold(region, meeting)
    [told] = region.sent("beslut")
    assert (told["dnr"], told["mote_id"], told["utfall"], told["paragraf"]) == (
        number, meeting, "avgjort", 1,
    )  # fmt: skip
    assert region.status(number) == CaseStatus.DECIDED
    write_and_attest(region, meeting)
    assert region.status(number) == CaseStatus.ATTESTED
    post(region)
    last = region.row(meeting).appeal_ends_on
    assert last == date(2026, 5, 4)  # three weeks from 13 April
    region.go_to(last)
    assert region.open_tasks() == []  # the notice stays up the whole day
    region.go_to(last + timedelta(days=1))
    region.complete("ta_ned_anslag")
    region.complete("bekrafta_laga_kraft", kontrollerat="Förvaltningsrätten tillfrågad.")
    assert region.row(meeting).legal_force_on == last
    assert region.sent("laga_kraft") == [
        {"dnr": number, "mote_id": meeting, "laga_kraft": last.isoformat(), "upphavt": False}
    ]
    assert not region.running("sammantrade")


def test_tasks_reach_the_roles_of_the_body_in_time(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    region.report(region.case("RS"))
    region.go_to(region.row(meeting).submission_on + timedelta(days=1))
    assert region.open_tasks() == [("kansliberedning", "regiondirektor@region")]
    assert region.task("kansliberedning").due_at.date() == region.row(meeting).review_on


def test_nothing_opens_before_the_submission_day_is_over(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    region.report(region.case("RS"))
    region.go_to(region.row(meeting).submission_on)
    assert region.open_tasks() == []


def test_a_committee_has_an_officials_review(region: Region) -> None:
    meeting = region.meeting("RUN", ON)
    region.report(region.case("RUN"))
    region.go_to(region.row(meeting).submission_on + timedelta(days=1))
    assert [element for element, _who in region.open_tasks()] == ["tjanstemannaberedning"]


def test_a_meeting_without_cases_needs_no_review_and_ends_with_its_notice(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    prepare(region, meeting)
    hold(region, meeting)
    write_and_attest(region, meeting)
    post(region)
    assert region.sent("beslut") == []
    assert not region.running("sammantrade")


def test_the_review_sends_a_case_back_for_rework_and_it_returns(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    number = region.case("RS")
    region.report(number)
    region.go_to(region.row(meeting).submission_on + timedelta(days=1))
    rows = region.rows("kansliberedning", resultat="storre", kommentar="Kostnaden saknas.")
    region.complete("kansliberedning", DIRECTOR, arenden=rows)
    [told] = region.sent("beslut")
    assert (told["utfall"], told["motivering"]) == ("omarbetning", "Kostnaden saknas.")
    assert region.report(number) == meeting  # not late: the meeting itself asked for it
    assert region.item(meeting, number).status == ItemStatus.READY
    agenda_and_notice(region, meeting)
    hold(region, meeting)
    assert [told["utfall"] for told in region.sent("beslut")] == ["omarbetning", "avgjort"]


def test_small_changes_are_the_secretarys(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    region.report(region.case("RS"))
    region.go_to(region.row(meeting).submission_on + timedelta(days=1))
    rows = region.rows("kansliberedning", resultat="mindre", kommentar="Rubriken.")
    region.complete("kansliberedning", DIRECTOR, arenden=rows)
    rows = region.rows("justera_efter_beredning", gjort=True)
    assert rows[0]["andring"] == "Rubriken."
    region.complete("justera_efter_beredning", arenden=rows)
    list_agenda(region)
    rows = region.rows("presidieberedning", resultat="mindre", kommentar="Punkt 2.")
    region.complete("presidieberedning", CHAIR, arenden=rows)
    region.complete(
        "justera_efter_presidiet", arenden=region.rows("justera_efter_presidiet", gjort=True)
    )
    send_notice(region, meeting)
    assert region.sent("beslut") == []


@pytest.mark.parametrize(("said", "outcome"), [("andra", "omarbetning"), ("skjut_upp", "flyttas")])
def test_the_presidium_sends_a_case_back_or_puts_it_off(
    region: Region, said: str, outcome: str
) -> None:
    meeting = region.meeting("RS", ON)
    later = region.meeting("RS", ON + timedelta(weeks=6))
    number = region.case("RS")
    region.report(number)
    region.go_to(region.row(meeting).submission_on + timedelta(days=1))
    rows = region.rows("kansliberedning", resultat="ok")
    region.complete("kansliberedning", DIRECTOR, arenden=rows)
    list_agenda(region)
    rows = region.rows("presidieberedning", resultat=said, kommentar="Inte färdigt.")
    region.complete("presidieberedning", CHAIR, arenden=rows)
    assert [told["utfall"] for told in region.sent("beslut")] == [outcome]
    assert region.report(number) == (meeting if said == "andra" else later)


def test_a_late_case_is_taken_up_when_all_agree(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    number = region.case("RS")
    region.plan(number, meeting)
    prepare(region, meeting)
    assert region.report(number) == meeting
    rows = region.rows("sena_arenden", val="ta_med")
    with pytest.raises(Invalid) as refused:
        region.complete("sena_arenden", arenden=rows)
    assert [error.field for error in refused.value.errors] == ["arenden.0.skal"]
    region.complete("sena_arenden", arenden=[{**rows[0], "skal": "Avtalet löper ut."}])
    region.go_to(ON)
    region.complete("oppna_sammantrade", **OPENING, extra_arenden="alla_overens")
    rows = region.rows("registrera_beslut", utfall="avgjort", beslut="Ja.")
    assert [row["dnr"] for row in rows] == [number]


def test_an_extra_case_is_moved_when_somebody_objects(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    number = region.case("RS")
    region.plan(number, meeting)
    prepare(region, meeting)
    region.report(number)
    rows = region.rows("sena_arenden", val="ta_med", skal="Brådskar.")
    region.complete("sena_arenden", arenden=rows)
    region.go_to(ON)
    with pytest.raises(Invalid, match="överens"):
        region.complete("oppna_sammantrade", **OPENING, extra_arenden="inga")
    region.complete("oppna_sammantrade", **OPENING, extra_arenden="nej")
    region.complete("registrera_beslut", arenden=[])
    assert [told["utfall"] for told in region.sent("beslut")] == ["flyttas"]


def test_a_late_case_is_moved_to_the_next_meeting(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    later = region.meeting("RS", ON + timedelta(weeks=6))
    number = region.case("RS")
    region.plan(number, meeting)
    prepare(region, meeting)
    region.report(number)
    region.complete("sena_arenden", arenden=region.rows("sena_arenden", val="flytta"))
    assert [told["utfall"] for told in region.sent("beslut")] == ["flyttas"]
    assert region.report(number) == later
    assert region.item(later, number).status == ItemStatus.READY


def test_several_late_cases_are_decided_in_one_go(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    numbers = [region.case("RS"), region.case("RS")]
    prepare(region, meeting)
    for number in numbers:
        region.plan(number, meeting)
        region.report(number)
    rows = region.rows("sena_arenden", val="flytta")
    assert [row["dnr"] for row in rows] == numbers
    region.complete("sena_arenden", arenden=rows)
    assert region.open_tasks() == [("oppna_sammantrade", "sekreterare@RS")]


def test_the_meeting_is_not_opened_over_an_undecided_late_case(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    number = region.case("RS")
    region.plan(number, meeting)
    prepare(region, meeting)
    region.report(number)
    region.go_to(ON)
    with pytest.raises(Invalid, match="sent"):
        region.complete("oppna_sammantrade", **OPENING)


@pytest.mark.parametrize(
    ("outcome", "more"),
    [
        ("avgjort", {}),
        ("aterremiss", {"motivering": "Underlaget räcker inte.", "genom": "majoritet"}),
        ("bordlaggning", {"genom": "majoritet"}),
        ("utgar", {"motivering": "Frågan har fallit."}),
    ],
)
def test_each_outcome_reaches_the_case(region: Region, outcome: str, more: dict[str, str]) -> None:
    meeting = region.meeting("RS", ON)
    number = region.case("RS")
    region.report(number)
    prepare(region, meeting)
    hold(region, meeting, utfall=outcome, **more)
    assert [told["utfall"] for told in region.sent("beslut")] == [outcome]


def test_a_proposal_to_the_next_body_can_not_be_appealed(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    number = region.case("RS", "RF")
    region.report(number)
    prepare(region, meeting)
    region.go_to(ON)
    region.complete("oppna_sammantrade", **OPENING)
    rows = region.rows("registrera_beslut", beslut="RF antar reglerna.")
    assert rows[0]["utfall"] == "vidare"
    region.complete("registrera_beslut", arenden=rows)
    write_and_attest(region, meeting)
    post(region)
    assert not region.running("sammantrade")
    assert region.row(meeting).legal_force_on is None


def test_a_case_can_not_stop_before_the_last_body_of_its_path(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    region.report(region.case("RS", "RF"))
    prepare(region, meeting)
    with pytest.raises(Invalid, match="beslutsvägen"):
        hold(region, meeting, utfall="avgjort")


def test_a_tabled_case_goes_to_the_next_meeting_as_it_is(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    later = region.meeting("RS", ON + timedelta(weeks=2))
    number = region.case("RS")
    region.report(number)
    prepare(region, meeting)
    hold(region, meeting, utfall="bordlaggning", genom="majoritet")
    assert region.report(number) == later  # its submission day is past, and that is no matter
    assert region.item(later, number).status == ItemStatus.READY


def test_in_the_assembly_a_third_may_refer_a_case_back(region: Region) -> None:
    meeting = region.meeting("RF", ON)
    number = region.case("RF")
    region.report(number)
    prepare(region, meeting)
    back = {"utfall": "aterremiss", "motivering": "Mer underlag.", "genom": "minoritet"}
    with pytest.raises(Invalid, match="tredjedel"):
        hold(region, meeting, **back, begart_av=4)
    rows = region.rows("registrera_beslut", **back, begart_av=5)
    region.complete("registrera_beslut", arenden=rows)
    assert [told["utfall"] for told in region.sent("beslut")] == ["aterremiss"]


def test_referral_back_must_be_motivated(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    region.report(region.case("RS"))
    prepare(region, meeting)
    with pytest.raises(Invalid) as refused:
        hold(region, meeting, utfall="aterremiss")
    fields = {error.field for error in refused.value.errors}
    assert fields == {"arenden.0.motivering", "arenden.0.genom"}


def test_without_a_quorum_every_case_is_moved(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    later = region.meeting("RS", ON + timedelta(weeks=6))
    number = region.case("RS")
    region.report(number)
    prepare(region, meeting)
    region.go_to(ON)
    region.complete("oppna_sammantrade", **{**OPENING, "tjanstgorande": 7})
    assert region.row(meeting).status == MeetingStatus.CANCELLED
    assert [told["utfall"] for told in region.sent("beslut")] == ["flyttas"]
    assert region.report(number) == later
    assert region.row(later).status == MeetingStatus.PLANNED


def test_a_late_notice_needs_its_reason(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    region.report(region.case("RS"))
    region.go_to(region.row(meeting).submission_on + timedelta(days=1))
    region.complete(
        "kansliberedning", DIRECTOR, arenden=region.rows("kansliberedning", resultat="ok")
    )
    list_agenda(region)
    rows = region.rows("presidieberedning", resultat="godkann")
    region.complete("presidieberedning", CHAIR, arenden=rows)
    late = region.row(meeting).notice_on + timedelta(days=1)
    region.go_to(late)
    with pytest.raises(Invalid) as refused:
        region.complete("utfarda_kallelse")
    assert [error.field for error in refused.value.errors] == ["sen_orsak"]
    region.complete("utfarda_kallelse", sen_orsak="Handlingarna kom sent.")
    assert region.row(meeting).notice_sent_on == late


def test_the_assembly_is_announced_a_week_before(region: Region) -> None:
    meeting = region.meeting("RF", ON)
    region.go_to(region.row(meeting).submission_on + timedelta(days=1))
    list_agenda(region)
    region.complete("presidieberedning", CHAIR, arenden=[])
    sent = region.row(meeting).notice_on
    region.go_to(ON - timedelta(days=1))
    with pytest.raises(Invalid) as refused:
        region.complete("utfarda_kallelse", utfardad=sent.isoformat(), tillkannagiven=None)
    assert [error.field for error in refused.value.errors] == ["tillkannagiven"]
    announced = {"utfardad": sent.isoformat(), "tillkannagiven": "2026-04-07"}
    with pytest.raises(Invalid) as refused:
        region.complete("utfarda_kallelse", **announced)
    assert [error.field for error in refused.value.errors] == ["sen_orsak"]
    region.complete("utfarda_kallelse", **announced, sen_orsak="Anslagstavlan låg nere.")
    assert region.row(meeting).notice_sent_on == sent


def test_a_paragraph_attested_at_once_has_its_own_appeal_time(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    number = region.case("RS")
    region.report(number)
    prepare(region, meeting)
    hold(region, meeting, omedelbart=True)
    region.complete_each("justera_omedelbart", bekraftelse=True)
    region.complete("ansla_omedelbart")
    write_and_attest(region, meeting)
    post(region)
    item = region.item(meeting, number)
    assert (item.attested_on, item.posted_on, item.appeal_ends_on) == (ON, ON, date(2026, 4, 29))
    assert region.row(meeting).appeal_ends_on == date(2026, 5, 4)


def test_attesters_who_differ_hand_over_to_the_next_meeting(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    region.report(region.case("RS"))
    prepare(region, meeting)
    hold(region, meeting)
    write_and_attest(region, meeting, utfall="overlamnas", skiljaktig_mening="§ 1 är fel.")
    region.go_to(date(2026, 5, 6))
    region.complete("justera_vid_nasta", justerat="2026-05-06", paragraf="§ 40")
    assert region.row(meeting).attested_on == date(2026, 5, 6)
    post(region)


def test_attesters_are_reminded_two_days_before_their_time_is_out(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    region.report(region.case("RS"))
    prepare(region, meeting)
    hold(region, meeting)
    contents = ["tjanstgorande", "arenden", "yrkanden", "beslut", "reservationer"]
    region.complete("uppratta_protokoll", innehall=contents, dokument_klara=True)
    region.go_to(date(2026, 4, 21))
    # The chair, the attester and the secretary.
    assert region.letters() == ["Protokoll att justera: Regionstyrelsen"] * 3
    region.complete_each("justera_protokoll", utfall="justerat")
    assert [element for element, _who in region.open_tasks()] == ["ansla_protokoll"]


def test_a_notice_posted_late_needs_its_reason(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    region.report(region.case("RS"))
    prepare(region, meeting)
    hold(region, meeting)
    write_and_attest(region, meeting)
    region.go_to(date(2026, 4, 17))
    with pytest.raises(Invalid, match="andra dagen"):
        post(region)
    region.complete("ansla_protokoll", finns="Regionens hus", sen_orsak="Driftstopp.")


def test_the_court_settles_appealed_decisions_one_by_one(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    numbers = [region.case("RS"), region.case("RS")]
    for number in numbers:
        region.report(number)
    prepare(region, meeting)
    hold(region, meeting)
    write_and_attest(region, meeting)
    post(region)
    region.go_to(date(2026, 5, 5))
    region.complete("ta_ned_anslag")
    rows = region.rows("bekrafta_laga_kraft", overklagat=True)
    region.complete("bekrafta_laga_kraft", arenden=rows, kontrollerat="Underrättelse kom.")
    with pytest.raises(Invalid, match="minst ett"):
        region.complete("folj_overklagande")
    region.go_to(date(2026, 9, 1))
    for number in numbers:
        first, *others = region.rows("folj_overklagande")
        settled = {**first, "utgang": "avslag", "avgorande": "2026-08-20"}
        region.complete("folj_overklagande", arenden=[settled, *others])
        assert region.sent("laga_kraft")[-1]["dnr"] == number
    assert not region.running("sammantrade")


@pytest.mark.parametrize("avgorande", ["2026-05-03", "2026-05-06"])
def test_the_court_has_not_settled_before_the_time_is_over_nor_ahead_of_today(
    region: Region, avgorande: str
) -> None:
    meeting = region.meeting("RS", ON)
    region.report(region.case("RS"))
    prepare(region, meeting)
    hold(region, meeting)
    write_and_attest(region, meeting)
    post(region)
    region.go_to(date(2026, 5, 5))
    region.complete("ta_ned_anslag")
    rows = region.rows("bekrafta_laga_kraft", overklagat=True)
    region.complete("bekrafta_laga_kraft", arenden=rows, kontrollerat="Underrättelse kom.")
    rows = region.rows("folj_overklagande", utgang="avslag", avgorande=avgorande)
    with pytest.raises(Invalid) as refused:
        region.complete("folj_overklagande", arenden=rows)
    assert [error.field for error in refused.value.errors] == ["arenden.0.avgorande"]


def test_an_appealed_decision_waits_for_the_court(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    quiet, appealed = region.case("RS"), region.case("RS")
    region.report(quiet)
    region.report(appealed)
    prepare(region, meeting)
    hold(region, meeting)
    write_and_attest(region, meeting)
    post(region)
    region.go_to(date(2026, 5, 5))
    region.complete("ta_ned_anslag")
    rows = region.rows("bekrafta_laga_kraft")
    rows[1]["overklagat"] = True
    region.complete("bekrafta_laga_kraft", arenden=rows, kontrollerat="Underrättelse kom.")
    assert [told["dnr"] for told in region.sent("laga_kraft")] == [quiet], "it waits for no court"
    rows = region.rows("folj_overklagande", utgang="upphavt", avgorande="2026-05-04")
    assert [row["dnr"] for row in rows] == [appealed]
    region.complete("folj_overklagande", arenden=rows)
    told = {one["dnr"]: one["upphavt"] for one in region.sent("laga_kraft")}
    assert told == {quiet: False, appealed: True}
    assert not region.running("sammantrade")


def test_a_moved_meeting_moves_its_timers(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    number = region.case("RS")
    region.report(number)
    before = region.row(meeting).submission_on
    later = ON + timedelta(weeks=2)
    region.do(
        lambda session: move(
            session, region.engine, meeting, later, actor=SECRETARY, reason="Krock med RF"
        )
    )
    region.go_to(before + timedelta(days=1))
    assert region.open_tasks() == []
    region.go_to(region.row(meeting).submission_on + timedelta(days=1))
    assert region.open_tasks() == [("kansliberedning", "regiondirektor@region")]


def test_a_meeting_moved_nearer_opens_its_tasks_at_once(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    region.report(region.case("RS"))
    near = date(2026, 2, 18)
    region.do(
        lambda session: move(
            session, region.engine, meeting, near, actor=SECRETARY, reason="Måste ske nu"
        )
    )
    assert region.open_tasks() == [("kansliberedning", "regiondirektor@region")]


def test_a_cancelled_meeting_sends_its_cases_to_the_next(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    later = region.meeting("RS", ON + timedelta(weeks=6))
    number = region.case("RS")
    region.report(number)
    prepare(region, meeting)
    region.do(
        lambda session: cancel(
            session, region.engine, meeting, actor=SECRETARY, reason="För få ärenden"
        )
    )
    assert region.sent("mote_installt") == [{"dnr": number, "mote_id": meeting}]
    assert region.open_tasks() == []
    assert region.report(number) == later
    assert region.item(meeting, number).status == ItemStatus.MOVED


def test_a_case_goes_straight_from_a_subcommittee_to_its_board(region: Region) -> None:
    below = region.meeting("UEK", ON - timedelta(weeks=2))
    board = region.meeting("RS", ON)
    number = region.case("UEK", "RS")
    region.report(number)
    prepare(region, below)
    hold(region, below, utfall="vidare")
    region.step(number, 1)
    assert region.report(number) == board  # past its submission day, and not late for it
    assert region.item(board, number).status == ItemStatus.READY


def test_what_the_notice_did_not_announce_is_an_extra_item(region: Region) -> None:
    below = region.meeting("UEK", ON - timedelta(days=1))
    board = region.meeting("RS", ON)
    number = region.case("UEK", "RS")
    region.report(number)
    prepare_both(region, below, board)
    with region.only(below):
        hold(region, below, utfall="vidare")
    region.step(number, 1)
    region.report(number)
    assert region.item(board, number).extra


def test_what_is_reworked_past_the_notice_is_an_extra_item(region: Region) -> None:
    """KL 5:52: handed in after the submission day, but not late: the notice says nothing of it."""
    meeting = region.meeting("RS", ON)
    number = region.case("RS")
    region.report(number)
    region.go_to(region.row(meeting).submission_on + timedelta(days=1))
    rows = region.rows("kansliberedning", resultat="ok")
    region.complete("kansliberedning", DIRECTOR, arenden=rows)
    list_agenda(region)
    rows = region.rows("presidieberedning", resultat="andra", kommentar="Kostnaden saknas.")
    region.complete("presidieberedning", CHAIR, arenden=rows)
    send_notice(region, meeting)
    region.go_to(ON - timedelta(days=5))
    assert region.report(number) == meeting
    assert region.item(meeting, number).extra
    region.go_to(ON)
    with pytest.raises(Invalid, match="överens"):
        region.complete("oppna_sammantrade", **OPENING, extra_arenden="inga")


def prepare_both(region: Region, below: str, board: str) -> None:
    """The subcommittee's notice and the board's are out before the subcommittee meets."""
    region.go_to(region.row(board).submission_on + timedelta(days=1))
    for meeting in (below, board):
        with region.only(meeting):
            if "tjanstemannaberedning" in region.elements():
                rows = region.rows("tjanstemannaberedning", resultat="ok")
                region.complete("tjanstemannaberedning", DIRECTOR, arenden=rows)
            list_agenda(region)
            rows = region.rows("presidieberedning", resultat="godkann")
            region.complete("presidieberedning", CHAIR, arenden=rows)
    region.go_to(ON - timedelta(days=7))
    for meeting in (below, board):
        with region.only(meeting):
            region.complete("utfarda_kallelse", sen_orsak="Påskveckan.")
