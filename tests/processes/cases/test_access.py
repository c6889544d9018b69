from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
import sqlalchemy as sa

from engine import tasks
from engine.errors import Invalid, NotAllowed
from processes import access, case_history, case_list, cases, records, search, secrecy
from processes.cases import Case
from processes.files import FileStore
from processes.records import NewRecord
from processes.substitutes import Substitution
from tests.processes.cases.world import ALLOCATOR, OFFICER, REGISTRAR, TODAY, allocation

pytestmark = pytest.mark.both_databases

GROUND = "25 kap. 1 § OSL"


@pytest.fixture
def secret(register):
    return register(
        heading="Anmälan om vårdskada", public_heading="Anmälan", secret=True, legal_ground=GROUND
    )


def may(session, as_reader, user_id, case):
    reader = as_reader(user_id)
    by_list = case.number in session.scalars(access.visible(sa.select(Case.number), reader))
    assert by_list == access.may_see(session, reader, case)  # the two never differ
    return by_list


def test_a_case_without_secrecy_is_open_to_all(session, register, as_reader):
    case = register()
    assert all(may(session, as_reader, user, case) for user in ("administrator", "handlaggare_2"))


@pytest.mark.parametrize(
    ("user_id", "sees"),
    [
        ("registrator_rs", True),
        ("regionstabschef", True),  # the role has a task in it
        ("registrator_run", False),
        ("handlaggare_1", False),
        ("sekreterare_rs", False),
        ("administrator", False),
    ],
)
def test_a_secret_case_is_there_for_those_with_a_part(session, secret, as_reader, user_id, sees):
    assert may(session, as_reader, user_id, secret) is sees
    if not sees:
        with pytest.raises(cases.CaseNotFound, match="inget ärende"):
            access.case(session, as_reader(user_id), secret.number)


def test_officers_manager_delegate_and_members_have_a_part(session, engine, secret, as_reader):
    chosen = allocation(co_officers=("handlaggare_2",))
    cases.allocate(session, engine, secret.number, chosen, actor=ALLOCATOR)
    cases.add_member(session, engine, secret.number, "registrator_run", actor=OFFICER)
    session.flush()
    for user in ("handlaggare_1", "handlaggare_2", "chef", "sekreterare_rs", "registrator_run"):
        assert may(session, as_reader, user, secret), user
    assert not may(session, as_reader, "administrator", secret)


def test_another_case_officer_does_not_see_it(session, engine, secret, as_reader):
    """Both hold the role that may be named; only the one who is has a part."""
    (task,) = tasks.of_business_key(session, secret.number)
    answers = {"handlaggare": "handlaggare_1"}
    tasks.complete(session, engine, task.id, answers, actor=ALLOCATOR, lock_version=None)
    session.flush()
    assert may(session, as_reader, "handlaggare_1", secret)
    assert not may(session, as_reader, "handlaggare_2", secret)
    assert may(session, as_reader, "regionstabschef", secret)  # had a task in it


def test_the_registrar_of_a_second_registry_sees_it(session, engine, secret, as_reader):
    cases.add_alias(session, engine, secret.number, "RUN", actor=REGISTRAR)
    session.flush()
    assert may(session, as_reader, "registrator_run", secret)


def test_a_substitute_sees_what_the_absent_person_sees(session, engine, secret, as_reader, clock):
    cases.allocate(session, engine, secret.number, allocation(), actor=ALLOCATOR)
    session.add(
        Substitution(
            absent_id="handlaggare_1", substitute_id="handlaggare_2", created_by="chef",
            created_at=clock.now(), valid_from_on=TODAY, valid_to_on=date(2026, 2, 6),
        )
    )  # fmt: skip
    session.flush()
    assert may(session, as_reader, "handlaggare_2", secret)
    clock.forward(days=3)
    assert not may(session, as_reader, "handlaggare_2", secret)


def test_a_secret_case_is_in_no_list_or_search(session, secret, as_reader, register):
    open_case = register(heading="Anmälan om cykelställ")
    outsider, insider = as_reader("administrator"), as_reader("registrator_rs")
    for reader, expected in ((outsider, 1), (insider, 2)):
        assert len(search.find_cases(session, reader, "anmälan").items) == expected
        assert len(case_list.page(session, reader).items) == expected
        assert len(case_list.similar(session, reader, "Anmälan")) == expected
    assert search.find(session, outsider, secret.number).exact is None
    assert search.find(session, insider, secret.number).exact == secret.number
    hidden = session.scalars(access.hidden_numbers(outsider)).all()
    assert hidden == [secret.number]
    assert not access.may_see_key(session, outsider, secret.number)
    assert access.may_see_key(session, outsider, open_case.number)
    assert access.may_see_key(session, outsider, "mote:1")
    assert access.find_case(session, outsider, secret.number) is None


