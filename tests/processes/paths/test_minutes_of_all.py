"""What several people do to one meeting's minutes, and what the law lets a few demand of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engine.errors import Invalid
from engine.host import Actor
from engine.tables import new_id
from processes import access, cases, delegation, meetings, minutes
from processes.cases import CaseKind
from processes.delegation import LEGALITY_REVIEW, DelegatedDecision
from processes.meeting_facts import MeetingFacts
from tests.processes.paths.meeting_steps import (
    OPENING,
    hold,
    list_agenda,
    post,
    prepare,
    write_and_attest,
)
from tests.processes.paths.sitting import Region

ON = date(2026, 4, 8)
WAITS = {"utfall": "bordlaggning", "genom": "minoritet"}
CONTENTS = ["tjanstgorande", "arenden", "yrkanden", "beslut", "reservationer"]


def held(region: Region, organ: str = "RS", **row: Any) -> tuple[str, str]:
    """A meeting that has decided one case."""
    meeting = region.meeting(organ, ON)
    number = region.case(organ)
    region.report(number)
    prepare(region, meeting)
    hold(region, meeting, **row)
    return meeting, number


def delegated(region: Region, *, urgent: bool = False) -> str:
    """A signed decision on the board's behalf, without the diagram that made it."""
    number = region.case()

    def work(session: Session) -> None:
        session.add(
            DelegatedDecision(
                id=new_id(), case_number=number, delegate="delegat", point="3.2",
                decision="Avtalet godkänns.", appeal=LEGALITY_REVIEW, urgent=urgent,
                report_to="RS", drawn_up_at=region.clock.now(), signed_at=region.clock.now(),
                decided_on=region.clock.now().date(),
            )
        )  # fmt: skip

    region.do(work)
    return number


def test_who_was_there_last_time_is_the_list_one_begins_with(region: Region) -> None:
    before, _number = held(region)
    came = [{"namn": "Ledamot 1", "roll": "ledamot", "satt": "pa_plats"}]

    def keep(session: Session) -> None:
        minutes.of(session, before).attendance = came

    region.do(keep)
    after = region.row(region.meeting("RS", date(2026, 5, 20)))
    assert region.read(lambda session: MeetingFacts(session, after, ON)["narvaro_senast"]) == came
    first = region.row(before)
    assert region.read(lambda session: MeetingFacts(session, first, ON)["narvaro_senast"]) == []


# --- A37


def test_chair_and_attester_attest_each_for_themselves(region: Region) -> None:
    meeting, _number = held(region)
    region.complete("uppratta_protokoll", innehall=CONTENTS, dokument_klara=True)
    waiting = [who for element, who in region.open_tasks() if element == "justera_protokoll"]
    assert sorted(waiting) == ["justerare_rs", "presidium_rs"]
    region.complete_one("justera_protokoll", "presidium_rs", utfall="justerat")
    assert region.row(meeting).attested_on is None, "one of them is not enough"
    region.complete_one("justera_protokoll", "justerare_rs", utfall="justerat")
    assert region.row(meeting).attested_on == ON
    kept = region.read(lambda session: minutes.of(session, meeting))
    assert kept.attested_by == "Ordförande RS, Justerare RS"
    assert region.elements() == ["ansla_protokoll"]


def test_nobody_attests_in_anothers_name_but_who_stands_in_for_them(region: Region) -> None:
    """KL 5:69: also when the task was laid on somebody else."""
    meeting, _number = held(region)
    region.complete("uppratta_protokoll", innehall=CONTENTS, dokument_klara=True)
    [task] = [one for one in region.tasks("justera_protokoll") if one.assignee == "presidium_rs"]
    for other in (Actor(id="justerare_rs"), Actor(id="delegat", on_behalf_of="justerare_rs")):
        with pytest.raises(Invalid, match="Bara Ordförande RS själv"):
            region.complete_task(task, other, utfall="justerat")
    substitute = Actor(id="delegat", on_behalf_of="presidium_rs")
    region.complete_task(task, substitute, utfall="justerat")
    region.complete_one("justera_protokoll", "justerare_rs", utfall="justerat")
    assert region.row(meeting).attested_on == ON


def test_nobody_attests_at_once_in_anothers_name(region: Region) -> None:
    held(region, omedelbart=True)
    [task] = [one for one in region.tasks("justera_omedelbart") if one.assignee == "presidium_rs"]
    with pytest.raises(Invalid, match="Bara Ordförande RS själv"):
        region.complete_task(task, Actor(id="justerare_rs"), bekraftelse=True)


