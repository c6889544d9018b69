"""The organisation as a file: taken whole, or refused with every fault at its place."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from engine.clock import SettableClock
from engine.engine import Engine
from engine.errors import Invalid
from processes import accounts, organisation, organisation_file, standing
from processes.demo import FILE

DEMO = FILE.read_text("utf-8")
VVN = 'kod = "VVN"\nnamn = "Vårdvalsnämnden"'
TODAY = date(2026, 2, 4)


def faults_of(session: Session, engine: Engine, text: str) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        organisation_file.load(session, engine, text)
    return [(error.field, error.message) for error in refused.value.errors]


def test_the_same_file_twice_changes_nothing(
    region: Session, engine: Engine, clock: SettableClock
) -> None:
    clock.forward(days=40)
    assert organisation_file.load(region, engine, DEMO).nothing


def test_what_the_file_says_anew_is_changed_and_nothing_else(
    region: Session, engine: Engine
) -> None:
    accounts.get(region, "administrator").email = "egen@example.se"
    done = organisation_file.load(
        region, engine, DEMO.replace('namn = "Patientnämnden"', 'namn = "Nämnden för patienter"')
    )
    assert (done.created, done.changed, done.ended) == (0, 2, 0)  # the name, the address back
    assert organisation.get_organ(region, "PN").name == "Nämnden för patienter"


def test_a_role_no_longer_in_the_file_ended_yesterday(
    region: Session, engine: Engine, clock: SettableClock
) -> None:
    clock.forward(days=10)
    without = DEMO.replace('  { roll = "Kanslichef" },\n', "")
    assert organisation_file.load(region, engine, without).ended == 1
    assert not organisation.has_holder(region, "kanslichef@region", date(2026, 2, 14))
    assert organisation.has_holder(region, "kanslichef@region", date(2026, 2, 13))


def test_a_person_is_never_given_a_password_by_a_file(region: Session) -> None:
    assert all(user.password_hash == "" for user in accounts.everyone(region))


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ('kod = "RS"\nnamn = "Regionstyrelsen"', 'namn = "Regionstyrelsen"', "organ 2", "kod"),
        ('slag = "styrelse"', 'slag = "styrelsen"', "organ 2 (RS)", "fullmäktige, styrelse"),
        ("justerare = 2", 'justerare = "två"', "organ 1 (RF)", "heltal"),
        ("justerare = 2", "justerare = true", "organ 1 (RF)", "heltal"),
        ("kungors = true", 'kungors = "ja"', "organ 1 (RF)", "true eller false"),
        ("justerare = 2", "justerrare = 2", "organ 1 (RF)", "Menade du ”justerare”"),
        ("justerare = 2", "justerare = 99", "organ 1 (RF)", "orimligt"),
        ('presidium = "RUN-AU"', 'presidium = "RUN-UA"', "organ 3 (RUN)", "RUN-UA"),
        ('diarium = "VVN"', 'diarium = "VV"', "organ 5 (VVN)", "VV"),
        ('klockslag = "10:00"', 'klockslag = "tio"', "organ 1 (RF)", "09:00"),
        (VVN, VVN.replace("VVN", "HSN"), "organ 5 (HSN)", "organ 4"),
        ('"styrelse"\noverordnat = "RF"', '"styrelse"', "organ 2 (RS)", "överst"),
        ('"handlaggare_1"', '"Handläggare 1"', "person 10 (Handläggare 1)", "a–z"),
        ('"handlaggare_2"', '"handlaggare_1"', "person 11 (handlaggare_1)", "person 10"),
        ('roll = "Kanslichef"', 'roll = "Kansli"', "person 8 (kanslichef), roll 1", "Kansli"),
        ('inom = ["RUN"] }', 'inom = ["ROM"] }', "person 2 (registrator_run), roll 1", "ROM"),
        ("[[roll]]", "[[rol]]", "rol", "Menade du ”roll”"),
    ],
)  # fmt: skip
def test_a_fault_is_told_at_its_place(
    region: Session, engine: Engine, old: str, new: str, place: str, said: str
) -> None:
    assert old in DEMO
    faults = faults_of(region, engine, DEMO.replace(old, new, 1))
    assert any(found == place and said in message for found, message in faults), faults


def test_every_fault_is_told_at_once(region: Session, engine: Engine) -> None:
    text = DEMO.replace("justerare = 2", "justerrare = 2").replace("kungors = true", "kungors = 1")
    assert len(faults_of(region, engine, text)) == 2


def test_what_is_not_toml_says_on_which_line(region: Session, engine: Engine) -> None:
    ((place, said),) = faults_of(region, engine, 'namn = "Region\n')
    assert place == "rad 1"
    assert "TOML" in said


def test_a_file_that_is_refused_changes_nothing(region: Session, engine: Engine) -> None:
    text = DEMO.replace('namn = "Patientnämnden"', 'namn = "Ändrad"').replace('"RUN-AU"', '"Q"', 1)
    faults_of(region, engine, text)
    assert organisation.get_organ(region, "PN").name == "Patientnämnden"


def test_substitutes_may_stand_in_the_file(region: Session, engine: Engine) -> None:
    absence = (
        '\n[[ersattare]]\nborta = "kanslichef"\nersatts_av = "regionstabschef"\n'
        "fran = 2026-02-01\ntill = 2026-02-13\n"
    )
    assert organisation_file.load(region, engine, DEMO + absence).created == 1
    assert organisation_file.load(region, engine, DEMO + absence).nothing
    assert "kanslichef" in standing.of(region, "regionstabschef", TODAY).assignees
    wrong = absence.replace('"regionstabschef"', '"ingen"')
    ((place, said),) = faults_of(region, engine, DEMO + wrong)
    assert place == "ersattare 1 (kanslichef)"
    assert "ingen" in said
