"""Paths of a case from its registration to the archive."""

from __future__ import annotations

import pytest

from engine.errors import Invalid
from processes.agenda import ItemStatus, Outcome, of_case
from processes.cases import CaseStatus
from processes.consultations import ConsultationState
from tests.processes.paths import answers
from tests.processes.paths.walk import Walk


def test_a_case_decided_by_one_organ_is_archived(walk: Walk) -> None:
    walk.start()
    answers.allocate(walk, "RS")
    answers.prepare(walk)
    assert (walk.open, walk.status) == ([], CaseStatus.READY)
    walk.decide(Outcome.DECIDED)
    answers.finish(walk)
    assert (walk.open, walk.status, walk.ended) == ([], CaseStatus.ARCHIVED, True)


def test_a_question_is_only_answered(walk: Walk) -> None:
    walk.start("fraga_utifran")
    walk.do("fordela_arende", answers.ONLY_ANSWERED)
    assert walk.open == ["besvara_fragan"]
    walk.do("besvara_fragan", svar="Ja, det går bra.", sant_med="e-post", skickat=True)
    assert walk.open == ["kontrollera_och_rensa"], "there is no decision to carry out"
    answers.close(walk)
    answers.archive(walk)
    assert (walk.status, walk.ended) == (CaseStatus.ARCHIVED, True)


@pytest.mark.parametrize("form", [answers.ON_DELEGATION, answers.ONLY_ANSWERED])
@pytest.mark.parametrize("kind", ["motion", "medborgarforslag", "val"])
def test_what_is_raised_in_the_assembly_is_never_delegated(
    walk: Walk, kind: str, form: answers.Answers
) -> None:
    walk.start(kind)
    with pytest.raises(Invalid) as refused:
        walk.do("fordela_arende", form)
    assert [error.field for error in refused.value.errors] == ["beslutsform"]
    assert walk.open == ["fordela_arende"]


def test_an_interpellation_goes_to_the_assembly_without_preparation(walk: Walk) -> None:
    walk.start("interpellation")
    assert walk.open == ["ta_emot_som_sekreterare"]
    walk.do("ta_emot_som_sekreterare", beslutsvag=answers.path(walk, "RF"))
    assert walk.open == [], "nothing is prepared: it waits for the meeting"
    walk.decide(Outcome.DECIDED)
    assert walk.open == ["ta_fram_utdrag"]


def test_a_case_on_delegation_is_asked_for_its_authority_first(walk: Walk) -> None:
    walk.start()
    walk.do("fordela_arende", answers.ON_DELEGATION)
    assert walk.open == ["ange_beslutanderatt"]


def write_off(walk: Walk) -> None:
    assert (walk.open, walk.status) == (["skriv_av"], CaseStatus.WITHDRAWN)
    walk.do("skriv_av", beslutat_av="Regionstabschefen, punkt 1.4")
    assert walk.open == ["kontrollera_och_rensa"]
    answers.close(walk)
    answers.archive(walk)
    assert (walk.status, walk.ended) == (CaseStatus.ARCHIVED, True)


def test_withdrawn_before_it_is_allocated(walk: Walk) -> None:
    walk.start()
    walk.withdraw()
    write_off(walk)


def test_withdrawn_while_others_are_asked(walk: Walk) -> None:
    walk.start()
    answers.allocate(walk, "RS")
    answers.plan(
        walk,
        [
            {"slag": "pensionarsrad", "till": "pensionarsradet", "fraga": "Er syn?",
             "svar_senast": "2026-02-20"},
            {"slag": "sakkunnig", "till": "sakkunnig", "fraga": "Kostnaden?",
             "svar_senast": "2026-02-20"},
        ],
    )  # fmt: skip
    assert walk.open == ["lamna_svar", "lamna_svar"]
    walk.withdraw()
    write_off(walk)
    walk.wait(days=60)
    assert walk.open == [], "no reminder comes afterwards"
    assert {one.state for one in walk.consultations()} == {ConsultationState.CANCELLED}


def test_withdrawn_while_it_waits_for_its_meeting(walk: Walk) -> None:
    walk.start()
    answers.allocate(walk, "RS")
    answers.prepare(walk)
    walk.withdraw()
    write_off(walk)
    with walk.engine.database.reading() as session:
        assert [item.status for item in of_case(session, walk.number)] == [ItemStatus.WITHDRAWN]


@pytest.mark.parametrize("kind", ["motion", "medborgarforslag"])
def test_the_path_suggested_for_what_is_raised_in_the_assembly_ends_there(
    walk: Walk, kind: str
) -> None:
    walk.start(kind)
    filled = walk.opened(walk.task("fordela_arende"))
    assert [row["organ"] for row in filled["beslutsvag"]] == ["RS", "RF"]
    assert all(row["sammantrade"] for row in filled["beslutsvag"])
