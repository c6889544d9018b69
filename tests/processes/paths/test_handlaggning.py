"""Paths of the preparation (chapter 5): consultations, new records, lateness, approval."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine import opened_forms
from engine.errors import Invalid, Refusal
from engine.host import SYSTEM, Actor
from processes import agenda, cases, casework, consultations, meetings, records, rework
from processes.cases import CaseStatus, people
from processes.casework import Step
from processes.consultations import ConsultationState
from processes.records import Direction, NewRecord
from tests.processes.paths import answers
from tests.processes.paths.walk import CO_OFFICER, OFFICER, Walk, mail_jobs

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


def test_a_consultation_can_be_called_off_when_its_reply_has_not_come(prepared: Walk) -> None:
    """Until somebody has said that the case goes on without it."""
    answers.plan(prepared, [ASKED])
    prepared.wait_until(date(2026, 2, 27))
    assert "hantera_uteblivet_svar" in prepared.open
    (one,) = prepared.consultations()
    with prepared.engine.database.writing() as session:
        consultations.call_off(session, prepared.engine, one.id, actor=Actor(id=OFFICER))
    prepared.drain()
    assert "hantera_uteblivet_svar" not in prepared.open
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


def test_the_officer_gets_a_letter_about_what_was_decided_of_a_late_case(prepared: Walk) -> None:
    answers.plan(prepared)
    prepared.wait_until(submission_day(prepared))
    prepared.do("avgor_forsenat", val="flytta", skal="Underlaget är inte klart.")
    with prepared.engine.database.reading() as session:
        letter = mail_jobs(session)[-1].payload
    assert letter["subject"] == f"Flyttat: {prepared.number} Bidrag till en förening"
    assert "Sammanträde: onsdag 22 april 2026\nSkäl: Underlaget är inte klart." in letter["body"]


def test_a_late_case_is_not_moved_to_a_meeting_that_is_not(prepared: Walk) -> None:
    before = prepared.meeting_id()
    answers.plan(prepared)
    with prepared.engine.database.writing() as session:
        for meeting in meetings.upcoming(session, "RS", on_or_after=date(2026, 3, 26), limit=9):
            meetings.cancel(
                session, prepared.engine, meeting.id, actor=Actor(id=OFFICER), reason="Inställt."
            )
    prepared.wait_until(submission_day(prepared))
    with pytest.raises(Invalid, match="inget kommande sammanträde") as refused:
        prepared.do("avgor_forsenat", val="flytta", skal="Underlaget är inte klart.")
    assert [error.field for error in refused.value.errors] == ["val"]
    assert prepared.meeting_id() == before
    assert "avgor_forsenat" in prepared.open


def test_what_the_domain_refuses_on_the_card_stands_at_its_field(
    prepared: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody may lose the role between the form's own check and the domain's."""
    answers.plan(prepared)
    monkeypatch.setattr(people, "may_be_officer", lambda *_asked: False)
    with pytest.raises(Invalid) as refused:
        prepared.do("uppdatera_arendekort", handlaggare=CO_OFFICER, registrerat=True)
    assert [error.field for error in refused.value.errors] == ["handlaggare"]


def test_another_officer_takes_over_from_the_card(prepared: Walk) -> None:
    answers.plan(prepared)
    prepared.do("uppdatera_arendekort", handlaggare=CO_OFFICER, registrerat=True)
    assert prepared.task("ta_fram_beslutsunderlag").assignee == CO_OFFICER
    with prepared.engine.database.reading() as session:
        assert cases.get(session, prepared.number).case_officer == CO_OFFICER


def shown(walk: Walk, element: str) -> dict[str, Any]:
    """All the form opens with, what is only shown too."""
    with walk.engine.database.reading() as session:
        form = opened_forms.open_form(
            session, walk.engine, walk.task(element), actor=SYSTEM, answers={}
        )
    assert form is not None
    return dict(form.defaults)


def test_what_the_allocator_said_reaches_the_officer(walk: Walk) -> None:
    walk.start()
    answers.allocate(walk, "RS", meddelande="Prata med kulturchefen.", samarbete="Kultur")
    said = shown(walk, "lagg_upp_tidplan")["fran_fordelaren"]
    assert said == "Prata med kulturchefen.\nSamarbeta med Kultur."
    with walk.engine.database.reading() as session:
        [letter] = [
            job.payload["body"] for job in mail_jobs(session)
            if job.payload["subject"].startswith("Nytt ärende till dig")
        ]  # fmt: skip
    assert "Prata med kulturchefen." in letter


def test_the_letter_says_when_the_case_is_presented(walk: Walk) -> None:
    walk.start()
    answers.allocate(walk, "RS", foredragningar=["presidiet"])
    with walk.engine.database.reading() as session:
        bodies = [job.payload["body"] for job in mail_jobs(session)]
    assert any("Föredragning: presidiet onsdag 11 mars 2026" in body for body in bodies)


def test_a_timetable_that_the_manager_does_not_like_is_made_anew(prepared: Walk) -> None:
    prepared.do("lagg_upp_tidplan", fordelningsmejl_last=True)
    prepared.do("stam_av_med_chef", tidplan_godkand="nej", tidplan_andras="Ta höjd för påsken.")
    assert prepared.open == ["lagg_upp_tidplan"]
    assert shown(prepared, "lagg_upp_tidplan")["chefen"] == "Ta höjd för påsken."
    prepared.do("lagg_upp_tidplan", fordelningsmejl_last=True)
    prepared.do("stam_av_med_chef", tidplan_godkand="ja", direktiv="Håll det kort.")
    assert shown(prepared, "valj_avstamningar")["direktiv"] == "Håll det kort."


