"""Paths of the allocation (chapter 4)."""

from __future__ import annotations

from datetime import date

import pytest

from engine import opened_forms
from engine.errors import Invalid
from engine.host import SYSTEM
from processes.cases import CaseStatus
from tests.processes.paths import answers
from tests.processes.paths.walk import CO_OFFICER, OFFICER, Walk

ALLOCATOR_TOLD = "Ärende att fördela"
REMINDED = "Påminnelse: Fördela ärendet"


def told(walk: Walk, beginning: str) -> int:
    return sum(subject.startswith(beginning) for subject in walk.letters())


def test_the_allocator_is_told_and_tells_the_officer(walk: Walk) -> None:
    walk.start()
    assert told(walk, ALLOCATOR_TOLD) == 1
    answers.allocate(walk, "RS", medhandlaggare=[CO_OFFICER])
    assert told(walk, "Nytt ärende till dig") == 1
    assert told(walk, "Du är medhandläggare") == 1
    case = walk.case()
    assert (case.case_officer, case.status, case.path) == (OFFICER, CaseStatus.ALLOCATED, ["RS"])
    assert walk.task("lagg_upp_tidplan").assignee == OFFICER


def test_the_allocator_is_reminded_after_three_working_days_and_the_director_after_five(
    walk: Walk,
) -> None:
    walk.start()  # a Wednesday
    walk.wait_until(date(2026, 2, 8))
    assert told(walk, REMINDED) == 0, "Monday is the third working day"
    walk.wait_until(date(2026, 2, 9))
    assert (told(walk, REMINDED), walk.open) == (1, ["fordela_arende"])
    walk.wait_until(date(2026, 2, 11))
    assert walk.open == ["folj_upp_fordelning", "fordela_arende"]
    answers.allocate(walk, "RS")
    assert walk.open == ["lagg_upp_tidplan"], "what was escalated is over"


def test_the_director_has_followed_up_and_the_case_still_waits(walk: Walk) -> None:
    walk.start()
    walk.wait_until(date(2026, 2, 11))
    walk.do("folj_upp_fordelning", atgard="Ringt.")
    assert walk.open == ["fordela_arende"]


def test_an_unsure_allocator_asks_the_director(walk: Walk) -> None:
    walk.start()
    walk.do("fordela_arende", osaker=True)
    assert (walk.open, walk.status) == (["samrad_regiondirektor"], CaseStatus.REGISTERED)
    walk.do("samrad_regiondirektor", handlaggare=OFFICER)
    assert walk.open == ["fordela_arende"]
    assert walk.opened(walk.task("fordela_arende"))["handlaggare"] == OFFICER
    answers.allocate(walk, "RS")
    assert walk.open == ["lagg_upp_tidplan"]


def test_the_time_runs_anew_after_the_director_was_asked(walk: Walk) -> None:
    walk.start()
    walk.wait_until(date(2026, 2, 9))
    walk.do("fordela_arende", osaker=True)
    walk.do("samrad_regiondirektor", handlaggare=OFFICER)
    assert told(walk, REMINDED) == 1
    walk.wait_until(date(2026, 2, 13))
    assert told(walk, REMINDED) == 2


def test_an_officer_known_at_registration_gets_the_case_at_once(walk: Walk) -> None:
    walk.start(officer=OFFICER)
    assert (walk.open, told(walk, ALLOCATOR_TOLD)) == (["ta_emot_som_handlaggare"], 0)
    assert walk.task("ta_emot_som_handlaggare").assignee == OFFICER
    walk.do("ta_emot_som_handlaggare", beslutsvag=answers.path(walk, "RS"))
    assert (walk.open, walk.case().case_officer) == (["lagg_upp_tidplan"], OFFICER)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"handlaggare": "ingen"}, "handlaggare"),
        ({"handlaggare": None}, "handlaggare"),
        ({"beslutsform": None}, "beslutsform"),
        ({"beslutsvag": []}, "beslutsvag"),
        ({"beslutsvag": [{"organ": "RF"}]}, "beslutsvag"),
        ({"beslutsform": "delegation", "delegat": None}, "delegat"),
        ({"klart_senast": "2026-01-01"}, "klart_senast"),
        ({"remiss": "ja", "remissinstanser": ""}, "remissinstanser"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(walk: Walk, wrong: dict, field: str) -> None:
    walk.start()
    with pytest.raises(Invalid) as refused:
        answers.allocate(walk, "RS", **wrong)
    assert field in [error.field for error in refused.value.errors]
    assert walk.open == ["fordela_arende"]


def test_a_meeting_of_another_organ_is_refused(walk: Walk) -> None:
    walk.start()
    (row,) = answers.path(walk, "RF")
    with pytest.raises(Invalid) as refused:
        walk.do(
            "fordela_arende", answers.ALLOCATION,
            beslutsvag=[{"organ": "RS", "sammantrade": row["sammantrade"]}],
        )  # fmt: skip
    assert [error.field for error in refused.value.errors] == ["beslutsvag.0.sammantrade"]


def offered(walk: Walk, source: str) -> list[str]:
    task = walk.task("fordela_arende")
    with walk.engine.database.reading() as session:
        form = opened_forms.open_form(session, walk.engine, task, actor=SYSTEM, answers={})
        assert form is not None
        return [option.value for option in form.options(source)]


@pytest.mark.parametrize("kind", ["medborgarforslag", "motion"])
def test_what_only_a_body_may_decide_is_offered_nobody_else(walk: Walk, kind: str) -> None:
    walk.start(kind)
    assert offered(walk, "beslutsformer") == ["politiskt"]
    assert walk.opened(walk.task("fordela_arende"))["beslutsform"] == "politiskt"


def test_other_cases_can_be_delegated_or_only_answered(walk: Walk) -> None:
    walk.start()
    assert offered(walk, "beslutsformer") == ["politiskt", "delegation", "besvaras"]
    assert "beslutsform" not in walk.opened(walk.task("fordela_arende"))


def test_the_day_of_a_delegated_decision_hangs_on_no_meeting(walk: Walk) -> None:
    walk.start()
    opened = walk.opened(walk.task("fordela_arende"))
    assert opened["klart_senast"] == "2026-02-25", "four weeks before the board's meeting"
    assert opened["klart_utan_sammantrade"] == "2026-03-04", "four weeks from today"
    walk.do("fordela_arende", answers.ON_DELEGATION)
    assert walk.case().ready_by_on == date(2026, 3, 4)


def test_a_delegates_day_that_has_been_is_refused_at_its_own_field(walk: Walk) -> None:
    walk.start()
    late = {"klart_utan_sammantrade": "2026-01-01"}
    with pytest.raises(Invalid) as refused:
        walk.do("fordela_arende", answers.ON_DELEGATION, **late)
    assert [error.field for error in refused.value.errors] == ["klart_utan_sammantrade"]