def test_a_secret_record_in_an_open_case_is_hidden_with_its_files(
    session, engine, register, as_reader, tmp_path
):
    case = register()
    store = FileStore(tmp_path / "filer", max_bytes=1000)
    new = NewRecord(
        direction="in", dated_on=TODAY, subject="Journal", sender="En patient",
        secret=True, legal_ground=GROUND,
    )  # fmt: skip
    files = [store.save(BytesIO(b"x"), "journal.pdf")]
    record = records.add(session, engine, case.number, new, actor=REGISTRAR, files=files)
    session.flush()
    (file,) = records.files(session, [record.id])[record.id]
    outsider, insider = as_reader("administrator"), as_reader("registrator_rs")
    assert access.records_of(session, outsider, case) == []
    assert access.records_of(session, insider, case) == [record]
    with pytest.raises(records.FileNotFound):
        access.file(session, outsider, file.id)
    with pytest.raises(records.RecordNotFound):
        access.record(session, outsider, record.id)
    assert access.file(session, insider, file.id) is file
    told = [sentence.text for sentence in case_history.sentences(session, outsider, case)]
    assert not any("Journal" in text for text in told)
    told = [sentence.text for sentence in case_history.sentences(session, insider, case)]
    assert any("RS/1/2026-1 Journal" in text for text in told)


def test_marking_later_hides_and_lifting_shows_again(session, engine, register, as_reader):
    case = register()
    with pytest.raises(Invalid) as refused:
        secrecy.mark_case(
            session, engine, case.number, legal_ground="", public_heading="", actor=REGISTRAR
        )
    assert {error.field for error in refused.value.errors} == {"legal_ground", "public_heading"}
    secrecy.mark_case(
        session, engine, case.number, legal_ground="OSL 25:1", public_heading="Ärende om vård",
        actor=REGISTRAR,
    )  # fmt: skip
    session.flush()
    assert case.legal_ground == GROUND
    assert not may(session, as_reader, "administrator", case)
    with pytest.raises(Invalid, match="varför"):
        secrecy.lift_case(session, engine, case.number, reason="", actor=REGISTRAR)
    secrecy.lift_case(session, engine, case.number, reason="Prövad på nytt", actor=REGISTRAR)
    session.flush()
    assert may(session, as_reader, "administrator", case)


def test_who_may_act_on_a_task(session, engine, register, clock):
    case = register()
    (task,) = tasks.of_business_key(session, case.number)
    now = clock.now()
    actor = access.may_act(access.reader(session, "regionstabschef", now), task)
    assert (actor.id, actor.on_behalf_of) == ("regionstabschef", None)
    with pytest.raises(NotAllowed, match="Fördelare RS"):
        access.may_act(access.reader(session, "handlaggare_1", now), task)
    session.add(
        Substitution(
            absent_id="regionstabschef", substitute_id="chef", created_by="chef",
            created_at=now, valid_from_on=TODAY,
        )
    )  # fmt: skip
    session.flush()
    actor = access.may_act(access.reader(session, "chef", now), task)
    assert (actor.id, actor.on_behalf_of) == ("chef", "regionstabschef")
    tasks.claim(session, engine, task.id, actor=ALLOCATOR, lock_version=None)
    assert (
        access.may_act(access.reader(session, "chef", now), task).on_behalf_of == "regionstabschef"
    )


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("25 kap. 1 § OSL", "25 kap. 1 § OSL"),
        ("OSL 25:1", "25 kap. 1 § OSL"),
        ("osl 21 kap 3 a §", "21 kap. 3 a § OSL"),
        ("25 kap 1 §", "25 kap. 1 § OSL"),
        ("25 kap. 1 § OSL och 39 kap. 2 § OSL", "25 kap. 1 § OSL och 39 kap. 2 § OSL"),
    ],
)
def test_a_legal_ground_is_written_as_the_rules_do(register, text, ground):
    case = register(secret=True, public_heading="Anmälan", legal_ground=text)
    assert case.legal_ground == ground
