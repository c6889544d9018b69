from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from engine import tasks
from engine.host import Actor
from processes import agenda, case_card, case_dates, case_history, case_phrases, cases, records
from processes.case_dates import StopState
from processes.cases import Decision
from processes.meetings import Meeting
from processes.records import NewRecord
from processes.swedish_calendar import at_local_time
from tests.processes.cases.world import ALLOCATOR, OFFICER, REGISTRAR, TODAY, allocation

NINE = time(9)


@pytest.fixture
def told(session, as_reader):
    def told(case):
        session.flush()
        reader = as_reader("handlaggare_1")
        return [each.text for each in case_history.sentences(session, reader, case)][::-1]

    return told


def complete(session, engine, case, actor, **answers):
    (task,) = tasks.of_business_key(session, case.number)
    tasks.complete(session, engine, task.id, answers, actor=actor, lock_version=None)


def test_the_course_of_a_case_in_sentences(session, engine, register, told, clock):
    case = register()
    clock.forward(minutes=5)
    complete(session, engine, case, ALLOCATOR, handlaggare="handlaggare_1")
    clock.forward(hours=1)
    complete(
        session, engine, case, replace(OFFICER, id="handlaggare_2", on_behalf_of="handlaggare_1")
    )
    assert told(case) == [
        "Registrator RS registrerade ärendet som RS/1/2026.",
        "Regionstabschef fördelade ärendet till Handläggare 1.",
        "Handläggare 2, för Handläggare 1, gjorde klart Ta fram beslutsunderlag.",
    ]


def test_a_new_status_does_not_hide_who_did_what(session, engine, register, told, clock):
    case = register()
    complete(session, engine, case, ALLOCATOR, handlaggare="handlaggare_1")
    clock.forward(hours=1)
    cases.set_status(session, engine, case.number, "Klart för beslut", actor=OFFICER)
    clock.forward(milliseconds=1)
    complete(session, engine, case, OFFICER)
    assert told(case)[-2:] == [
        "Ärendet blev klart för beslut.",
        "Handläggare 1 gjorde klart Ta fram beslutsunderlag.",
    ]


def test_what_is_done_with_people_records_and_decisions(session, engine, register, told, clock):
    case = register(path=("RUN", "RS"))
    cases.change_officer(session, engine, case.number, "handlaggare_1", actor=ALLOCATOR)
    cases.change_officer(
        session, engine, case.number, "handlaggare_2", actor=ALLOCATOR, reason="Ledighet."
    )
    changed = {"heading": "Ny mening", "significant": True}
    cases.change(session, engine, case.number, changed, actor=REGISTRAR)
    new = NewRecord(direction="in", dated_on=TODAY, subject="Yttrande", sender="Rådet")
    record = records.add(session, engine, case.number, new, actor=OFFICER)
    records.annul(session, engine, record.id, reason="Fel ärende", actor=REGISTRAR)
    decision = Decision(
        decided_by="RUN", decided_on=TODAY, text="Föreslår", outcome="vidare", item_number="§ 14"
    )
    cases.record_decision(session, engine, case.number, decision, actor=Actor(id="system"))
    cases.move_on(session, engine, case.number, actor=Actor(id="system"))
    cases.set_status(session, engine, case.number, "Avslutat", actor=Actor(id="system"))
    assert told(case)[1:] == [
        "Regionstabschef bytte handläggare från ingen till Handläggare 1.",
        "Regionstabschef bytte handläggare från Handläggare 1 till Handläggare 2: Ledighet.",
        "Registrator RS ändrade ärendemeningen och ärendets betydelse.",
        "Handläggare 1 registrerade RS/1/2026-1 Yttrande.",
        "Registrator RS makulerade RS/1/2026-1 Yttrande: Fel ärende.",
        "RUN lade fram sitt förslag, § 14.",
        "Ärendet gick vidare från RUN till RS.",
        "Ärendet avslutades.",
    ]


