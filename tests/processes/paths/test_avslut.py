"""Paths of what comes after the decision (chapter 7)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.errors import Invalid
from engine.host import Actor
from processes import access, case_history, cases, casework, meetings, records
from processes.agenda import Outcome
from processes.cases import CaseStatus
from processes.casework import Step
from processes.records import Direction, NewRecord
from processes.swedish_calendar import local_date
from tests.processes.paths import answers
from tests.processes.paths.walk import DELEGATE, MANAGER, OFFICER, Walk

AT_ONCE = ["avgor_ledningsmejl", "forteckna_atgarder", "publicera"]


def decided(
    walk: Walk,
    *,
    appealable: bool = False,
    excerpt: NewRecord | None = None,
    annulled: bool = False,
) -> Walk:
    """`excerpt`: put in the case by hand before the secretary comes to it."""
    walk.start()
    answers.allocate(walk, "RS")
    answers.prepare(walk)
    walk.decide(Outcome.DECIDED, appealable=appealable)
    if excerpt is not None:
        put(walk, excerpt, annulled=annulled)
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


ACTION = {"vad": "Skriv avtal", "ansvarig": OFFICER, "klart_senast": "2026-09-01"}


def follow_up(walk: Walk, action: dict[str, str], **more: bool) -> None:
    decided(walk)
    answers.dispatch(walk)
    answers.carry_out(walk, actions=[action])
    walk.do("folj_upp_atgard", resultat="Avtalet behöver ett nytt beslut.", genomford="nej", **more)


def test_the_body_that_wants_to_know_is_told(walk: Walk) -> None:
    follow_up(walk, {**ACTION, "aterrapporteras_till": "RS"})
    assert f"Återrapport: {walk.number} Bidrag till en förening" in walk.letters()


def test_a_follow_up_may_raise_a_case_of_its_own(walk: Walk) -> None:
    """A3b."""
    follow_up(walk, ACTION, nytt_arende=True)
    assert walk.open == ["vack_nytt_arende"]
    assert walk.task("vack_nytt_arende").candidate == "registrator@RS"
    with pytest.raises(Invalid, match="Registrera det först"):
        walk.do("vack_nytt_arende", nummer="RS/99/2026")
    first = walk.number
    second = walk.start()
    walk.number = first
    third = walk.start()
    walk.number = first
    walk.do("vack_nytt_arende", nummer=f"{second}, {third}")
    assert walk.open == ["kontrollera_och_rensa"]
    told = story(walk, first, "registrator_rs")
    assert f"Registrator RS väckte ärende {second} ur det här." in told
    assert f"Registrator RS väckte ärende {third} ur det här." in told
    assert f"Ärendet väcktes ur ärende {first}." in story(walk, second, "registrator_rs")


def story(walk: Walk, number: str, reader: str) -> list[str]:
    with walk.engine.database.reading() as session:
        who = access.reader(session, reader, walk.clock.now())
        case = cases.get(session, number)
        return [said.text for said in case_history.sentences(session, who, case)]


def hide(walk: Walk, number: str) -> None:
    with walk.engine.database.writing() as session:
        cases.get(session, number).secret = True


def test_nobody_finds_out_by_trying_numbers_which_cases_there_are(walk: Walk) -> None:
    follow_up(walk, ACTION, nytt_arende=True)
    first = walk.number
    hidden = walk.start(registry="RUN")
    hide(walk, hidden)
    walk.number = first
    for number in (hidden, "RUN/99/2026"):
        with pytest.raises(Invalid, match=f"inget ärende {number}. Registrera det först"):
            walk.do("vack_nytt_arende", nummer=number)


def test_the_case_that_was_raised_is_named_to_those_who_may_see_it(walk: Walk) -> None:
    follow_up(walk, ACTION, nytt_arende=True)
    first = walk.number
    second = walk.start()
    walk.number = first
    walk.do("vack_nytt_arende", nummer=second)
    hide(walk, second)
    assert not any(second in said for said in story(walk, first, OFFICER))


def test_the_excerpt_is_registered_once(walk: Walk) -> None:
    decided(walk)
    with walk.engine.database.reading() as session:
        kinds = [record.kind for record in records.of_case(session, walk.number)]
    assert kinds == ["protokollsutdrag"]


@pytest.mark.parametrize("subject", ["Protokollsutdrag RS § 7", "Protokollsutdrag, RS § 7"])
def test_an_excerpt_that_waits_is_the_one_that_is_registered(walk: Walk, subject: str) -> None:
    decided(walk, excerpt=excerpt(subject))
    assert excerpts(walk) == {subject: True}


@pytest.mark.parametrize("subject", ["Protokollsutdrag RSAU § 7", "Protokollsutdrag RS § 71"])
def test_another_paragraphs_excerpt_is_not_this_ones(walk: Walk, subject: str) -> None:
    decided(walk, excerpt=excerpt(subject))
    assert excerpts(walk) == {subject: False, "Protokollsutdrag RS § 7": True}


def test_an_annulled_excerpt_is_as_none(walk: Walk) -> None:
    decided(walk, excerpt=excerpt("Utdrag RS § 7"), annulled=True)
    assert excerpts(walk) == {"Protokollsutdrag RS § 7": True}


def excerpt(subject: str) -> NewRecord:
    return NewRecord(
        direction=Direction.DRAWN_UP, dated_on=date(2026, 2, 4), subject=subject,
        kind="protokollsutdrag", registered=False,
    )  # fmt: skip


def put(walk: Walk, new: NewRecord, *, annulled: bool = False) -> None:
    """Into a case that RS has decided, § 7."""
    with walk.engine.database.writing() as session:
        case = walk.case(session)
        case.decided_by, case.item_number, case.decided_on = "RS", "§ 7", new.dated_on
        added = records.add(session, walk.engine, case.number, new, actor=Actor(id=OFFICER))
        if annulled:
            added.annulled_at = walk.clock.now()


def excerpts(walk: Walk) -> dict[str, bool]:
    """Those that count, and whether they are registered."""
    with walk.engine.database.reading() as session:
        found = records.of_case(session, walk.number)
        return {one.subject: one.registered for one in found if one.annulled_at is None}


def on_delegation(walk: Walk) -> date:
    """A decision with minutes and a notice of its own, closed; the day its notice went up."""
    walk.start()
    walk.do("fordela_arende", answers.ON_DELEGATION)
    walk.do("ange_beslutanderatt", slag="avtal", punkt="3.2", undantag="inget")
    answers.plan(walk)
    answers.update_card(walk)
    answers.write(walk)
    walk.do(
        "uppratta_delegationsbeslut", delegat=DELEGATE, punkt="3.2", beslut="Avtalet godkänns.",
        skal="Därför.", overklagande="laglighetsprovning",
    )  # fmt: skip
    walk.do("javskontroll", jav="nej")
    walk.do("underteckna_beslut", beslut="undertecknas", bekraftelse=True)
    walk.do("sand_beslut", skickat=True)
    walk.do("diariefor_beslut")
    walk.do("ge_kopia", lamnad=True)
    walk.do("underratta_berorda", underrattade="Leverantören.")
    walk.do("delegationslista", anmals="nej", grund="RS § 12/2025")
    walk.do("protokollfor_sarskilt")
    answers.carry_out(walk)
    answers.close(walk)
    return local_date(walk.clock.now())


def test_a_decision_with_its_own_notice_has_its_own_appeal_time(walk: Walk) -> None:
    """KL 8:10, 13:5."""
    posted = on_delegation(walk)
    assert walk.open == [], "archiving waits for legal force"
    assert walk.case().legal_force_on is None
    last = meetings.appeal_ends_on(posted)
    walk.wait_until(last)
    said = {"overklagat": "nej", "kontrollerat": "Tillfrågad."}
    with pytest.raises(Invalid, match="sitta uppe"):
        walk.do("bekrafta_delegation", said, nedtaget=last.isoformat())
    walk.do("bekrafta_delegation", said)
    assert walk.case().legal_force_on == last
    assert walk.open == ["skilj_ut_handlingar"]


def test_an_appeal_of_it_is_followed_to_the_court(walk: Walk) -> None:
    walk_until = meetings.appeal_ends_on(on_delegation(walk))
    walk.wait_until(walk_until)
    walk.do("bekrafta_delegation", overklagat="ja", kontrollerat="Underrättelse kom.")
    assert walk.open == ["folj_delegation"]
    for wrong in (walk_until - timedelta(days=1), walk_until + timedelta(days=2)):
        with pytest.raises(Invalid, match="Dagen kan inte ligga"):
            walk.do("folj_delegation", utgang="avslag", avgorande=wrong.isoformat())
    walk.wait_until(date(2026, 5, 20))
    walk.do("folj_delegation", utgang="avslag", avgorande="2026-05-20")
    assert walk.case().legal_force_on == date(2026, 5, 20)
    assert walk.open == ["skilj_ut_handlingar"]
