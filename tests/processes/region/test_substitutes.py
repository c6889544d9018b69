"""Standing in for somebody who is away."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from engine.engine import Engine
from engine.errors import Invalid, NotFound
from engine.host import Actor
from processes import standing, substitutes
from processes.substitutes import Substitution

TODAY = date(2026, 2, 4)
LAST = date(2026, 2, 13)


def away(session: Session, engine: Engine, absent: str, substitute: str) -> Substitution:
    return substitutes.add(
        session, engine, absent_id=absent, substitute_id=substitute,
        from_on=TODAY, to_on=LAST, actor=Actor(id=absent),
    )  # fmt: skip


def test_the_absent_persons_tasks_reach_the_substitute_those_days_only(
    region: Session, engine: Engine
) -> None:
    away(region, engine, "kanslichef", "regionstabschef")
    for day, reached in ((TODAY, True), (LAST, True), (LAST + timedelta(days=1), False)):
        assert ("kanslichef" in standing.of(region, "regionstabschef", day).assignees) is reached
        keys = standing.of(region, "regionstabschef", day).candidates
        assert ("kanslichef@region" in keys) is reached


def test_one_who_is_away_too_passes_it_on(region: Session, engine: Engine) -> None:
    away(region, engine, "kanslichef", "regionstabschef")
    away(region, engine, "regionstabschef", "regiondirektor")
    assert list(standing.of(region, "regiondirektor", TODAY).assignees) == [
        "regiondirektor", "regionstabschef", "kanslichef",
    ]  # fmt: skip


def test_two_who_stand_in_for_each_other_do_not_go_round(region: Session, engine: Engine) -> None:
    away(region, engine, "kanslichef", "regionstabschef")
    away(region, engine, "regionstabschef", "kanslichef")
    assert list(standing.of(region, "kanslichef", TODAY).assignees) == [
        "kanslichef", "regionstabschef",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("candidate", "assignee", "on_behalf_of"),
    [
        ("kanslichef@region", None, "kanslichef"),
        ("kanslichef@region", "kanslichef", "kanslichef"),
        ("fordelare@RS", None, None),
        ("fordelare@RS", "regionstabschef", None),
        ("kanslichef@region", "regionstabschef", "kanslichef"),
        ("sekreterare@RS", "sekreterare_rs", None),
    ],
)
def test_it_is_known_for_whom_one_acts(
    region: Session, engine: Engine, candidate: str, assignee: str | None, on_behalf_of: str | None
) -> None:
    away(region, engine, "kanslichef", "regionstabschef")
    who = standing.of(region, "regionstabschef", TODAY)
    assert who.on_behalf_of(candidate=candidate, assignee=assignee) == on_behalf_of


def test_one_who_comes_back_early_takes_over_again(region: Session, engine: Engine) -> None:
    row = away(region, engine, "kanslichef", "regionstabschef")
    assert substitutes.now_standing_in(region, "regionstabschef", TODAY) == [row]
    assert substitutes.of(region, "kanslichef", from_on=TODAY) == [row]
    with pytest.raises(NotFound):
        substitutes.end(region, engine, row.id, actor=Actor(id="delegat"), user_id="delegat")
    substitutes.end(region, engine, row.id, actor=Actor(id="kanslichef"), user_id="kanslichef")
    assert standing.of(region, "regionstabschef", TODAY).assignees == ("regionstabschef",)


@pytest.mark.parametrize(
    ("substitute", "from_on", "to_on", "field"),
    [
        ("kanslichef", TODAY, LAST, "substitute"),
        ("ingen", TODAY, LAST, "substitute"),
        ("regionstabschef", LAST, TODAY, "to_on"),
        ("regionstabschef", date(2026, 1, 1), date(2026, 1, 7), "to_on"),
    ],
)
def test_an_absence_that_makes_no_sense_is_refused(
    region: Session, engine: Engine, substitute: str, from_on: date, to_on: date, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        substitutes.add(
            region, engine, absent_id="kanslichef", substitute_id=substitute,
            from_on=from_on, to_on=to_on, actor=Actor(id="kanslichef"),
        )  # fmt: skip
    assert [error.field for error in refused.value.errors] == [field]
