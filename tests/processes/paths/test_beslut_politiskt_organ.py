"""Paths through the political bodies (chapters 6 and 7.1): every outcome, every kind of hop."""

from __future__ import annotations

import pytest

from engine import opened_forms
from engine.host import SYSTEM, Actor
from processes import agenda, cases, meetings
from processes.agenda import Outcome
from processes.cases import CaseStatus
from tests.processes.paths import answers
from tests.processes.paths.walk import Walk


def ready(walk: Walk, *organs: str, registry: str = "RS") -> Walk:
    """A case that waits for the first of these organs to decide."""
    walk.start(registry=registry)
    answers.allocate(walk, *organs)
    answers.prepare(walk)
    assert walk.open == []
    return walk


def decide_and_excerpt(walk: Walk, outcome: Outcome) -> None:
    walk.decide(outcome)
    assert walk.open == ["ta_fram_utdrag"]
    answers.excerpt(walk)


def aliases(walk: Walk) -> list[str]:
    with walk.engine.database.reading() as session:
        return cases.aliases(session, walk.number)


def test_decided_it_is_registered_and_dispatched(walk: Walk) -> None:
    decide_and_excerpt(ready(walk, "RS"), Outcome.DECIDED)
    assert walk.open == ["diariefor_beslut"]
    answers.register_decision(walk)
    assert walk.open == ["underratta_berorda"]


def test_what_the_body_changed_is_done_before_the_documents_are_registered(walk: Walk) -> None:
    ready(walk, "RS").decide(Outcome.DECIDED)
    answers.excerpt(walk, change="Bilagan ska ha de nya beloppen.")
    assert walk.open == ["ratta_handlingar"]
    task = walk.task("ratta_handlingar")
    with walk.engine.database.reading() as session:
        form = opened_forms.open_form(session, walk.engine, task, actor=SYSTEM, answers={})
    assert form is not None
    assert form.defaults["att_andra"] == "Bilagan ska ha de nya beloppen."
    walk.do("ratta_handlingar", gjort=True)
    assert "Ändrat och klart: RS/1/2026 Bidrag till en förening" in walk.letters()
    assert walk.open == ["diariefor_beslut"]


def test_dropped_it_is_over(walk: Walk) -> None:
    decide_and_excerpt(ready(walk, "RS"), Outcome.DROPPED)
    assert walk.open == ["diariefor_beslut"]


def test_referred_back_it_begins_again_with_the_basis(walk: Walk) -> None:
    first = ready(walk, "RS").meeting_id()
    with walk.engine.database.reading() as session:
        held_on = meetings.get(session, first).on
    walk.wait_until(held_on)
    decide_and_excerpt(walk, Outcome.REFERRED_BACK)
    assert (walk.open, walk.status) == (["ta_fram_beslutsunderlag"], CaseStatus.READY)
    answers.write(walk)
    walk.do("slutkontroll", answers.FINAL_CHECK)
    assert walk.meeting_id() != first


def test_tabled_it_comes_up_at_the_next_meeting(walk: Walk) -> None:
    first = ready(walk, "RS").meeting_id()
    decide_and_excerpt(walk, Outcome.TABLED)
    assert walk.open == []
    assert walk.meeting_id() != first
    decide_and_excerpt(walk, Outcome.DECIDED)
    assert walk.open == ["diariefor_beslut"]


def test_moved_it_goes_to_the_next_meeting_without_an_excerpt(walk: Walk) -> None:
    first = ready(walk, "RS").meeting_id()
    walk.decide(Outcome.MOVED)
    assert (walk.open, walk.meeting_id() != first) == ([], True)


def test_reworked_it_goes_back_to_the_same_meeting(walk: Walk) -> None:
    first = ready(walk, "RS").meeting_id()
    walk.decide(Outcome.REWORK)
    assert walk.open == ["ta_fram_beslutsunderlag"]
    answers.write(walk)
    walk.do("slutkontroll", answers.FINAL_CHECK)
    assert walk.meeting_id() == first
    with walk.engine.database.reading() as session:
        assert agenda.get(session, first, walk.number).returns == 1


def test_a_case_that_is_reworked_is_not_late_again(walk: Walk) -> None:
    first = ready(walk, "RS").meeting_id()
    with walk.engine.database.reading() as session:
        meeting = meetings.get(session, first)
    walk.wait_until(meeting.review_on)
    walk.decide(Outcome.REWORK)
    assert walk.open == ["ta_fram_beslutsunderlag"]
    walk.wait_until(meeting.notice_on)
    assert walk.open == ["avgor_forsenat", "ta_fram_beslutsunderlag"]


