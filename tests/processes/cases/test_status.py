from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine.errors import Invalid
from engine.tables import Message
from processes import cases
from processes.cases import CaseStatus, PhaseState
from tests.processes.cases.world import OFFICER, REGISTRAR, allocation


def states(session, case):
    return {phase.name: phase.state for phase in cases.phases(session, case)}


def test_each_status_is_kept_with_its_time(session, engine, register, clock):
    case = register()
    clock.forward(days=1)
    cases.set_status(session, engine, case.number, CaseStatus.PREPARING, actor=OFFICER)
    cases.set_status(session, engine, case.number, CaseStatus.PREPARING, actor=OFFICER)
    found = [(row.status, row.actor) for row in cases.changes(session, case.number)]
    assert found == [("Registrerat", "registrator_rs"), ("Under handläggning", "handlaggare_1")]
    assert case.status_at == clock.now()


@pytest.mark.parametrize(
    ("status", "phase"),
    [
        ("Registrerat", "Fördelat"),
        ("Fördelat", "Handläggs"),
        ("På remiss", "Handläggs"),
        ("Klart för beslut", "Beslut"),
        ("I kallelse", "Beslut"),
        ("Beslutat (ej justerat)", "Efterarbete"),
        ("Expedierat", "Efterarbete"),
        ("Avslutat", "Arkiv"),
    ],
)
def test_the_phase_that_each_status_stands_in(session, engine, register, status, phase):
    case = register()
    cases.set_status(session, engine, case.number, status, actor=OFFICER)
    found = [p.name for p in cases.phases(session, case) if p.state == PhaseState.NOW]
    assert found == [phase]


def test_every_status_has_a_phase(session, engine, register):
    for status in CaseStatus:
        case = register()
        cases.set_status(session, engine, case.number, status, actor=OFFICER)
        assert len(cases.phases(session, case)) == 7


def test_phases_have_the_days_they_were_reached(session, engine, register, clock):
    case = register(received_on=date(2026, 2, 2))
    clock.forward(days=2)
    cases.allocate(session, engine, case.number, allocation(), actor=OFFICER)
    line = {phase.name: phase for phase in cases.phases(session, case)}
    assert line["Väckt"].reached_on == date(2026, 2, 2)
    assert line["Registrerat"].reached_on == date(2026, 2, 4)
    assert line["Fördelat"].reached_on == date(2026, 2, 6)
    assert line["Handläggs"].until_on == date(2026, 3, 2)
    assert line["Beslut"].until_on == date(2026, 4, 8)
    assert line["Arkiv"].state == PhaseState.LATER


def test_a_case_referred_back_is_prepared_again(session, engine, register):
    case = register()
    for status in (CaseStatus.PREPARING, CaseStatus.NOTICED, CaseStatus.PREPARING):
        cases.set_status(session, engine, case.number, status, actor=OFFICER)
    assert states(session, case)["Handläggs"] == PhaseState.NOW
    assert states(session, case)["Beslut"] == PhaseState.LATER


def test_an_archived_case_keeps_its_status(session, engine, register):
    case = register()
    cases.set_status(session, engine, case.number, CaseStatus.ARCHIVED, actor=OFFICER)
    assert case.archived_at is not None
    with pytest.raises(cases.StatusRefused, match="arkiverat"):
        cases.set_status(session, engine, case.number, CaseStatus.CLOSED, actor=OFFICER)


def test_withdrawing_tells_the_running_case_why(session, engine, register):
    case = register()
    cases.withdraw(session, engine, case.number, reason="Sökanden ångrade sig", actor=REGISTRAR)
    assert case.status == CaseStatus.WITHDRAWN
    assert case.withdrawn_at is not None
    message = session.scalars(sa.select(Message)).one()
    assert (message.name, message.key) == ("aterkallat", f'["{case.number}"]')
    assert states(session, case)["Beslut"] == PhaseState.SKIPPED
    assert states(session, case)["Efterarbete"] == PhaseState.NOW


def test_withdrawing_demands_a_reason_and_comes_before_the_decision(session, engine, register):
    case = register()
    with pytest.raises(Invalid, match="varför"):
        cases.withdraw(session, engine, case.number, reason=" ", actor=REGISTRAR)
    cases.set_status(session, engine, case.number, CaseStatus.DECIDED, actor=REGISTRAR)
    with pytest.raises(cases.StatusRefused, match="beslutat"):
        cases.withdraw(session, engine, case.number, reason="För sent", actor=REGISTRAR)