def test_a_differing_view_stands_in_the_minutes_with_its_name(region: Region) -> None:
    meeting, _number = held(region)
    region.complete("uppratta_protokoll", innehall=CONTENTS, dokument_klara=True)
    view = {"utfall": "skiljaktig", "skiljaktig_mening": "§ 1: beloppet är fel."}
    region.complete_one("justera_protokoll", "justerare_rs", **view)
    region.complete_one("justera_protokoll", "presidium_rs", utfall="justerat")
    kept = region.read(lambda session: minutes.of(session, meeting))
    assert (kept.handed_over, kept.differing_view) == (
        False, "Justerare RS: § 1: beloppet är fel.",
    )  # fmt: skip


def test_one_who_can_not_attest_hands_over_to_the_next_meeting(region: Region) -> None:
    meeting, _number = held(region)
    region.complete("uppratta_protokoll", innehall=CONTENTS, dokument_klara=True)
    view = {"utfall": "overlamnas", "skiljaktig_mening": "§ 1 beslutades aldrig."}
    region.complete_one("justera_protokoll", "justerare_rs", **view)
    region.complete_one("justera_protokoll", "presidium_rs", utfall="justerat")
    assert region.elements() == ["justera_vid_nasta"]
    assert region.row(meeting).attested_on is None


