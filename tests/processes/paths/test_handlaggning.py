"""Paths of the preparation (chapter 5): consultations, new records, lateness, approval."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.errors import Invalid
from engine.host import Actor
from processes import agenda, cases, casework, meetings, records
from processes.cases import CaseStatus
from processes.casework import Step
from processes.consultations import ConsultationState
from processes.records import Direction, NewRecord
from tests.processes.paths import answers
from tests.processes.paths.walk import CO_OFFICER, OFFICER, Walk

ASKED = {
    "slag": "pensionarsrad", "till": "pensionarsradet", "fraga": "Er syn?",
    "svar_senast": "2026-02-20",
}  # fmt: skip
REFERRED = {
    "slag": "remiss", "mottagare": "Grannregionen", "fraga": "Ert yttrande?",
    "svar_senast": "2026-02-27",
}  # fmt: skip


@pytest.fixture
def prepared(walk: Walk) -> Walk:
    """A case that is allocated to RS."""
    walk.start()
    answers.allocate(walk, "RS")
    return walk


def test_the_steps_follow_each_other(prepared: Walk) -> None:
    answers.plan(prepared)
    assert (prepared.open, prepared.status) == (["uppdatera_arendekort"], CaseStatus.PREPARING)
    answers.update_card(prepared)
    answers.write(prepared)
    assert prepared.open == ["slutkontroll"]
    prepared.do("slutkontroll", answers.FINAL_CHECK)
    assert prepared.status == CaseStatus.READY
    assert any(subject.startswith("Klart för beslut") for subject in prepared.letters())


def test_those_asked_answer_in_their_own_inboxes(prepared: Walk) -> None:
    answers.plan(prepared, [ASKED, {**ASKED, "slag": "sakkunnig", "till": "sakkunnig"}])
    assert {task.assignee for task in prepared.tasks("lamna_svar")} == {
        "pensionarsradet", "sakkunnig",
    }  # fmt: skip
    prepared.do("lamna_svar", svar="Bra.")
    assert prepared.open == ["lamna_svar"]
    prepared.do("lamna_svar", svar="Också bra.")
    assert prepared.open == ["uppdatera_arendekort"]
    assert {one.state for one in prepared.consultations()} == {ConsultationState.ANSWERED}


def test_who_does_not_answer_is_reminded_and_then_gone_on_without(prepared: Walk) -> None:
    answers.plan(prepared, [ASKED])
    prepared.wait_until(date(2026, 2, 20))
    assert any(subject.startswith("Svar saknas") for subject in prepared.letters())
    assert prepared.open == ["lamna_svar"]
    prepared.wait_until(date(2026, 2, 27))
    assert "lamna_svar" not in prepared.open
    prepared.do("hantera_uteblivet_svar", motivering="Rådet har inga synpunkter.")
    assert "uppdatera_arendekort" in prepared.open
    assert [one.state for one in prepared.consultations()] == [ConsultationState.UNANSWERED]


def test_a_consultation_can_be_called_off(prepared: Walk) -> None:
    answers.plan(prepared, [ASKED])
    (one,) = prepared.consultations()
    prepared.send("avbryt_avstamning", [prepared.number, one.id])
    assert prepared.open == ["uppdatera_arendekort"]
    assert [one.state for one in prepared.consultations()] == [ConsultationState.CANCELLED]


def test_a_referral_leaves_and_its_reply_is_registered(prepared: Walk) -> None:
    answers.plan(prepared, [REFERRED])
    assert prepared.status == CaseStatus.REFERRED
    assert prepared.task("lamna_svar").assignee == OFFICER, "who asked writes the reply in"
    prepared.do("lamna_svar", svar="Grannregionen tillstyrker.")
    assert prepared.open == ["registrera_svar"]
    prepared.do("registrera_svar", avsandare="Grannregionen", rubrik="Yttrande")
    assert prepared.open == ["ta_del_av_handling", "uppdatera_arendekort"]
    with prepared.engine.database.reading() as session:
        found = records.of_case(session, prepared.number, newest_first=False)
    assert {(one.direction, one.registered) for one in found} == {
        (Direction.OUT, True), (Direction.IN, True),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"till": None, "mottagare": ""}, "avstamningar.0.till"),
        ({"svar_senast": "2026-01-01"}, "avstamningar.0.svar_senast"),
        ({"fraga": ""}, "avstamningar.0.fraga"),
    ],
)
def test_a_question_that_nobody_could_answer_is_refused(
    prepared: Walk, row: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        answers.plan(prepared, [{**ASKED, **row}])
    assert [error.field for error in refused.value.errors] == [field]


def test_each_new_record_is_read_while_the_case_is_prepared(prepared: Walk) -> None:
    def arrives(subject: str) -> None:
        new = NewRecord(
            direction=Direction.IN, dated_on=date(2026, 2, 4), subject=subject, sender="Föreningen"
        )
        with prepared.engine.database.writing() as session:
            records.add(
                session, prepared.engine, prepared.number, new, actor=Actor(id="registrator_rs")
            )
        prepared.drain()

    for subject in ("Komplettering", "En till"):
        arrives(subject)
        assert prepared.open == ["lagg_upp_tidplan", "ta_del_av_handling"]
        prepared.do("ta_del_av_handling", paverkar="nej")
        assert prepared.open == ["lagg_upp_tidplan"]
    arrives("Oläst")
    answers.prepare(prepared)
    assert prepared.open == [], "what is unread when the case is ready is not asked for any more"


def test_the_manager_may_send_the_basis_back(prepared: Walk) -> None:
    answers.plan(prepared)
    answers.update_card(prepared)
    prepared.do("ta_fram_beslutsunderlag", answers.BASIS)
    prepared.do("uppratta_tjansteskrivelse", answers.MEMORANDUM)
    prepared.do("godkann_underlag", beslut="justera", andringar="Ekonomin.")
    assert prepared.open == ["ta_fram_beslutsunderlag"]
    kept = prepared.opened(prepared.task("ta_fram_beslutsunderlag"))
    assert kept["lagar"] == "Avstämt.", "what was written is there again"
    answers.write(prepared)
    assert prepared.open == ["slutkontroll"]


def test_a_case_of_importance_is_taken_up_with_the_presidium(walk: Walk) -> None:
    walk.start()
    answers.allocate(walk, "RS", stor_betydelse=True)
    answers.plan(walk)
    answers.update_card(walk)
    walk.do("ta_fram_beslutsunderlag", answers.BASIS)
    walk.do("uppratta_tjansteskrivelse", answers.MEMORANDUM)
    assert walk.open == ["avstam_med_presidiet"]
    assert walk.task("avstam_med_presidiet").candidate == "foredragande@RS"
    walk.do("avstam_med_presidiet", med="presidium", synpunkter="Bra.", ledningsgrupp="nej")
    assert walk.open == ["godkann_underlag"]


def test_every_perspective_is_described_or_its_absence_explained(prepared: Walk) -> None:
    answers.plan(prepared)
    answers.update_card(prepared)
    with pytest.raises(Invalid) as refused:
        prepared.do("ta_fram_beslutsunderlag", {**answers.BASIS, "miljo_text": "", "ekonomi": None})
    assert [error.field for error in refused.value.errors] == ["ekonomi", "miljo_text"]


def test_two_proposed_decisions_are_numbered(prepared: Walk) -> None:
    answers.prepare(prepared)
    with prepared.engine.database.reading() as session:
        kept = casework.latest(session, prepared.number, Step.MEMORANDUM)
    assert [row["nr"] for row in kept["beslutsmeningar"]] == [1, 2]


def submission_day(walk: Walk) -> date:
    with walk.engine.database.reading() as session:
        return meetings.get(session, walk.meeting_id()).submission_on


def test_late_for_the_submission_day_the_case_may_be_taken_up_all_the_same(prepared: Walk) -> None:
    before = prepared.meeting_id()
    answers.plan(prepared)
    prepared.wait_until(submission_day(prepared))
    assert prepared.open == ["avgor_forsenat", "uppdatera_arendekort"]
    assert prepared.task("avgor_forsenat").candidate == "sekreterare@RS"
    prepared.do("avgor_forsenat", val="extra", skal="Bidragsåret börjar.")
    answers.update_card(prepared)
    answers.write(prepared)
    prepared.do("slutkontroll", answers.FINAL_CHECK)
    assert prepared.meeting_id() == before
    with prepared.engine.database.reading() as session:
        assert agenda.get(session, before, prepared.number).late


def test_late_for_the_submission_day_the_case_may_be_moved(prepared: Walk) -> None:
    before, day_before = prepared.meeting_id(), submission_day(prepared)
    answers.plan(prepared)
    prepared.wait_until(day_before)
    prepared.do("avgor_forsenat", val="flytta", skal="Underlaget är inte klart.")
    assert prepared.meeting_id() != before
    assert submission_day(prepared) > day_before
    answers.update_card(prepared)
    answers.write(prepared)
    prepared.do("slutkontroll", answers.FINAL_CHECK)
    with prepared.engine.database.reading() as session:
        assert not agenda.get(session, prepared.meeting_id(), prepared.number).late


def test_another_officer_takes_over_from_the_card(prepared: Walk) -> None:
    answers.plan(prepared)
    prepared.do("uppdatera_arendekort", handlaggare=CO_OFFICER, registrerat=True)
    assert prepared.task("ta_fram_beslutsunderlag").assignee == CO_OFFICER
    with prepared.engine.database.reading() as session:
        assert cases.get(session, prepared.number).case_officer == CO_OFFICER
