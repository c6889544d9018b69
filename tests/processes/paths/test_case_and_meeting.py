"""Case and meeting in their own processes, telling each other what happens."""

from __future__ import annotations

from datetime import timedelta

import pytest

from processes import meetings
from processes.cases import CaseStatus
from tests.processes.paths import answers
from tests.processes.paths.meeting_steps import (
    CHAIR,
    DIRECTOR,
    agenda_and_notice,
    hold,
    list_agenda,
    post,
    prepare,
    write_and_attest,
)
from tests.processes.paths.sitting import SECRETARY, Region
from tests.processes.paths.walk import Walk


@pytest.fixture
def sitting(walk: Walk) -> Region:
    """The same installation, with a process for each meeting of its calendar."""
    region = Region(walk.engine.database, walk.clock)
    region.do(lambda session: meetings.start_missing(session, region.engine, actor=SECRETARY))
    return region


def ready(walk: Walk, *organs: str) -> str:
    """A case that waits for its first meeting; the meeting's id."""
    walk.start()
    answers.allocate(walk, *organs)
    answers.prepare(walk)
    return walk.meeting_id()


def pass_meeting(sitting: Region, meeting: str, **row: str) -> None:
    with sitting.only(meeting):
        prepare(sitting, meeting)
        hold(sitting, meeting, **row)


def test_through_board_and_assembly_to_legal_force(walk: Walk, sitting: Region) -> None:
    board = ready(walk, "RS", "RF")
    pass_meeting(sitting, board, utfall="vidare")
    answers.excerpt(walk)
    assembly = walk.meeting_id()
    assert sitting.row(assembly).organ_code == "RF"
    pass_meeting(sitting, assembly, utfall="avgjort")
    with sitting.only(assembly):
        write_and_attest(sitting, assembly)
        post(sitting)
    assert walk.status == CaseStatus.ATTESTED
    answers.excerpt(walk)
    answers.register_decision(walk)
    last = sitting.row(assembly).appeal_ends_on
    assert last is not None
    sitting.go_to(last + timedelta(days=1))
    with sitting.only(assembly):
        sitting.complete("ta_ned_anslag")
        sitting.complete("bekrafta_laga_kraft", kontrollerat="Förvaltningsrätten tillfrågad.")
    assert walk.case().legal_force_on == last


def test_the_presidium_has_the_case_reworked_for_the_same_meeting(
    walk: Walk, sitting: Region
) -> None:
    meeting = ready(walk, "RS")
    sitting.go_to(sitting.row(meeting).submission_on + timedelta(days=1))
    with sitting.only(meeting):
        rows = sitting.rows("kansliberedning", resultat="ok")
        sitting.complete("kansliberedning", DIRECTOR, arenden=rows)
        list_agenda(sitting)
        rows = sitting.rows("presidieberedning", resultat="andra", kommentar="Kostnaden saknas.")
        sitting.complete("presidieberedning", CHAIR, arenden=rows)
    assert walk.open == ["ta_fram_beslutsunderlag"]
    answers.write(walk)
    walk.do("slutkontroll", answers.FINAL_CHECK)
    assert walk.meeting_id() == meeting
    with sitting.only(meeting):
        sent = sitting.row(meeting).notice_on
        sitting.go_to(sent)
        sitting.complete("utfarda_kallelse", utfardad=sent.isoformat())
        hold(sitting, meeting)
    assert walk.open == ["ta_fram_utdrag"]


def test_a_cancelled_meeting_takes_its_case_to_the_next_one(walk: Walk, sitting: Region) -> None:
    meeting = ready(walk, "RS")
    sitting.do(
        lambda session: meetings.cancel(
            session, sitting.engine, meeting, actor=SECRETARY, reason="Få ärenden"
        )
    )
    following = walk.meeting_id()
    assert following != meeting
    with sitting.only(following):
        sitting.go_to(sitting.row(following).submission_on + timedelta(days=1))
        rows = sitting.rows("kansliberedning", resultat="ok")
        assert [row["dnr"] for row in rows] == [walk.number]
        sitting.complete("kansliberedning", DIRECTOR, arenden=rows)
        agenda_and_notice(sitting, following)
