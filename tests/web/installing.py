"""The demonstration that pages and programs are tried on: made once, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from engine import deployments
from engine.clock import SettableClock
from engine.host import SYSTEM
from processes import database_version, demo, installation
from processes.product import Product
from processes.settings import Settings

NOW = datetime(2026, 2, 4, 9, 20, tzinfo=UTC)  # a Wednesday, 10.20 in Sweden


def product_in(folder: Path) -> Product:
    return Product(Settings.read(folder, {}), clock=SettableClock(NOW))


@contextmanager
def a_copy(installed: Path, folder: Path) -> Iterator[Product]:
    shutil.copytree(installed, folder)
    product = product_in(folder)
    product.read_installation()
    yield product
    product.close()


def install(folder: Path, diagrams: Mapping[str, str], *, shipped: bool) -> Path:
    """The demonstration without cases, with those diagrams, and also with the shipped ones."""
    product = product_in(folder)
    database_version.metadata().create_all(product.database.engine)
    with product.database.writing() as session:
        installation.record(session, name="Demoregionen", demo=True, now=NOW)
        if shipped:
            installation.deploy_shipped(session, product.engine)
        demo.create(session, product.engine)
        deployments.deploy(session, product.engine, diagrams, actor=SYSTEM)
    with product.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    product.close()
    return folder
