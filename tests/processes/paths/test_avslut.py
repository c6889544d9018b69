"""Paths of what comes after the decision (chapter 7)."""

from __future__ import annotations

from datetime import date

import pytest

from processes import casework
from processes.agenda import Outcome
from processes.cases import CaseStatus
from processes.casework import Step
from tests.processes.paths import answers
from tests.processes.paths.walk import MANAGER, OFFICER, Walk

AT_ONCE = ["avgor_ledningsmejl", "forteckna_atgarder", "publicera"]


def decided(walk: Walk, *, appealable: bool = False) -> Walk:
    walk.start()
    answers.allocate(walk, "RS")
    answers.prepare(walk)
    walk.decide(Outcome.DECIDED, appealable=appealable)
    answers.excerpt(walk)
    answers.register_decision(walk)
    return walk


def test_everything_is_spread_at_once_and_the_case_waits_for_it_all(walk: Walk) -> None:
    decided(walk)
    answers.dispatch(walk)
    assert (walk.open, walk.status) == (AT_ONCE, CaseStatus.DISPATCHED)
    walk.do("publicera", publiceras="ja", var="Intranätet", provat=True)
    walk.do("forteckna_atgarder", atgarder=[])
    assert walk.open == ["avgor_ledningsmejl"]
    walk.do("avgor_ledningsmejl", ledningsmejl=False)
    assert walk.open == ["kontrollera_och_rensa"]


def test_decided_documents_go_to_the_management_system(walk: Walk) -> None:
    decided(walk)
    answers.dispatch(walk, to_management_system=True)
    assert walk.open == sorted([*AT_ONCE, "for_in_i_ledningssystemet"])
    answers.carry_out(walk)
    assert walk.open == ["kontrollera_och_rensa"]


def test_a_message_to_the_managers_is_sent(walk: Walk) -> None:
    decided(walk)
    answers.dispatch(walk)
    answers.carry_out(walk, managers=True)
    assert any(subject.startswith("Beslut: ") for subject in walk.letters())
    assert walk.open == ["kontrollera_och_rensa"]


def test_every_action_is_followed_up_by_who_answers_for_it(walk: Walk) -> None:
    decided(walk)
    answers.dispatch(walk)
    actions = [
        {"vad": "Skriv avtal", "ansvarig": who, "klart_senast": "2026-09-01"}
        for who in (OFFICER, MANAGER)
    ]
    answers.carry_out(walk, actions=actions)
    assert walk.open == ["folj_upp_atgard", "folj_upp_atgard"]
    assert {task.assignee for task in walk.tasks("folj_upp_atgard")} == {OFFICER, MANAGER}
    for _action in actions:
        walk.do("folj_upp_atgard", resultat="Gjort.", genomford="ja")
    assert walk.open == ["kontrollera_och_rensa"]
    with walk.engine.database.reading() as session:
        kept = casework.of_case(session, walk.number, Step.FOLLOW_UP)
    assert {work.content["ansvarig"] for work in kept} == {OFFICER, MANAGER}


def test_a_decision_that_can_be_appealed_is_archived_when_it_has_legal_force(walk: Walk) -> None:
    decided(walk, appealable=True)
    answers.dispatch(walk)
    answers.carry_out(walk)
    answers.close(walk)
    assert (walk.open, walk.status) == ([], CaseStatus.CLOSED), "closing does not wait"
    walk.send("laga_kraft", [walk.number], {"laga_kraft": "2026-05-20"})
    assert walk.open == ["skilj_ut_handlingar"]
    answers.archive(walk)
    assert walk.ended


def test_legal_force_that_came_first_is_not_waited_for(walk: Walk) -> None:
    decided(walk, appealable=True)
    answers.dispatch(walk)
    answers.carry_out(walk)
    with walk.engine.database.writing() as session:
        walk.case(session).legal_force_on = date(2026, 5, 20)
    answers.close(walk)
    assert walk.open == ["skilj_ut_handlingar"]


@pytest.mark.parametrize("element", ["skilj_ut_handlingar"])
def test_the_archive_gets_what_is_preserved(walk: Walk, element: str) -> None:
    decided(walk)
    answers.dispatch(walk)
    answers.carry_out(walk)
    answers.close(walk)
    walk.do(element, bevaras="Allt.", papper="nej", leverans="2027-01-15")
    assert walk.task("ta_emot_i_arkivet").candidate == "regionarkivarie@region"
    walk.do("ta_emot_i_arkivet", plats="Hylla 3")
    assert (walk.status, walk.ended) == (CaseStatus.ARCHIVED, True)
