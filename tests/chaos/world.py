"""An installation that a storm is let loose on: people, and a process that uses everything."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from engine import deployments
from engine.clock import SystemClock
from engine.database import Database
from engine.host import SYSTEM
from processes import accounts, database_version, demo, installation
from processes.product import Product
from processes.settings import Settings
from tests.engine import bpmn

PEOPLE = ("registrator_rs", "administrator")


def product_on(database: Database, folder: Path) -> Product:
    return Product(Settings(folder=folder, database_url=address(database)))


def address(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def make(database: Database) -> dict[str, str]:
    """Returns everybody's token."""
    database_version.upgrade(database)
    product = product_on(database, Path("ingen"))
    with database.writing() as session:
        installation.record(session, name="Demoregionen", demo=True, now=datetime.now(UTC))
        demo.create(session, product.engine)
        deployments.deploy(session, product.engine, _files(), actor=SYSTEM)
        now = SystemClock().now()
        tokens = {
            name: accounts.create_token(session, name, label="storm", now=now) for name in PEOPLE
        }
    product.close()
    return tokens


def _files() -> dict[str, str]:
    """A task, a timer and a task on two branches; a message wakes the other process."""
    sender = bpmn.diagram(
        "storm",
        bpmn.start(),
        bpmn.task("ett", "Registrator", deadline="2 arbetsdagar"),
        bpmn.fork("dela"),
        bpmn.timer("paus", "PT1S"),
        bpmn.task("tva", "Registrator", deadline="2 arbetsdagar"),
        bpmn.boundary_timer("bradskar", "tva", "PT3S", cancel=False),
        bpmn.end("paminnelse"),
        bpmn.fork("samla"),
        bpmn.throw("halsa", "stormhalsning", "[nummer]"),
        bpmn.end(),
        bpmn.chain("start", "ett", "dela", "paus", "samla", "halsa", "slut"),
        bpmn.chain("dela", "tva", "samla"),
        bpmn.flow("bradskar", "paminnelse"),
        messages=("stormhalsning",),
    )
    receiver = bpmn.diagram(
        "stormvantan",
        bpmn.start(),
        bpmn.catch("vanta", "stormhalsning", "[nummer]"),
        bpmn.timer("paus", "PT1S"),
        bpmn.end(),
        bpmn.chain("start", "vanta", "paus", "slut"),
        messages=("stormhalsning",),
    )
    return {"storm.bpmn": sender, "stormvantan.bpmn": receiver}
