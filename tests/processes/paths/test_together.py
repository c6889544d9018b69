"""Cases and meetings as they run in an office: each in its own process, told by messages only."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from processes.cases import CaseStatus
from tests.processes.paths import answers
from tests.processes.paths.meeting_steps import hold, post, prepare, write_and_attest
from tests.processes.paths.sitting import Region
from tests.processes.paths.walk import Walk

pytestmark = pytest.mark.both_databases

ON = date(2026, 5, 6)
LATER_ON = date(2026, 5, 27)


@pytest.fixture
def office(walk: Walk) -> Region:
    """The same region, seen from its meetings."""
    return Region(walk.engine.database, walk.clock)


def row(office: Region, organ: str, meeting: str) -> dict[str, str]:
    return {"organ": organ, "sammantrade": meeting}


def test_a_case_goes_from_registration_to_the_archive_over_a_meeting(
    walk: Walk, office: Region
) -> None:
    meeting = office.meeting("RS", ON)
    walk.start()
    walk.do("fordela_arende", answers.ALLOCATION, beslutsvag=[row(office, "RS", meeting)])
    answers.prepare(walk)
    assert walk.meeting_id() == meeting
    with office.only(meeting):
        prepare(office, meeting)
        assert walk.status == CaseStatus.NOTICED
        hold(office, meeting)
        assert walk.status == CaseStatus.DECIDED
        assert walk.open == ["ta_fram_utdrag"]
        write_and_attest(office, meeting)
        answers.excerpt(walk)
        answers.register_decision(walk)
        post(office)
        answers.dispatch(walk)
        answers.carry_out(walk)
        answers.close(walk)
        assert walk.open == [], "the decision can be appealed: the archive waits"
        last = office.row(meeting).appeal_ends_on
        assert last is not None
        office.go_to(last + timedelta(days=1))
        office.complete("ta_ned_anslag")
        office.complete("bekrafta_laga_kraft", kontrollerat="Förvaltningsrätten tillfrågad.")
    walk.drain()
    assert walk.case().legal_force_on == last
    assert walk.open == ["skilj_ut_handlingar"]
    answers.archive(walk)
    assert (walk.status, walk.ended) == (CaseStatus.ARCHIVED, True)


def test_a_board_proposes_and_the_assembly_decides(walk: Walk, office: Region) -> None:
    board, assembly = office.meeting("RS", ON), office.meeting("RF", LATER_ON)
    walk.start()
    walk.do(
        "fordela_arende", answers.ALLOCATION,
        beslutsvag=[row(office, "RS", board), row(office, "RF", assembly)],
    )  # fmt: skip
    answers.prepare(walk)
    with office.only(board):
        prepare(office, board)
        hold(office, board, utfall="vidare")
    assert walk.case().organ == "RS"
    answers.excerpt(walk)
    assert (walk.open, walk.case().organ) == ([], "RF"), "it goes on without preparation"
    assert walk.meeting_id() == assembly


def test_a_delegated_decision_is_made_and_its_case_closed(walk: Walk) -> None:
    walk.start()
    walk.do("fordela_arende", answers.ON_DELEGATION)
    walk.do("ange_beslutanderatt", slag="inkop", punkt="3.2", undantag="inget")
    answers.plan(walk)
    answers.update_card(walk)
    answers.write(walk)
    assert walk.open == ["uppratta_delegationsbeslut"], "no memorandum, no meeting"
    walk.do(
        "uppratta_delegationsbeslut", delegat="delegat", beslut="Avtalet godkänns.",
        skal="Upphandlingen är klar.", overklagande="laglighetsprovning",
    )  # fmt: skip
    walk.do("javskontroll", jav="nej")
    walk.do("underteckna_beslut", beslut="undertecknas", bekraftelse=True)
    assert walk.status == CaseStatus.DECIDED
    walk.do("sand_beslut", skickat=True)
    walk.do("diariefor_beslut")
    walk.do("ge_kopia", lamnad=True)
    walk.do("underratta_berorda", underrattade="Leverantören, per brev.")
    assert "underratta_berorda" not in walk.open


def test_what_may_not_be_delegated_goes_to_a_body(walk: Walk) -> None:
    walk.start()
    walk.do("fordela_arende", answers.ON_DELEGATION)
    walk.do("ange_beslutanderatt", slag="inkop", punkt="3.2", undantag="inriktning")
    assert walk.open == ["ange_beslutsvag"]
    assert walk.task("ange_beslutsvag").candidate == "fordelare@RS"
    walk.do("ange_beslutsvag", beslutsvag=answers.path(walk, "RS"))
    assert (walk.case().decision_form, walk.open) == ("politiskt", ["lagg_upp_tidplan"])
    answers.prepare(walk)
    assert walk.open == []
