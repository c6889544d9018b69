from __future__ import annotations

import threading
from datetime import date

import pytest
import sqlalchemy as sa

from engine import history, instances, tasks
from engine.errors import Invalid
from processes import cases, numbering
from processes.cases import Case
from tests.processes.cases.world import REGISTRAR, new_case

pytestmark = pytest.mark.both_databases


class Regretted(Exception):
    """Somebody's mind was changed before the transaction ended."""


def test_the_number_is_given_on_saving_and_the_process_starts(session, engine, register):
    case = register()
    assert case.number == "RS/1/2026"
    assert case.status == "Registrerat"
    (instance,) = instances.of_business_key(session, case.number)
    assert instance.process_key == "arende"
    (task,) = tasks.of_business_key(session, case.number)
    assert (task.name, task.candidate) == ("Fördela ärendet", "fordelare@RS")


def test_each_registry_has_a_series_of_its_own_each_year(engine, register, clock):
    numbers = [register().number, register(registry_code="RUN").number, register().number]
    clock.forward(days=365)
    assert [*numbers, register().number] == ["RS/1/2026", "RUN/1/2026", "RS/2/2026", "RS/1/2027"]


def test_it_is_received_another_day_than_it_is_registered(register):
    case = register(received_on=date(2026, 1, 30))
    assert case.received_on == date(2026, 1, 30)
    assert case.created_at.date() == date(2026, 2, 4)


def test_a_registration_that_is_rolled_back_leaves_no_gap(database, engine):
    def register_and_fail() -> None:
        with database.writing() as session:
            cases.register(session, engine, new_case(), actor=REGISTRAR)
            raise Regretted

    with pytest.raises(Regretted):
        register_and_fail()
    with database.writing() as session:
        assert cases.register(session, engine, new_case(), actor=REGISTRAR).number == "RS/1/2026"


def test_threads_that_register_at_once_get_every_number_once(database, engine):
    failures: list[BaseException] = []

    def register_some(worker: int) -> None:
        for turn in range(5):
            try:
                with database.writing() as session:
                    cases.register(session, engine, new_case(), actor=REGISTRAR)
                    if (worker + turn) % 3 == 0:
                        raise Regretted
            except Regretted:
                pass
            except BaseException as error:
                failures.append(error)

    threads = [threading.Thread(target=register_some, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with database.reading() as session:
        seqs = sorted(session.scalars(sa.select(Case.seq)))
        assert seqs == list(range(1, len(seqs) + 1))
        assert numbering.last_taken(session, "RS", 2026) == len(seqs) > 5


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"registry_code": "XX"}, "registry_code", "diarium"),
        ({"heading": "  "}, "heading", "ärendemening"),
        ({"heading": "a" * 201}, "heading", "200"),
        ({"kind": "annat"}, "kind", "slags"),
        ({"received_on": date(2026, 2, 5)}, "received_on", "framtiden"),
        ({"secret": True, "public_heading": "Ett klagomål"}, "legal_ground", "paragraf"),
        ({"secret": True, "legal_ground": "25 kap. 1 § OSL"}, "public_heading", "offentlig"),
        ({"path": ("XX",)}, "path", "XX"),
        ({"path": ("RF",)}, "path", "KL 5 kap. 26 §"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(engine, register, session, changes, field, words):
    with pytest.raises(Invalid) as refused:
        register(**changes)
    messages = [error.message for error in refused.value.errors if error.field == field]
    assert messages
    assert any(words in message for message in messages)
    assert numbering.last_taken(session, "RS", 2026) == 0


def test_every_fault_is_told_at_once(register):
    with pytest.raises(Invalid) as refused:
        register(registry_code="XX", heading="", kind="x", received_on=date(2027, 1, 1))
    fields = {error.field for error in refused.value.errors}
    assert fields == {"registry_code", "heading", "kind", "received_on"}


def test_a_number_in_a_second_registry_finds_the_case_too(session, engine, register):
    case = register(registry_code="RUN")
    alias = cases.add_alias(session, engine, case.number, "RS", actor=REGISTRAR)
    assert alias == "RS/1/2026"
    assert cases.get(session, alias) is case
    assert cases.get(session, " rs / 1 / 2026 ") is case
    assert cases.add_alias(session, engine, alias, "RS", actor=REGISTRAR) == alias
    assert cases.aliases(session, case.number) == [alias]
    assert register().number == "RS/2/2026"


def test_a_number_nobody_has_is_not_found(session, engine):
    for number in ("RS/9/2026", "inget nummer", ""):
        with pytest.raises(cases.CaseNotFound, match="inget ärende"):
            cases.get(session, number)


def test_registering_is_in_the_log(session, engine, register):
    case = register()
    kinds = [row.kind for row in history.of_business_key(session, case.number)]
    assert "case_registered" in kinds
    assert "element_entered" in kinds


def test_spaces_in_the_heading_are_tidied(register):
    assert register(heading="  Ny   rutin \n").heading == "Ny rutin"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("RS/1180/2015", "RS/1180/2015"),
        (" rs/1180/2015 ", "RS/1180/2015"),
        ("run / 1 / 2015", "RUN/1/2015"),
        ("RS/007/2015", "RS/7/2015"),
        ("RS/1180", None),
        ("RS 1180 2015", None),
        ("1/2/2015", None),
    ],
)
def test_a_number_is_read_as_people_write_it(text, number):
    parsed = numbering.parse(text)
    assert (str(parsed) if parsed else None) == number