def test_the_chair_is_not_chosen_to_attest_too(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    prepare(region, meeting)
    region.go_to(ON)
    assert region.defaults("oppna_sammantrade")["justerare"] == ["justerare_rs"]
    with pytest.raises(Invalid) as refused:
        region.complete("oppna_sammantrade", **OPENING, ordforande="justerare_rs")
    fields = {error.field for error in refused.value.errors}
    assert fields <= {"ordforande", "justerare"}


def test_only_who_has_not_attested_is_reminded(region: Region) -> None:
    held(region)
    region.complete("uppratta_protokoll", innehall=CONTENTS, dokument_klara=True)
    region.complete_one("justera_protokoll", "presidium_rs", utfall="justerat")
    region.go_to(ON + timedelta(days=13))
    assert region.letters() == ["Protokoll att justera: Regionstyrelsen"] * 2


# --- A39: appeals


def test_a_reported_delegated_decision_can_be_appealed(region: Region) -> None:
    number = delegated(region)
    meeting = region.meeting("RS", ON)
    prepare(region, meeting)
    hold(region, meeting)
    write_and_attest(region, meeting)
    post(region)
    region.go_to(region.row(meeting).appeal_ends_on + timedelta(days=1))
    region.complete("ta_ned_anslag")
    rows = region.rows("bekrafta_laga_kraft", overklagat=True)
    assert [row["dnr"] for row in rows] == [number]
    region.complete("bekrafta_laga_kraft", arenden=rows, kontrollerat="Underrättelse kom.")
    assert region.sent("laga_kraft") == []
    rows = region.rows("folj_overklagande", utgang="upphavt", avgorande="2026-05-05")
    region.complete("folj_overklagande", arenden=rows)
    assert [(told["dnr"], told["upphavt"]) for told in region.sent("laga_kraft")] == [
        (number, True)
    ]
    assert region.read(lambda session: delegation.latest(session, number)).quashed


def test_a_joint_bodys_time_runs_from_the_last_members_notice(region: Region) -> None:
    """KL 13:5."""
    meeting, _number = held(region, "GN")
    write_and_attest(region, meeting)
    assert region.defaults("ansla_protokoll")["flera_anslagstavlor"] is True
    with pytest.raises(Invalid) as refused:
        region.complete("ansla_protokoll", finns="Regionens hus")
    assert [error.field for error in refused.value.errors] == ["sista_anslaget"]
    posted = region.clock.now().date()
    region.go_to(posted + timedelta(days=2))
    region.complete(
        "ansla_protokoll", finns="Regionens hus", anslaget=posted.isoformat(),
        sista_anslaget=(posted + timedelta(days=2)).isoformat(),
    )  # fmt: skip
    row = region.row(meeting)
    assert row.posted_on == posted
    assert row.appeal_ends_on == meetings.appeal_ends_on(posted + timedelta(days=2))
    region.go_to(meetings.appeal_ends_on(posted))
    assert region.elements() == [], "its own notice alone does not end the time"
    region.go_to(row.appeal_ends_on + timedelta(days=1))
    assert region.elements() == ["ta_ned_anslag"]


def test_paragraphs_attested_at_once_wait_for_the_last_members_notice_too(region: Region) -> None:
    """KL 13:5."""
    meeting, number = held(region, "GN", omedelbart=True)
    region.complete_each("justera_omedelbart", bekraftelse=True)
    with pytest.raises(Invalid) as refused:
        region.complete("ansla_omedelbart")
    assert [error.field for error in refused.value.errors] == ["sista_anslaget"]
    last = ON + timedelta(days=1)
    region.go_to(last)
    at = {"anslaget": ON.isoformat(), "sista_anslaget": last.isoformat()}
    region.complete("ansla_omedelbart", **at)
    item = region.item(meeting, number)
    assert (item.posted_on, item.appeal_ends_on) == (ON, meetings.appeal_ends_on(last))


# --- B11: what must be told now


def test_an_urgent_decision_made_after_the_list_is_reported_all_the_same(region: Region) -> None:
    """KL 6:39–40."""
    meeting = region.meeting("RS", ON)
    prepare(region, meeting)
    number = delegated(region, urgent=True)
    region.go_to(ON)
    region.complete("oppna_sammantrade", **OPENING)
    with pytest.raises(Invalid, match="måste anmälas nu"):
        region.complete("registrera_beslut", delegationsbeslut_anmalda=False)
    region.complete("registrera_beslut")
    told = region.read(lambda session: delegation.latest(session, number))
    assert told.reported_meeting_id == meeting


# --- KL 5:14, 5:50


def refusal(region: Region, **row: Any) -> str:
    with pytest.raises(Invalid) as refused:
        region.complete("registrera_beslut", arenden=region.rows("registrera_beslut", **row))
    assert [error.field for error in refused.value.errors] == ["arenden.0.genom"]
    return refused.value.errors[0].message


def opened(region: Region, meeting: str) -> None:
    prepare(region, meeting)
    region.go_to(region.row(meeting).on)
    region.complete("oppna_sammantrade", **OPENING)


def test_only_in_the_assembly_a_minority_is_enough(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    region.report(region.case("RS"))
    opened(region, meeting)
    assert "majoritet" in refusal(region, **WAITS, begart_av=15)


@pytest.mark.parametrize(("asked", "why"), [(4, "tredjedel"), (16, "Bara 15 var närvarande")])
def test_too_few_have_not_had_it_wait_nor_more_than_were_there(
    region: Region, asked: int, why: str
) -> None:
    meeting = region.meeting("RF", ON)
    region.report(region.case("RF"))
    opened(region, meeting)
    rows = region.rows("registrera_beslut", **WAITS, begart_av=asked)
    with pytest.raises(Invalid, match=why) as refused:
        region.complete("registrera_beslut", arenden=rows)
    assert [error.field for error in refused.value.errors] == ["arenden.0.begart_av"]


def test_in_elections_a_majority_is_needed(region: Region) -> None:
    meeting = region.meeting("RF", ON)
    number = region.case("RF")

    def work(session: Session) -> None:
        cases.get(session, number).kind = CaseKind.ELECTION

    region.do(work)
    region.report(number)
    opened(region, meeting)
    assert "I val" in refusal(region, **WAITS, begart_av=9)


def test_a_minority_makes_a_case_wait_only_once(region: Region) -> None:
    first = region.meeting("RF", ON)
    second = region.meeting("RF", ON + timedelta(weeks=6))
    number = region.case("RF")
    region.report(number)
    opened(region, first)
    region.complete(
        "registrera_beslut", arenden=region.rows("registrera_beslut", **WAITS, begart_av=5)
    )
    assert region.report(number) == second
    with region.only(second):
        opened(region, second)
        assert "redan" in refusal(region, **WAITS, begart_av=5)
        rows = region.rows("registrera_beslut", utfall="bordlaggning", genom="majoritet")
        region.complete("registrera_beslut", arenden=rows)


def test_the_common_case_is_filled_in_already(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    region.report(region.case("RS"))
    opened(region, meeting)
    [row] = region.defaults("registrera_beslut")["arenden"]
    assert (row["utfall"], row["anteckna"]) == ("avgjort", "nej")


# --- who may see what they are to treat


def test_a_secret_case_is_there_for_those_who_treat_it(region: Region) -> None:
    meeting = region.meeting("RS", ON)
    number = region.case("RS")
    region.hide(number)
    region.admit(number, region.report(number))

    def sees(username: str) -> bool:
        def work(session: Session) -> bool:
            reader = access.reader(session, region.user(username), region.clock.now())
            return access.may_see(session, reader, cases.get(session, number))

        return bool(region.read(work))

    seeing = {name for name in ("presidium_rs", "justerare_rs", "regiondirektor") if sees(name)}
    assert seeing == {"presidium_rs", "justerare_rs", "regiondirektor"}
    assert not sees("presidium_run")
    region.go_to(region.row(meeting).submission_on + timedelta(days=1))
    region.complete("kansliberedning", arenden=region.rows("kansliberedning", resultat="ok"))
    list_agenda(region)
    [row] = region.defaults("presidieberedning")["arenden"]
    assert row["dnr"] == number
