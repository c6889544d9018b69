"""What must hold in an installation besides what the engine promises: numbers and files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine import verification
from engine.texts import gettext as _
from engine.verification import Breach
from processes import numbering
from processes.cases.tables import Case, CaseAlias
from processes.numbering import NumberSeries
from processes.records.tables import RecordFile

if TYPE_CHECKING:
    from processes.product import Product


def breaches(product: Product) -> Iterator[Breach]:
    """Everything that is wrong, as it is found; nobody who works meanwhile has to wait."""
    yield from verification.breaches(product.engine)
    yield from _of_numbers(product)
    yield from _of_files(product)


def _of_numbers(product: Product) -> Iterator[Breach]:
    """Every number up to the last one given belongs to a case, if only as its alias."""
    with product.database.reading() as session:
        taken: Counter[tuple[str, int]] = Counter()
        given = sa.union_all(sa.select(Case.number), sa.select(CaseAlias.number))
        for text in session.scalars(given.execution_options(yield_per=1000)):
            number = numbering.parse(text)
            if number:
                taken[number.series, number.year] += 1
        for series in session.scalars(sa.select(NumberSeries)):
            there = taken[series.series, series.year]
            if there != series.last:
                yield Breach(
                    place=f"{series.series} {series.year}",
                    what=_(
                        "serien har delat ut %(last)s nummer, men %(there)s ärenden finns",
                        last=series.last,
                        there=there,
                    ),
                )


def _of_files(product: Product) -> Iterator[Breach]:
    for session, digests in verification.batches(product.engine, RecordFile.__table__.c.sha256):
        for digest in digests:
            if not product.files.is_intact(digest):
                name = session.scalar(
                    sa.select(RecordFile.name).where(RecordFile.sha256 == digest).limit(1)
                )
                what = _("filens innehåll saknas eller är ändrat")
                yield Breach(place=f"{name} ({digest[:12]})", what=what)
