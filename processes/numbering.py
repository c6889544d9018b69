"""Gap-free numbers per series and year (`RS/1180/2015`), under concurrency."""

from __future__ import annotations

import re
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.database import Base

_NUMBER = re.compile(r"\s*([^\W\d_][\w-]*)\s*/\s*(\d{1,7})\s*/\s*(\d{4})\s*")


class NumberSeries(Base):
    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(primary_key=True)  # as the registry names it
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


@dataclass(frozen=True, kw_only=True)
class Number:
    series: str
    seq: int
    year: int

    def __str__(self) -> str:
        return f"{self.series}/{self.seq}/{self.year}"


def take(session: Session, series: str, year: int) -> Number:
    """The next number of the series.

    The row stays locked until the transaction ends: a rollback gives the number back, and nobody
    can take the one after it before that.
    """
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = (
        insert(NumberSeries)
        .values(series=series, year=year, last=1)
        .on_conflict_do_update(
            index_elements=["series", "year"], set_={"last": NumberSeries.last + 1}
        )
        .returning(NumberSeries.last)
    )
    seq = session.execute(statement).scalar_one()
    return Number(series=series, seq=seq, year=year)


def parse(text: str) -> Number | None:
    """The number that somebody wrote, whatever its case and spaces; None when it is none."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    return Number(series=found[1].upper(), seq=int(found[2]), year=int(found[3]))


def last_taken(session: Session, series: str, year: int) -> int:
    """0 when no number has been given yet."""
    statement = sa.select(NumberSeries.last).where(
        NumberSeries.series == series, NumberSeries.year == year
    )
    return session.scalar(statement) or 0
