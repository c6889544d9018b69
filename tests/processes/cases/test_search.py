from __future__ import annotations

import pytest

from processes import case_list, cases, search
from processes.search_index import words
from tests.processes.cases.world import REGISTRAR

pytestmark = pytest.mark.both_databases


@pytest.fixture
def reader(as_reader):
    return as_reader("handlaggare_1")


def found(session, reader, text):
    return [case.number for case in search.find_cases(session, reader, text).items]


def test_words_keep_the_swedish_letters_apart():
    assert words("Vårdens ÅTGÄRDER, Café & §\u00a012") == ["vårdens", "åtgärder", "cafe", "12"]
    assert words("A\u030ar") == ["år"]


def test_cases_are_found_by_the_beginnings_of_words(session, register, reader):
    register(heading="Revidering av vårdprogram för barn")
    register(heading="Varsel om neddragning")
    assert found(session, reader, "vård barn") == ["RS/1/2026"]
    assert found(session, reader, "VÅRDPROG") == ["RS/1/2026"]
    assert found(session, reader, "var") == ["RS/2/2026"]
    assert found(session, reader, "vård varsel") == []
    assert found(session, reader, "program") == []
    assert found(session, reader, "  ?! ") == []


@pytest.mark.parametrize("text", ["RS/1/2026", "rs/1/2026", "rs 1 2026", "run/1/2026"])
def test_cases_are_found_by_every_number(session, engine, register, reader, text):
    case = register(heading="Färdtjänst")
    cases.add_alias(session, engine, case.number, "RUN", actor=REGISTRAR)
    session.flush()
    assert found(session, reader, text) == [case.number]


def test_a_number_written_out_is_an_exact_hit(session, register, reader):
    case = register()
    assert search.find(session, reader, "rs/1/2026").exact == case.number
    assert search.find(session, reader, "rs/2/2026").exact is None


def test_a_new_heading_is_found_and_the_old_one_is_not(session, engine, register, reader):
    case = register(heading="Gammal rubrik")
    cases.change(session, engine, case.number, {"heading": "Ny mening"}, actor=REGISTRAR)
    session.flush()
    assert found(session, reader, "mening") == [case.number]
    assert found(session, reader, "gammal") == []


def test_pages_follow_each_other_without_gaps(session, register, reader):
    numbers = [register(heading=f"Ärende om väg {n}").number for n in range(7)]
    seen, cursor = [], None
    while True:
        page = search.find_cases(session, reader, "väg", limit=3, cursor=cursor)
        seen += [case.number for case in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert seen == sorted(numbers, reverse=True)


def test_people_and_meetings_come_with_the_first_page(session, reader):
    hits = search.find(session, reader, "handlägg")
    assert [user.name for user in hits.people] == ["Handläggare 1", "Handläggare 2"]
    assert search.find(session, reader, "handlagg").people == []


def test_the_register_is_narrowed(session, engine, register, reader):
    motion = register(kind="motion", path=("RUN", "RS", "RF"))
    other = register(registry_code="RUN")
    cases.set_status(session, engine, other.number, "På remiss", actor=REGISTRAR)
    session.flush()

    def numbers(**narrowed):
        return [case.number for case in case_list.page(session, reader, **narrowed).items]

    assert numbers(kind="motion") == [motion.number]
    assert numbers(organ="RF") == [motion.number]
    assert numbers(registry="RUN") == [other.number]
    assert numbers(statuses=["På remiss", "Avslutat"]) == [other.number]
    assert numbers(text="ambulans", registry="RS") == [motion.number]
    cases.add_alias(session, engine, motion.number, "RUN", actor=REGISTRAR)
    session.flush()
    assert set(numbers(registry="RUN")) == {motion.number, other.number}


def test_likely_duplicates_are_shown_while_the_heading_is_typed(session, register, reader):
    register(heading="Ambulansberedskap i glesbygden")
    register(heading="Utredning om färdtjänst i glesbygden")
    register(heading="Budget 2027")

    def alike(heading):
        return [case.heading for case in case_list.similar(session, reader, heading)]

    assert alike("ambulansberedskap glesbygden") == [
        "Ambulansberedskap i glesbygden", "Utredning om färdtjänst i glesbygden",
    ]  # fmt: skip
    assert alike("Ny ambulansberedskap för glesbygden och fjällen") == [
        "Ambulansberedskap i glesbygden"
    ]
    assert alike("om av i") == []