def meeting(session, organ, on, **changes):
    days = {
        "submission_on": date(2026, 2, 16), "review_on": date(2026, 2, 19),
        "presidium_on": date(2026, 2, 26), "notice_on": date(2026, 3, 5),
    }  # fmt: skip
    row = Meeting(
        organ_code=organ, on=on, last_day_on=on,
        starts_at=at_local_time(on, NINE), **(days | changes),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def test_the_path_has_its_meetings_and_the_important_days(session, engine, register, clock):
    run = meeting(session, "RUN", date(2026, 3, 12))
    rs = meeting(session, "RS", date(2026, 4, 8))
    case = register(kind="motion")
    chosen = allocation(path=("RUN", "RS", "RF"), planned_meetings={"RUN": run.id, "RS": rs.id})
    cases.allocate(session, engine, case.number, chosen, actor=ALLOCATOR)
    stops = case_dates.path_stops(session, case)
    assert [(stop.organ, stop.state, stop.on) for stop in stops] == [
        ("RUN", StopState.NEXT, date(2026, 3, 12)),
        ("RS", StopState.LATER, date(2026, 4, 8)),
        ("RF", StopState.LATER, None),
    ]
    days = case_dates.important(session, case, stops)
    assert [(day.label, day.on.isoformat()) for day in days] == [
        ("Lämnas in", "2026-02-16"),
        ("Beredning", "2026-02-19"),
        ("Presidium", "2026-02-26"),
        ("Färdigberett", "2026-03-02"),
        ("Kallelse", "2026-03-05"),
        ("RUN", "2026-03-12"),
        ("Beslut senast", "2026-04-08"),
        ("RS", "2026-04-08"),
        ("Beslut inom ett år", "2027-02-04"),
    ]


def test_the_meeting_a_case_was_booked_at_counts_before_the_planned(
    session, engine, register, clock
):
    planned = meeting(session, "RS", date(2026, 3, 12))
    later = meeting(session, "RS", date(2026, 4, 8))
    case = register()
    chosen = allocation(planned_meetings={"RS": planned.id})
    cases.allocate(session, engine, case.number, chosen, actor=ALLOCATOR)
    agenda.book(session, later.id, case.number, now=clock.now())
    (stop,) = case_dates.path_stops(session, case)
    assert stop.on == date(2026, 4, 8)


def test_a_case_raised_on_the_leap_day_has_its_year(session, register, clock):
    clock.set(at_local_time(date(2028, 3, 1), NINE))
    case = register(kind="medborgarforslag", received_on=date(2028, 2, 29))
    (day,) = case_dates.important(session, case, [])
    assert day.on == date(2029, 3, 1)


def test_the_card_gathers_everything(session, engine, register, as_reader, clock):
    case = register()
    alias = cases.add_alias(session, engine, case.number, "RUN", actor=REGISTRAR)
    complete(session, engine, case, ALLOCATOR, handlaggare="handlaggare_1")
    memo = NewRecord(direction="drawn_up", dated_on=TODAY, subject="Utkast", to_be_decided=True)
    records.add(session, engine, case.number, memo, actor=OFFICER)
    session.flush()
    card = case_card.card(session, as_reader("administrator"), alias)
    assert card.case is case
    assert card.aliases == [alias]
    assert card.instance is not None
    assert [(line.task.name, line.holder) for line in card.tasks] == [
        ("Ta fram beslutsunderlag", "Handläggare 1")
    ]
    assert [line.description for line in card.records] == [
        "Arbetsmaterial, registreras efter beslut"
    ]
    assert [(person.part, person.name) for person in card.people] == [
        ("Handläggare", "Handläggare 1"),
        ("Ansvarig chef", "Områdeschef"),
        ("Sekreterare", "Sekreterare RS"),
        ("Väckt av", "Pensionärsföreningen"),
    ]
    assert card.history[-1].text.startswith("Registrator RS registrerade")


@pytest.mark.parametrize(
    ("member", "name"),
    [("sekreterare@RS", "Sekreterare RS"), ("ansvarig_chef@region", "Ansvarig chef")],
)
def test_a_group_is_named_as_people_do(member, name):
    assert case_phrases.member_name(member, {}) == name