def test_a_cancelled_meeting_sends_the_case_to_the_next(walk: Walk) -> None:
    first = ready(walk, "RS").meeting_id()
    with walk.engine.database.writing() as session:
        meetings.cancel(
            session, walk.engine, first, reason="Snöstorm.", actor=Actor(id="sekreterare_rs")
        )
    walk.drain()
    if walk.meeting_id() == first:
        walk.send("mote_installt", [walk.number, first])
    assert walk.meeting_id() != first
    assert any(subject.startswith("Sammanträdet är inställt") for subject in walk.letters())


def test_from_subcommittee_to_board_nothing_is_prepared_between(walk: Walk) -> None:
    ready(walk, "UEK", "RS")
    decide_and_excerpt(walk, Outcome.ONWARDS)
    assert (walk.open, walk.case().organ, aliases(walk)) == ([], "RS", [])
    decide_and_excerpt(walk, Outcome.DECIDED)
    assert walk.open == ["diariefor_beslut"]


def test_from_board_to_assembly_it_goes_directly(walk: Walk) -> None:
    ready(walk, "RS", "RF")
    decide_and_excerpt(walk, Outcome.ONWARDS)
    assert (walk.open, walk.case().organ) == ([], "RF")
    decide_and_excerpt(walk, Outcome.DECIDED)
    assert walk.task("diariefor_beslut").candidate == "sekreterare@RF"


def test_from_committee_the_case_is_registered_with_the_board(walk: Walk) -> None:
    ready(walk, "RUN", "RS", "RF", registry="RUN")
    decide_and_excerpt(walk, Outcome.ONWARDS)
    assert walk.open == ["registrera_i_nasta_diarium"]
    assert walk.task("registrera_i_nasta_diarium").candidate == "registrator@RS"
    walk.do("registrera_i_nasta_diarium", granskad=True)
    assert aliases(walk) == ["RS/1/2026"]
    assert walk.task("bedom_beredning").candidate == "sekreterare@RUN", "who lets the case go"


def handed_over(walk: Walk) -> None:
    ready(walk, "RUN", "RS", "RF", registry="RUN")
    decide_and_excerpt(walk, Outcome.ONWARDS)
    walk.do("registrera_i_nasta_diarium", granskad=True)


def test_from_committee_to_board_and_assembly_without_further_preparation(walk: Walk) -> None:
    handed_over(walk)
    walk.do("bedom_beredning", mer_beredning=False)
    assert walk.open == ["forslag_till_beslut"]
    walk.do("forslag_till_beslut", beslutsmeningar=[{"mening": "Nämndens förslag bifalls."}])
    assert (walk.open, walk.case().organ) == ([], "RS")
    decide_and_excerpt(walk, Outcome.ONWARDS)
    assert (walk.open, walk.case().organ) == ([], "RF")
    decide_and_excerpt(walk, Outcome.DECIDED)
    assert walk.open == ["diariefor_beslut"]


def test_from_committee_to_board_with_a_new_allocation(walk: Walk) -> None:
    handed_over(walk)
    walk.do("bedom_beredning", mer_beredning=True, skal="Ekonomin ska räknas om.")
    assert walk.open == ["fordela_arende"]
    assert walk.task("fordela_arende").candidate == "fordelare@RS", (
        "the board's, not the committee's"
    )
    filled = walk.opened(walk.task("fordela_arende"))
    assert [row["organ"] for row in filled["beslutsvag"]] == ["RS", "RF"]
    answers.allocate(walk, "RS", "RF")
    case = walk.case()
    assert (case.path, case.organ) == (["RUN", "RS", "RF"], "RS")
    answers.prepare(walk)
    assert walk.open == []
    decide_and_excerpt(walk, Outcome.ONWARDS)
    assert walk.case().organ == "RF"


def test_onwards_beyond_the_path_it_goes_to_the_organ_above(walk: Walk) -> None:
    ready(walk, "RS")
    decide_and_excerpt(walk, Outcome.ONWARDS)
    assert (walk.open, walk.case().path, walk.case().organ) == ([], ["RS", "RF"], "RF")


def test_onwards_from_the_assembly_there_is_nowhere_to_go(walk: Walk) -> None:
    ready(walk, "RS", "RF")
    decide_and_excerpt(walk, Outcome.ONWARDS)
    decide_and_excerpt(walk, Outcome.ONWARDS)
    assert walk.open == ["underratta_berorda"]


@pytest.mark.parametrize("rounds", [6])
def test_a_case_may_go_round_as_often_as_the_organs_want(walk: Walk, rounds: int) -> None:
    ready(walk, "RS")
    for _round in range(rounds):
        walk.decide(Outcome.REWORK)
        answers.write(walk)
        walk.do("slutkontroll", answers.FINAL_CHECK)
    decide_and_excerpt(walk, Outcome.DECIDED)
    assert walk.open == ["diariefor_beslut"]
