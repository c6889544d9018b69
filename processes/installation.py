"""Making an installation: the tables' first content, for production or for a demonstration."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine import bundles, deployments, gate
from engine.database import Base
from engine.engine import Engine
from engine.gate import GateContext
from engine.host import SYSTEM, Actor
from engine.texts import gettext as _
from processes import friday
from processes.errors import InstallationError
from processes.host import RegionHost

DIAGRAMS = Path(__file__).parent.parent / "bpmn_models"
SHELL_ACTOR = Actor(id="kommandorad")
DIAGRAM_ENDINGS = (".bpmn", ".dmn", ".json")


class Installation(Base):
    """The one row that says whose installation this is."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    demo: Mapped[bool]
    created_at: Mapped[datetime]


def find(session: Session) -> Installation | None:
    return session.scalars(sa.select(Installation)).one_or_none()


def record(session: Session, *, name: str, demo: bool, now: datetime) -> None:
    session.add(Installation(id=1, name=name, demo=demo, created_at=now))


def prepare_folder(folder: Path) -> None:
    """Make the data folder, readable by its owner only, or say in one line why it can't be."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = folder / f".skrivprov-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise InstallationError(
            _(
                "Datamappen %(folder)s går inte att skriva i (%(why)s). "
                "Ge den rätt rättigheter eller välj en annan med DATA=.",
                folder=folder,
                why=error.strerror,
            )
        ) from error


def shipped_diagrams() -> dict[str, str]:
    """The diagrams, decision tables and forms that come with the product, by file name."""
    return {
        path.name: path.read_text(encoding="utf-8")
        for path in sorted(DIAGRAMS.rglob("*"))
        if path.suffix in DIAGRAM_ENDINGS
    }


def gate_context() -> GateContext:
    """What diagrams are checked against without an installation: the demonstration's roles."""
    library = bundles.Library()
    for name, text in shipped_diagrams().items():
        library.add(bundles.named_file(name, text))
    return gate.context(
        RegionHost(),
        processes=library.processes,
        decisions=library.decisions,
        forms=library.forms,
    )


def deploy_shipped(session: Session, engine: Engine) -> None:
    deployments.deploy(
        session,
        engine,
        shipped_diagrams(),
        actor=SYSTEM,
        comment=_("Regelverket som följer med produkten"),
    )
    friday.schedule(session, engine)
