"""Tasks are claimed, half-filled and completed, each once."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import pytest

from engine import instances, tasks
from engine.clock import SettableClock
from engine.database import Database
from engine.errors import FieldError, Invalid, NotFound, Stale
from engine.host import Actor, OperationCall
from engine.tables import NO_DEADLINE, InstanceStatus
from tests.engine.bpmn import (
    boundary_timer,
    chain,
    diagram,
    end,
    flow,
    fork,
    start,
    task,
    throw,
)
from tests.engine.case import ANNA, BO, Cases
from tests.engine.host import SmallHost
from tests.engine.statements import counted

TWO_STEPS = diagram(
    "tva_steg", start(), task("ett", form="fraga", deadline="5 dagar"), task("tva", role="Chef"),
    end(), chain("start", "ett", "tva", "slut"),
)  # fmt: skip
PARALLEL = diagram(
    "parallellt", start(), fork("dela"), task("vanster"), task("hoger"), fork("samla"), end(),
    chain("start", "dela", "vanster", "samla", "slut"), chain("dela", "hoger", "samla"),
)  # fmt: skip
FORM = json.dumps(
    {
        "type": "object",
        "properties": {
            "svar": {"type": "string", "title": "Svar"},
            "organ": {"type": "string", "title": "Organ", "x-source": "organ"},
        },
        "required": ["svar"],
    }
)


@pytest.fixture
def two_steps(cases: Cases) -> str:
    cases.deploy("tva_steg", TWO_STEPS, fraga=FORM)
    return cases.start("tva_steg", "RS/1/2026")


@pytest.fixture
def parallel(cases: Cases) -> str:
    cases.deploy("parallellt", PARALLEL)
    return cases.start("parallellt")


def test_a_task_appears_with_its_role_deadline_and_sender(
    cases: Cases, clock: SettableClock, two_steps: str
) -> None:
    found = cases.task(two_steps, "ett")
    assert (found.candidate, found.candidate_label) == ("handläggare@RS", "Handläggare RS")
    assert (found.deadline, (found.due_at - clock.now()).days) == ("5 dagar", 5)
    assert (found.created_by, found.business_key, found.assignee) == ("anna", "RS/1/2026", None)


def test_completing_keeps_the_answers_under_the_elements_id_and_goes_on(
    cases: Cases, two_steps: str
) -> None:
    cases.complete(cases.task(two_steps, "ett"), svar="ja")
    assert cases.elements(two_steps) == ["tva"]
    assert cases.data(two_steps)["ett"]["svar"] == "ja"
    second = cases.task(two_steps, "tva")
    assert second.due_at == NO_DEADLINE
    cases.complete(second)
    assert cases.status(two_steps) == InstanceStatus.COMPLETED
    assert cases.open_tasks(two_steps) == []


def test_a_completed_task_says_who_and_when(
    cases: Cases, clock: SettableClock, two_steps: str
) -> None:
    first = cases.task(two_steps, "ett")
    cases.complete(first, actor=BO, svar="ja")
    done = cases.read(lambda session: tasks.get(session, first.id))
    assert (done.status, done.completed_by, done.completed_at) == ("completed", "bo", clock.now())


def test_a_form_wrongly_filled_in_is_refused_with_its_field_and_changes_nothing(
    cases: Cases, two_steps: str
) -> None:
    with pytest.raises(Invalid) as refused:
        cases.complete(cases.task(two_steps, "ett"))
    assert [(error.field, error.element) for error in refused.value.errors] == [("svar", "ett")]
    assert cases.elements(two_steps) == ["ett"]
    assert cases.incidents() == []


def test_a_choice_must_be_one_that_the_host_offers(
    cases: Cases, host: SmallHost, two_steps: str
) -> None:
    host.choices["organ"] = ["RS", "RF"]
    with pytest.raises(Invalid):
        cases.complete(cases.task(two_steps, "ett"), svar="ja", organ="XX")
    cases.complete(cases.task(two_steps, "ett"), svar="ja", organ="RS")
    assert cases.elements(two_steps) == ["tva"]


def test_what_was_seen_before_it_changed_is_stale(cases: Cases, two_steps: str) -> None:
    seen = cases.task(two_steps, "ett")
    cases.perform(
        lambda session: tasks.claim(session, cases.engine, seen.id, actor=BO, lock_version=1)
    )
    with pytest.raises(Stale):
        cases.complete(seen, lock_version=1, svar="ja")


def test_a_completed_task_can_not_be_completed_again(cases: Cases, two_steps: str) -> None:
    seen = cases.task(two_steps, "ett")
    cases.complete(seen, svar="ja")
    with pytest.raises(Stale):
        cases.complete(seen, svar="ja")


def test_an_unknown_task_is_not_found(cases: Cases) -> None:
    with pytest.raises(NotFound):
        cases.read(lambda session: tasks.get(session, "finns inte"))


def test_an_operation_runs_with_the_answers_in_the_same_transaction(
    cases: Cases, host: SmallHost
) -> None:
    seen: list[OperationCall] = []

    def allocate(call: OperationCall) -> dict[str, object]:
        seen.append(call)
        return {"nummer": 7}

    host.add_operation("fordela", allocate)
    cases.deploy("p", diagram("p", start(), task("ett", operation="fordela"), task("tva"), end(),
        chain("start", "ett", "tva", "slut")))  # fmt: skip
    instance_id = cases.start("p", "RS/1/2026")
    cases.complete(cases.task(instance_id, "ett"), handlaggare="bo")
    assert seen[0].answers == {"handlaggare": "bo"}
    assert (seen[0].scope.element, seen[0].scope.business_key) == ("ett", "RS/1/2026")
    assert cases.data(instance_id)["ett"] == {"handlaggare": "bo", "nummer": 7}


def test_an_operation_may_refuse_the_form(cases: Cases, host: SmallHost) -> None:
    def refuse(call: OperationCall) -> None:
        raise Invalid([FieldError(field="handlaggare", message="Finns inte.")])

    host.add_operation("fordela", refuse)
    cases.deploy("p", diagram("p", start(), task("ett", operation="fordela"), end(),
        chain("start", "ett", "slut")))  # fmt: skip
    instance_id = cases.start("p")
    with pytest.raises(Invalid, match="Finns inte"):
        cases.complete(cases.task(instance_id, "ett"), handlaggare="x")
    assert cases.elements(instance_id) == ["ett"]


def test_a_task_is_claimed_released_and_handed_over(cases: Cases, two_steps: str) -> None:
    seen, engine = cases.task(two_steps, "ett"), cases.engine
    claimed = cases.perform(
        lambda session: tasks.claim(session, engine, seen.id, actor=ANNA, lock_version=1)
    )
    assert (claimed.assignee, claimed.lock_version) == ("anna", 2)
    with pytest.raises(Stale, match="tagit"):
        cases.perform(
            lambda session: tasks.claim(session, engine, seen.id, actor=BO, lock_version=2)
        )
    cases.perform(
        lambda session: tasks.release(session, engine, seen.id, actor=ANNA, lock_version=2)
    )
    given = cases.perform(
        lambda session: tasks.delegate(
            session, engine, seen.id, actor=ANNA, lock_version=3, to="cia"
        )
    )
    assert given.assignee == "cia"
    logged = [row for row in cases.log(two_steps) if row.kind.startswith("task_")]
    assert [row.kind for row in logged] == ["task_claimed", "task_released", "task_delegated"]
    assert logged[-1].detail["to"] == "cia"


def test_only_one_person_is_given_a_task_that_only_one_can_do(
    cases: Cases, host: SmallHost
) -> None:
    host.people["Chef"] = "cia"
    cases.deploy("tva_steg", TWO_STEPS)
    cases.deploy("p", diagram("p", start(), task("ett", role="Chef"), end(),
        chain("start", "ett", "slut")))  # fmt: skip
    assert cases.task(cases.start("p"), "ett").assignee == "cia"


def test_completing_answers_with_what_lies_on_me_next_in_the_same_case(
    cases: Cases, host: SmallHost, two_steps: str
) -> None:
    host.people["Chef"] = "anna"
    done = cases.complete(cases.task(two_steps, "ett"), svar="ja")
    assert done.instance_id == two_steps
    assert done.next_task_ids == [cases.task(two_steps, "tva").id]


def test_a_draft_is_kept_until_the_task_is_done_and_never_logged(
    cases: Cases, two_steps: str
) -> None:
    seen, engine = cases.task(two_steps, "ett"), cases.engine
    before = len(cases.log(two_steps))
    for text in ("kan", "kanske"):
        cases.perform(
            lambda session, text=text: tasks.save_draft(
                session, engine, seen.id, {"svar": text}, actor=ANNA
            )
        )
    assert cases.read(lambda session: tasks.draft(session, seen.id)) == {"svar": "kanske"}
    assert len(cases.log(two_steps)) == before
    cases.complete(seen, svar="ja")
    assert cases.read(lambda session: tasks.draft(session, seen.id)) == {}
    with pytest.raises(Stale):
        cases.perform(
            lambda session: tasks.save_draft(session, engine, seen.id, {"svar": "x"}, actor=ANNA)
        )


def test_a_draft_goes_with_a_task_that_is_called_off(cases: Cases, two_steps: str) -> None:
    seen, engine = cases.task(two_steps, "ett"), cases.engine
    cases.perform(
        lambda session: tasks.save_draft(session, engine, seen.id, {"svar": "x"}, actor=ANNA)
    )
    cases.perform(
        lambda session: instances.cancel(session, engine, two_steps, reason="fel", actor=BO)
    )
    assert cases.read(lambda session: tasks.draft(session, seen.id)) == {}


def test_two_people_completing_the_same_task_at_once_one_is_told_somebody_was_first(
    cases: Cases, two_steps: str
) -> None:
    seen = cases.task(two_steps, "ett")
    outcomes = at_once(
        lambda: cases.complete(seen, actor=ANNA, svar="ja"),
        lambda: cases.complete(seen, actor=BO, svar="nej"),
    )
    assert sorted(outcomes) == ["Completion", "Stale"]
    assert cases.count(two_steps, "element_completed") == 2  # the start and the task, once


def test_two_parallel_tasks_of_one_case_completed_at_once_both_succeed(
    cases: Cases, parallel: str
) -> None:
    left, right = cases.task(parallel, "vanster"), cases.task(parallel, "hoger")
    outcomes = at_once(
        lambda: cases.complete(left, actor=ANNA, svar="a"),
        lambda: cases.complete(right, actor=BO, svar="b"),
    )
    assert outcomes == ["Completion", "Completion"]
    assert cases.status(parallel) == InstanceStatus.COMPLETED
    assert cases.data(parallel) == {"vanster": {"svar": "a"}, "hoger": {"svar": "b"}}


def test_completing_a_task_costs_at_most_twelve_statements_and_one_commit(
    cases: Cases, database: Database, host: SmallHost, two_steps: str
) -> None:
    host.people["Chef"] = "anna"
    seen = cases.task(two_steps, "ett")
    with counted(database) as statements:
        cases.complete(seen, svar="ja")
    own = [text for text in statements if text not in ("BEGIN IMMEDIATE", "COMMIT")]
    assert statements.count("COMMIT") == 1
    assert len(own) <= 12, own


def test_a_step_with_timers_and_messages_stays_within_the_same_budget(
    cases: Cases, database: Database
) -> None:
    cases.deploy("p", diagram("p", start(), task("ett"), boundary_timer("sent", "ett", "P3D"),
        throw("skicka", "anmald", "[dnr]"), task("tva"), boundary_timer("sen", "tva", "P3D"),
        end(), chain("start", "ett", "skicka", "tva", "slut"), flow("sent", "slut"),
        flow("sen", "slut"), messages=("anmald",)))  # fmt: skip
    cases.complete(cases.task(cases.start("p", dnr="0"), "ett"))  # what is cached is cached
    seen = cases.task(cases.start("p", dnr="1"), "ett")
    with counted(database) as statements:
        cases.complete(seen, svar="ja")
    own = [text for text in statements if text not in ("BEGIN IMMEDIATE", "COMMIT")]
    assert len(own) <= 12, own


def test_who_stands_in_for_another_acts_in_their_own_name(cases: Cases, two_steps: str) -> None:
    substitute = Actor(id="bo", on_behalf_of="anna")
    cases.complete(cases.task(two_steps, "ett"), actor=substitute, svar="ja")
    row = next(row for row in cases.log(two_steps) if row.detail.get("answers"))
    assert (row.actor, row.on_behalf_of, row.element) == ("bo", "anna", "ett")


def test_a_form_and_an_element_are_those_of_the_version_that_runs(
    cases: Cases, two_steps: str
) -> None:
    seen = cases.task(two_steps, "ett")
    assert cases.read(lambda session: tasks.form(session, cases.engine, seen)) == json.loads(FORM)
    assert cases.read(lambda session: tasks.info(session, cases.engine, seen)).form == "fraga"
    of_case = cases.read(lambda session: tasks.of_business_key(session, "RS/1/2026"))
    assert [found.id for found in of_case] == [seen.id]


def test_a_diagram_may_loop_back_to_the_same_task(cases: Cases) -> None:
    cases.deploy("p", diagram("p", start(), task("ett"), '<bpmn:exclusiveGateway id="val" '
        'default="f_val_slut"/>', end(), chain("start", "ett", "val", "slut"),
        flow("val", "ett", 'ett.igen == "ja"')))  # fmt: skip
    instance_id = cases.start("p")
    cases.complete(cases.task(instance_id, "ett"), igen="ja")
    cases.complete(cases.task(instance_id, "ett"), igen="nej")
    assert cases.status(instance_id) == InstanceStatus.COMPLETED


def at_once(*works: Callable[[], object]) -> list[str]:
    """What each gave or raised, all begun at the same instant in threads of their own."""
    gate, outcomes = threading.Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        gate.wait()
        try:
            outcomes.append(type(work()).__name__)
        except Exception as error:
            outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
