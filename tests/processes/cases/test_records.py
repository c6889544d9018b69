from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
import sqlalchemy as sa

from engine.errors import Invalid, Refusal, Stale
from engine.tables import Message
from processes import cases, records
from processes.cases import CaseStatus
from processes.files import FileStore
from processes.records import NewRecord
from tests.processes.cases.world import OFFICER, REGISTRAR, TODAY

LETTER = NewRecord(
    direction="in", dated_on=TODAY, subject="Skrivelse om ambulanser", sender="En medborgare"
)
MEMORANDUM = NewRecord(
    direction="drawn_up", dated_on=TODAY, subject="Tjänsteskrivelse", to_be_decided=True
)


@pytest.fixture
def case(register):
    return register()


def add(session, engine, case, new, **more):
    return records.add(session, engine, case.number, new, actor=OFFICER, **more)


def test_a_registered_record_has_a_designation_of_its_own(session, engine, case):
    first = add(session, engine, case, LETTER)
    second = add(session, engine, case, LETTER)
    assert [first.designation, second.designation] == ["RS/1/2026-1", "RS/1/2026-2"]
    assert first.registered_by == "handlaggare_1"


def test_what_comes_in_is_told_to_the_running_case(session, engine, case):
    record = add(session, engine, case, LETTER)
    add(session, engine, case, replace(LETTER, direction="out", recipient="Myndigheten"))
    message = session.scalars(sa.select(Message)).one()
    assert (message.name, message.key) == ("ny_handling", '["RS/1/2026"]')
    assert message.payload == {"handling_id": record.id}


def test_a_record_reaches_the_case_by_its_other_number(session, engine, case):
    alias = cases.add_alias(session, engine, case.number, "RUN", actor=REGISTRAR)
    record = records.add(session, engine, alias, LETTER, actor=OFFICER)
    assert record.case_number == case.number


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"direction": "sidledes"}, "direction"),
        ({"subject": " "}, "subject"),
        ({"subject": "a" * 251}, "subject"),
        ({"sender": ""}, "sender"),
        ({"direction": "out"}, "recipient"),
        ({"dated_on": date(2026, 2, 5)}, "dated_on"),
        ({"secret": True}, "legal_ground"),
        ({"secret": True, "legal_ground": "för att"}, "legal_ground"),
    ],
)
def test_the_facts_of_the_law_are_demanded(session, engine, case, changes, field):
    with pytest.raises(Invalid) as refused:
        add(session, engine, case, replace(LETTER, **changes))
    assert [error.field for error in refused.value.errors] == [field]


def test_working_material_is_registered_later(session, engine, case):
    note = add(session, engine, case, replace(LETTER, registered=False))
    assert (note.registered, note.designation) == (False, "")
    records.register(session, engine, note.id, actor=REGISTRAR)
    records.register(session, engine, note.id, actor=REGISTRAR)
    assert (note.designation, note.registered_by) == ("RS/1/2026-1", "registrator_rs")


def test_what_is_to_be_decided_is_not_registered_until_it_is(session, engine, case):
    memorandum = add(session, engine, case, MEMORANDUM)
    assert not memorandum.registered
    with pytest.raises(records.NotYetDecided, match="när de är beslutade"):
        records.register(session, engine, memorandum.id, actor=REGISTRAR)
    cases.set_status(session, engine, case.number, CaseStatus.DECIDED, actor=REGISTRAR)
    assert records.register(session, engine, memorandum.id, actor=REGISTRAR).seq == 1


def test_an_archived_case_takes_no_more_records(session, engine, case):
    cases.set_status(session, engine, case.number, CaseStatus.ARCHIVED, actor=REGISTRAR)
    with pytest.raises(Invalid, match="arkiverat"):
        add(session, engine, case, LETTER)


def test_a_correction_leaves_who_when_why_and_what(session, engine, case, clock):
    record = add(session, engine, case, LETTER)
    with pytest.raises(Invalid, match="varför"):
        records.correct(session, engine, record.id, {"sender": "A"}, actor=REGISTRAR)
    changed = {"sender": "Två medborgare", "subject": LETTER.subject}
    records.correct(
        session, engine, record.id, changed, reason="Två hade skrivit under", actor=REGISTRAR
    )
    session.flush()
    (trace,) = records.corrections(session, record.id)
    assert (trace.field, trace.before, trace.after) == (
        "sender", "En medborgare", "Två medborgare",
    )  # fmt: skip
    assert (trace.actor, trace.reason) == ("registrator_rs", "Två hade skrivit under")
    with pytest.raises(Stale):
        records.correct(session, engine, record.id, changed, actor=REGISTRAR, lock_version=1)


def test_an_annulled_record_stays_with_its_number(session, engine, case):
    record = add(session, engine, case, LETTER)
    with pytest.raises(Invalid, match="makuleras"):
        records.annul(session, engine, record.id, reason="", actor=REGISTRAR)
    records.annul(session, engine, record.id, reason="Fel ärende", actor=REGISTRAR)
    assert add(session, engine, case, LETTER).designation == "RS/1/2026-2"
    assert len(records.of_case(session, case.number)) == 2
    with pytest.raises(Refusal, match="makulerad"):
        records.correct(session, engine, record.id, {"sender": "B"}, reason="x", actor=REGISTRAR)


def test_files_of_the_same_name_are_versions(session, engine, case, tmp_path, clock):
    store = FileStore(tmp_path / "filer", max_bytes=1000)
    record = add(session, engine, case, MEMORANDUM, files=[store.save(BytesIO(b"ett"), "T.docx")])
    clock.forward(minutes=1)
    second = [store.save(BytesIO(b"andra"), "T.docx"), store.save(BytesIO(b"tre"), "Bilaga.pdf")]
    records.add_files(session, engine, record.id, second, actor=OFFICER)
    session.flush()
    files = records.files(session, [record.id])[record.id]
    assert [(file.name, file.replaced_at is None) for file in files] == [
        ("Bilaga.pdf", True),
        ("T.docx", True),
        ("T.docx", False),
    ]
    with store.open(files[2].sha256) as content:
        assert content.read() == b"ett"
