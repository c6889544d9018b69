"""A whole installation, files included: found sound or not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO

from engine.host import Actor
from processes import records, verification
from processes.product import Product
from processes.records import NewRecord
from processes.records.tables import Direction


def attach(product: Product, number: str, content: bytes) -> str:
    """A record with one file in the case; the file's digest."""
    stored = product.files.save(BytesIO(content), "svar.txt")
    new = NewRecord(
        direction=Direction.IN, dated_on=date(2026, 2, 3), subject="Svar", sender="Kommunen"
    )
    with product.database.writing() as session:
        actor = Actor(id="registrator_rs")
        records.add(session, product.engine, number, new, actor=actor, files=[stored])
    return stored.sha256


def test_a_file_whose_content_has_changed_or_gone_is_found(
    product: Product, register: Callable[[], str]
) -> None:
    digest = attach(product, register(), b"remissvar")
    assert list(verification.breaches(product)) == []
    (kept,) = product.files.folder.glob(f"*/{digest}")
    for spoil in (lambda: kept.write_bytes(b"annat"), kept.unlink):
        spoil()
        (breach,) = verification.breaches(product)
        assert "svar.txt" in str(breach)
