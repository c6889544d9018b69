"""Rows of the domain are fetched once in a command, by whatever key they have."""

from __future__ import annotations

import gc

import pytest

from engine import loaded
from processes.cases import Case, CaseMember
from tests.engine.statements import counted

pytestmark = pytest.mark.both_databases


def test_a_command_fetches_a_case_once_however_many_facts_are_asked_for(session, engine, register):
    number = register().number
    session.expunge_all()
    loaded.keep(session)
    with counted(engine.database) as said:
        for _fact in range(3):
            assert session.get(Case, number).number == number
            gc.collect()
    assert len(said) == 1


def test_a_row_with_a_key_of_two_parts_is_found_by_both(session, engine, register):
    number, now = register().number, engine.clock.now()
    session.add(CaseMember(case_number=number, member="anna", added_at=now, added_by="bo"))
    session.flush()
    session.expunge_all()
    member = session.get(CaseMember, (number, "anna"))
    assert (member.case_number, member.member, member.added_by) == (number, "anna", "bo")
    assert session.get(CaseMember, (number, "anna")) is member
    assert session.get(CaseMember, (number, "ingen")) is None
    assert session.get(CaseMember, ("RS/0/2026", "anna")) is None