def test_employees_concerned_call_for_the_unions(prepared: Walk) -> None:
    prepared.do("lagg_upp_tidplan", fordelningsmejl_last=True)
    prepared.do("stam_av_med_chef", tidplan_godkand="ja")
    said = {"underlag": "Ansökan.", "medarbetare_berors": "ja"}
    with pytest.raises(Invalid) as refused:
        prepared.do("valj_avstamningar", said, avstamningar=[ASKED])
    assert [error.field for error in refused.value.errors] == ["avstamningar"]
    unions = {**ASKED, "slag": "facklig_samverkan"}
    prepared.do("valj_avstamningar", said, avstamningar=[unions])
    assert prepared.open == ["lamna_svar"]


def test_the_officer_is_told_to_send_what_goes_outside(prepared: Walk) -> None:
    answers.plan(prepared, [REFERRED])
    assert any(subject.startswith("Att skicka") for subject in prepared.letters())


def test_a_consultation_is_called_off_from_the_card(prepared: Walk) -> None:
    answers.plan(prepared, [ASKED])
    (one,) = prepared.consultations()
    with prepared.engine.database.writing() as session:
        consultations.call_off(session, prepared.engine, one.id, actor=Actor(id=OFFICER))
    prepared.drain()
    assert [one.state for one in prepared.consultations()] == [ConsultationState.CANCELLED]
    with (
        pytest.raises(Refusal, match="redan avslutad"),
        prepared.engine.database.writing() as session,
    ):
        consultations.call_off(session, prepared.engine, one.id, actor=Actor(id=OFFICER))


def test_the_replies_are_there_when_the_card_is_updated(prepared: Walk) -> None:
    answers.plan(prepared, [ASKED])
    prepared.do("lamna_svar", svar="Bra förslag.")
    assert "Bra förslag." in shown(prepared, "uppdatera_arendekort")["svar"]


def test_what_is_to_be_changed_stands_above_the_basis_until_it_is_written(prepared: Walk) -> None:
    answers.plan(prepared)
    answers.update_card(prepared)
    assert shown(prepared, "ta_fram_beslutsunderlag")["att_andra"] == ""
    prepared.do("ta_fram_beslutsunderlag", answers.BASIS)
    prepared.do("uppratta_tjansteskrivelse", answers.MEMORANDUM)
    prepared.wait(hours=1)
    prepared.do("godkann_underlag", beslut="justera", andringar="Ekonomin.")
    assert shown(prepared, "ta_fram_beslutsunderlag")["att_andra"] == "Ekonomin."
    prepared.wait(hours=1)
    prepared.do("ta_fram_beslutsunderlag", answers.BASIS)
    prepared.do("uppratta_tjansteskrivelse", answers.MEMORANDUM)
    with prepared.engine.database.reading() as session:
        assert rework.to_change(session, prepared.number) == ""


def test_importance_matters_on_delegation_too(walk: Walk) -> None:
    walk.start()
    walk.do("fordela_arende", answers.ON_DELEGATION, stor_betydelse=True)
    walk.do("ange_beslutanderatt", slag="avtal", punkt="3.2", undantag="inget")
    answers.plan(walk)
    answers.update_card(walk)
    walk.do("ta_fram_beslutsunderlag", answers.BASIS)
    assert walk.open == ["avstam_med_presidiet"]


def test_everything_open_follows_the_case_to_its_new_officer(prepared: Walk) -> None:
    answers.plan(prepared)
    new = NewRecord(
        direction=Direction.IN, dated_on=date(2026, 2, 4), subject="Komplettering", sender="X"
    )
    with prepared.engine.database.writing() as session:
        records.add(
            session, prepared.engine, prepared.number, new, actor=Actor(id="registrator_rs")
        )
    prepared.drain()
    prepared.do("uppdatera_arendekort", handlaggare=CO_OFFICER, registrerat=True)
    assert {task.assignee for task in prepared.tasks("ta_del_av_handling")} == {CO_OFFICER}


def test_who_became_a_member_while_the_card_was_open_stays(prepared: Walk) -> None:
    answers.plan(prepared)
    by = Actor(id=OFFICER)
    with prepared.engine.database.writing() as session:
        for member in (CO_OFFICER, "sakkunnig"):
            cases.add_member(session, prepared.engine, prepared.number, member, actor=by)
    card = prepared.opened(prepared.task("uppdatera_arendekort"))
    with prepared.engine.database.writing() as session:
        cases.add_member(session, prepared.engine, prepared.number, "delegat", actor=by)
        cases.remove_member(session, prepared.engine, prepared.number, "sakkunnig", actor=by)
    prepared.do(
        "uppdatera_arendekort", {**card, "medlemmar": ["sakkunnig", "omradeschef"]},
        registrerat=True,
    )  # fmt: skip
    with prepared.engine.database.reading() as session:
        found = {row.member for row in cases.members(session, prepared.number)}
    assert found == {"sekreterare@RS", "delegat", "omradeschef"}


def test_a_member_who_is_unticked_is_no_member(prepared: Walk) -> None:
    answers.plan(prepared)
    with prepared.engine.database.writing() as session:
        cases.add_member(
            session, prepared.engine, prepared.number, CO_OFFICER, actor=Actor(id=OFFICER)
        )
    prepared.do("uppdatera_arendekort", medlemmar=[], registrerat=True)
    with prepared.engine.database.reading() as session:
        found = [row.member for row in cases.members(session, prepared.number)]
    assert found == ["sekreterare@RS"]
