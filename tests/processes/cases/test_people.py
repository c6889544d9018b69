from __future__ import annotations

from datetime import date

import pytest

from engine import tasks
from engine.errors import Invalid, Stale
from processes import cases
from tests.processes.cases.world import ALLOCATOR, OFFICER, REGISTRAR, allocation


def allocated(session, engine, case):
    """Let the allocator complete the first task, so that the officer has the second."""
    (task,) = tasks.of_business_key(session, case.number)
    answers = {"handlaggare": "handlaggare_1"}
    tasks.complete(session, engine, task.id, answers, actor=ALLOCATOR, lock_version=None)
    (task,) = tasks.of_business_key(session, case.number)
    return task


def test_allocating_states_every_fact(session, engine, register):
    case = register()
    chosen = allocation(
        co_officers=("handlaggare_2",), path=("RUN", "RS", "RF"), significant=True,
        planned_meetings={"RS": "m1"}, presentations=("ledningsgruppen",),
    )  # fmt: skip
    cases.allocate(session, engine, case.number, chosen, actor=ALLOCATOR)
    assert case.status == "Fördelat"
    assert (case.case_officer, case.co_officers) == ("handlaggare_1", ["handlaggare_2"])
    assert (case.organ, case.next_organ) == ("RUN", "RS")
    assert (case.ready_by_on, case.decide_by_on) == (date(2026, 3, 2), date(2026, 4, 8))
    assert (case.significant, case.planned_meetings) == (True, {"RS": "m1"})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"case_officer": "ingen"}, "case_officer"),
        ({"case_officer": ""}, "case_officer"),
        ({"responsible_manager": "ingen"}, "responsible_manager"),
        ({"co_officers": ("ingen",)}, "co_officers"),
        ({"decision_form": "tärning"}, "decision_form"),
        ({"path": ()}, "path"),
        ({"path": ("RUN", "RF")}, "path"),
        ({"ready_by_on": date(2026, 2, 3)}, "ready_by_on"),
        ({"ready_by_on": date(2026, 4, 9)}, "ready_by_on"),
    ],
)
def test_an_allocation_that_cannot_be_is_refused_at_its_field(
    session, engine, register, changes, field
):
    case = register()
    with pytest.raises(Invalid) as refused:
        cases.allocate(session, engine, case.number, allocation(**changes), actor=ALLOCATOR)
    assert field in {error.field for error in refused.value.errors}
    assert case.status == "Registrerat"


def test_on_delegation_no_path_is_asked_for(session, engine, register):
    case = register()
    chosen = allocation(decision_form="delegation", path=(), delegate="chef")
    cases.allocate(session, engine, case.number, chosen, actor=ALLOCATOR)
    assert case.delegate == "chef"


def test_completing_the_task_allocates_the_case(session, engine, register):
    case = register()
    task = allocated(session, engine, case)
    assert case.case_officer == "handlaggare_1"
    assert (task.name, task.assignee) == ("Ta fram beslutsunderlag", "handlaggare_1")


def test_a_new_officer_gets_the_open_tasks(session, engine, register):
    case = register()
    task = allocated(session, engine, case)
    cases.change_officer(
        session, engine, case.number, "handlaggare_2", actor=ALLOCATOR, reason="Föräldraledig"
    )
    session.refresh(task)
    assert (case.case_officer, task.assignee) == ("handlaggare_2", "handlaggare_2")


def test_the_officer_must_work_here(session, engine, register):
    case = register()
    with pytest.raises(Invalid, match="arbetar här"):
        cases.change_officer(session, engine, case.number, "ingen", actor=ALLOCATOR)


def test_the_officer_must_hold_the_role(session, engine, register):
    case = register()
    with pytest.raises(Invalid, match="rollen Handläggare"):
        cases.change_officer(session, engine, case.number, "administrator", actor=ALLOCATOR)
    with pytest.raises(Invalid, match="rollen Handläggare"):
        register(case_officer="administrator")
    assert case.case_officer is None


def test_members_are_added_and_removed(session, engine, register):
    case = register()
    cases.add_member(session, engine, case.number, "handlaggare_2", actor=OFFICER)
    cases.add_member(session, engine, case.number, "handlaggare_2", actor=OFFICER)
    assert [row.member for row in cases.members(session, case.number)] == ["handlaggare_2"]
    cases.remove_member(session, engine, case.number, "handlaggare_2", actor=OFFICER)
    session.flush()
    assert cases.members(session, case.number) == []


def test_the_card_is_corrected_and_remembers(session, engine, register):
    case = register()
    changed = {"heading": "Ambulanser i  glesbygd", "significant": True}
    cases.change(session, engine, case.number, changed, actor=REGISTRAR, lock_version=1)
    assert (case.heading, case.significant, case.lock_version) == (
        "Ambulanser i glesbygd", True, 2,
    )  # fmt: skip
    with pytest.raises(Stale):
        cases.change(session, engine, case.number, changed, actor=REGISTRAR, lock_version=1)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"heading": ""}, "heading"),
        ({"kind": "x"}, "kind"),
        ({"status": "Avslutat"}, "status"),
        ({"received_on": date(2026, 2, 5)}, "received_on"),
        ({"responsible_manager": "ingen"}, "responsible_manager"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(session, engine, register, values, field):
    case = register()
    with pytest.raises(Invalid) as refused:
        cases.change(session, engine, case.number, values, actor=REGISTRAR)
    assert [error.field for error in refused.value.errors] == [field]
