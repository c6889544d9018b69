"""Paths of one record that has been sent for registration (chapters 3.2 and 5)."""

from __future__ import annotations

from datetime import date

import pytest

from engine.errors import Invalid, Refusal
from engine.host import Actor
from processes import records
from processes.records import Direction, NewRecord, NotYetDecided
from tests.processes.paths.walk import OFFICER, Walk


def send(walk: Walk, *, to_be_decided: bool = False) -> str:
    """A record the officer has drawn up and sent; its id."""
    walk.start()
    actor = Actor(id=OFFICER)
    new = NewRecord(
        direction=Direction.DRAWN_UP, dated_on=date(2026, 2, 4), subject="Utredning",
        registered=False, to_be_decided=to_be_decided,
    )  # fmt: skip
    with walk.engine.database.writing() as session:
        record = records.add(session, walk.engine, walk.number, new, actor=actor)
        records.send_for_registration(session, walk.engine, record.id, actor=actor)
    walk.drain()
    assert walk.open == ["fordela_arende", "registrera_handling"]
    return record.id


def is_registered(walk: Walk, record_id: str) -> bool:
    with walk.engine.database.reading() as session:
        return records.get(session, record_id).registered


def test_the_registrar_registers_it_and_the_officer_is_told(walk: Walk) -> None:
    record_id = send(walk)
    assert walk.task("registrera_handling").candidate == "registrator@RS"
    walk.do("registrera_handling", beslut="diariefor")
    assert is_registered(walk, record_id)
    assert f"Diarieförd: {walk.number}-1" in walk.letters()
    assert walk.open == ["fordela_arende"]


def test_the_registrar_is_reminded_the_day_after(walk: Walk) -> None:
    send(walk)
    walk.wait_until(date(2026, 2, 5))
    assert any(subject.startswith("Påminnelse: Diarieför") for subject in walk.letters())
    assert "registrera_handling" in walk.open


def test_what_is_not_complete_goes_back_and_comes_again(walk: Walk) -> None:
    record_id = send(walk)
    walk.do("registrera_handling", beslut="komplettera", saknas="Datum.")
    assert walk.open == ["fordela_arende", "komplettera_handling"]
    walk.do("komplettera_handling", beslut="skicka")
    walk.do("registrera_handling", beslut="diariefor")
    assert is_registered(walk, record_id)


def test_it_can_be_taken_back(walk: Walk) -> None:
    record_id = send(walk)
    walk.do("registrera_handling", beslut="komplettera", saknas="Underskrift.")
    walk.do("komplettera_handling", beslut="ta_tillbaka")
    assert (walk.open, is_registered(walk, record_id)) == (["fordela_arende"], False)


def test_it_is_sent_once_and_may_be_sent_again_when_taken_back(walk: Walk) -> None:
    record_id = send(walk)
    with pytest.raises(Refusal, match="redan hos registrator"):
        send_again(walk, record_id)
    walk.do("registrera_handling", beslut="komplettera", saknas="Underskrift.")
    walk.do("komplettera_handling", beslut="ta_tillbaka")
    send_again(walk, record_id)
    assert "registrera_handling" in walk.open


def send_again(walk: Walk, record_id: str) -> None:
    with walk.engine.database.writing() as session:
        records.send_for_registration(session, walk.engine, record_id, actor=Actor(id=OFFICER))
    walk.drain()


def test_what_a_body_is_to_decide_is_not_sent_before_it_has(walk: Walk) -> None:
    with pytest.raises(NotYetDecided):
        send(walk, to_be_decided=True)


def test_secrecy_is_marked_with_its_legal_ground(walk: Walk) -> None:
    record_id = send(walk)
    with pytest.raises(Invalid) as refused:
        walk.do("registrera_handling", beslut="diariefor", sekretess=True, lagrum="hemligt")
    assert [error.field for error in refused.value.errors] == ["lagrum"]
    walk.do("registrera_handling", beslut="diariefor", sekretess=True, lagrum="25 kap. 1 § OSL")
    with walk.engine.database.reading() as session:
        record = records.get(session, record_id)
    assert (record.secret, record.legal_ground) == (True, "25 kap. 1 § OSL")
