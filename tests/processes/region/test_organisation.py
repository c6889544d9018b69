"""Bodies, registries, roles and who holds them, on the day that is asked about."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from engine.engine import Engine
from engine.errors import Invalid, NotFound
from engine.history import SYSTEM_CHAIN, verify
from engine.host import Actor
from processes import accounts, appointments, organisation, standing
from processes.organisation import Organ, OrganKind, Review

TODAY = date(2026, 2, 4)
ADMINISTRATOR = Actor(id="administrator")


def test_the_bodies_of_the_rules_are_there_the_assembly_first(region: Session) -> None:
    codes = [organ.code for organ in organisation.organs(region, TODAY)]
    assert codes[:2] == ["RF", "RS"]
    assert set(codes) >= {"RUN", "VVN", "HSN", "GN", "PN", "UEK", "UPE", "UHS", "RUN-AU", "SBB"}


def test_a_body_carries_what_the_diagrams_ask_for(region: Session) -> None:
    board = organisation.get_organ(region, "RS")
    assembly = organisation.get_organ(region, "RF")
    assert (board.kind, board.review) == (OrganKind.BOARD, Review.CHANCELLERY)
    assert assembly.announces_publicly
    assert not assembly.closed
    assert organisation.get_organ(region, "RUN").presidium_code == "RUN-AU"
    assert organisation.get_organ(region, "GN").joint
    assert not organisation.get_organ(region, "SBB").appealable
    assert organisation.get_organ(region, "PN").registry_code is None


@pytest.mark.parametrize(
    ("code", "decided_by", "path"),
    [
        ("RUN", None, ["RUN", "RS", "RF"]),
        ("RUN-AU", None, ["RUN-AU", "RUN", "RS", "RF"]),
        ("UEK", None, ["UEK", "RS", "RF"]),
        ("SBB", None, ["SBB", "RS", "RF"]),  # KL 5:28, though the rules say straight to RF
        ("RS", None, ["RS", "RF"]),
        ("RF", None, ["RF"]),
        ("RUN", "RUN", ["RUN"]),
        ("UEK", "RS", ["UEK", "RS"]),
        ("SBB", "RS", ["SBB", "RS"]),
        ("XX", None, []),
    ],
)
def test_a_path_to_the_assembly_always_passes_the_board(
    region: Session, code: str, decided_by: str | None, path: list[str]
) -> None:
    assert organisation.decision_path_suggestion(region, code, decided_by=decided_by) == path


def test_a_reorganisation_is_an_edit(region: Session) -> None:
    old = organisation.get_organ(region, "VVN")
    old.valid_to_on = date(2026, 6, 30)
    region.add(
        Organ(
            code="VVN",
            name="Nya vårdvalsnämnden",
            kind=OrganKind.COMMITTEE,
            superior_code="RF",
            registry_code="HSN",
            valid_from_on=date(2026, 7, 1),
        )
    )
    region.flush()
    before = organisation.get_organ(region, "VVN", on=date(2026, 6, 30))
    after = organisation.get_organ(region, "VVN", on=date(2026, 7, 1))
    assert (before.registry_code, after.registry_code) == ("VVN", "HSN")
    assert organisation.get_organ(region, "VVN").name == "Nya vårdvalsnämnden"


def test_what_is_not_there_is_said_so(region: Session) -> None:
    with pytest.raises(NotFound, match="XX"):
        organisation.get_organ(region, "XX")
    assert organisation.registry(region, "XX") is None
    assert organisation.organ(region, "RS", on=date(1990, 1, 1)) is None


@pytest.mark.parametrize(
    ("role", "key"),
    [
        ("Fördelare", "fordelare@RS"),
        ("Ansvarig chef", "ansvarig_chef@RS"),
        ("Regiondirektör", "regiondirektor@RS"),
        ("Samråd", "samrad@RS"),
    ],
)
def test_a_role_and_its_scope_make_a_key(role: str, key: str) -> None:
    assert organisation.candidate_key(role, "RS") == key


def test_a_role_there_is_one_of_is_called_by_its_name() -> None:
    assert organisation.candidate_label("Sekreterare", "RS") == "Sekreterare RS"
    assert organisation.candidate_label("Regiondirektör") == "Regiondirektör"


def test_holders_are_those_active_that_day(region: Session) -> None:
    names = [user.name for user in organisation.holders(region, "Sekreterare", "RS", TODAY)]
    assert names == ["Sekreterare RS"]
    assert organisation.holders(region, "Sekreterare", "RS", date(2026, 2, 3)) == []
    accounts.get(region, "sekreterare_rs").active = False
    region.flush()
    assert organisation.holders(region, "Sekreterare", "RS", TODAY) == []
    assert not organisation.has_holder(region, "sekreterare@RS", TODAY)


def test_everybody_sees_the_roles_they_hold(region: Session) -> None:
    keys = standing.of(region, "sekreterare_rs", TODAY).candidates
    assert "sekreterare@RS" in keys
    assert "sekreterare@RF" not in keys


def test_a_role_is_given_and_taken_with_its_days(region: Session, engine: Engine) -> None:
    holder = appointments.appoint(
        region, engine, "handlaggare_1", "Sekreterare", "RS",
        actor=ADMINISTRATOR, from_on=date(2026, 3, 1),
    )  # fmt: skip
    march = date(2026, 3, 2)
    assert "sekreterare@RS" not in standing.of(region, "handlaggare_1", TODAY).candidates
    assert "sekreterare@RS" in standing.of(region, "handlaggare_1", march).candidates
    appointments.dismiss(
        region, engine, holder.id, actor=ADMINISTRATOR, last_day_on=date(2026, 3, 1)
    )
    assert "sekreterare@RS" not in standing.of(region, "handlaggare_1", march).candidates
    assert verify(region, SYSTEM_CHAIN) == []


@pytest.mark.parametrize(
    ("user", "role", "scope", "field"),
    [
        ("handlaggare_1", "Påhittad", "RS", "role"),
        ("handlaggare_1", "Sekreterare", "region", "scope"),
        ("handlaggare_1", "Registrator", "PN", "scope"),
        ("sekreterare_rs", "Sekreterare", "RS", "user"),
    ],
)
def test_a_role_is_not_given_where_it_does_not_belong(
    region: Session, engine: Engine, user: str, role: str, scope: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        appointments.appoint(region, engine, user, role, scope, actor=ADMINISTRATOR)
    assert [error.field for error in refused.value.errors] == [field]
