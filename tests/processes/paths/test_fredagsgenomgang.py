"""The review of every Friday (A15b, B3b): it starts by itself, once a week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.errors import Invalid
from engine.host import Actor
from engine.tables import Instance, Job, JobKind, JobStatus
from processes import friday
from tests.processes.paths.sitting import Region, copied, template

HEAD_OF_OFFICE = Actor(id="kanslichef")
ALLOCATOR = Actor(id="regionstabschef")
FRIDAY = date(2026, 2, 6)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template(tmp_path_factory.mktemp("region"), "fredagsgenomgang")


@pytest.fixture
def region(installed: Path, tmp_path: Path) -> Iterator[Region]:
    with copied(installed, tmp_path) as region:
        friday.register(region.engine)
        region.do(lambda session: friday.schedule(session, region.engine))
        yield region


def weeks(region: Region) -> list[str]:
    query = sa.select(Instance.business_key).order_by(Instance.started_at)
    return region.read(lambda session: [str(key) for key in session.scalars(query)])


def waiting(region: Region) -> int:
    query = sa.select(Job.id).where(Job.kind == JobKind.ROUTINE, Job.status == JobStatus.SCHEDULED)
    return len(region.read(lambda session: session.scalars(query).all()))


def test_it_starts_every_friday_and_waits_for_the_next(region: Region) -> None:
    assert weeks(region) == []
    region.go_to(FRIDAY)
    assert weeks(region) == ["fredag:2026-V06"]
    region.go_to(FRIDAY + timedelta(weeks=1))
    assert weeks(region) == ["fredag:2026-V06", "fredag:2026-V07"]
    assert waiting(region) == 1


def test_there_is_one_a_week_however_often_it_is_started(region: Region) -> None:
    region.go_to(FRIDAY)
    region.do(lambda session: friday.start(session, region.engine))
    region.do(lambda session: friday.schedule(session, region.engine))
    assert weeks(region) == ["fredag:2026-V06"]
    assert waiting(region) == 1


@pytest.mark.parametrize(
    ("any_day", "review"),
    [
        (date(2026, 2, 2), date(2026, 2, 6)),
        # Good Friday: the working day before
        (date(2026, 3, 30), date(2026, 4, 2)),
        # Midsummer Eve
        (date(2026, 6, 15), date(2026, 6, 18)),
    ],
)
def test_a_free_friday_is_reviewed_the_day_before(any_day: date, review: date) -> None:
    assert friday.review_day(any_day) == review


def test_both_meetings_see_the_week_and_what_is_ahead(region: Region) -> None:
    several, one = region.case("RUN", "RS", "RF"), region.case("RS", heading="Avtal")
    region.go_to(FRIDAY)
    assert sorted(region.open_tasks()) == [
        ("ga_igenom_veckan", "kanslichef@region"),
        ("stam_av_arenden", "fordelare@RS"),
    ]
    assert [row["dnr"] for row in region.rows("ga_igenom_veckan")] == [several, one]
    ahead = region.rows("stam_av_arenden")
    assert [(row["dnr"], row["vag"]) for row in ahead] == [
        (several, "RUN → RS → RF"), (one, "RS"),
    ]  # fmt: skip
    region.complete("ga_igenom_veckan", HEAD_OF_OFFICE)
    region.complete("stam_av_arenden", ALLOCATOR)
    assert not region.running("fredagsgenomgang")


def test_what_needs_following_up_is_followed_up(region: Region) -> None:
    region.go_to(FRIDAY)
    region.complete("ga_igenom_veckan", HEAD_OF_OFFICE)
    with pytest.raises(Invalid) as refused:
        region.complete("stam_av_arenden", ALLOCATOR, uppfoljning=True)
    assert [error.field for error in refused.value.errors] == ["bestamt"]
    region.complete("stam_av_arenden", ALLOCATOR, uppfoljning=True, bestamt="Ring jurist.")
    region.complete("folj_upp", HEAD_OF_OFFICE, klart=True)
    assert not region.running("fredagsgenomgang")


def test_a_secret_case_is_not_read_aloud(region: Region) -> None:
    number = region.case("RS")
    region.hide(number)
    region.go_to(FRIDAY)
    assert region.rows("ga_igenom_veckan") == []
