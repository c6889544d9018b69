"""What diagrams are checked against from the command line, without a server."""

from __future__ import annotations

from pathlib import Path

from engine import bundles, deployments, gate
from engine.clock import SystemClock
from engine.database import Database, address, sqlite_file
from engine.engine import Engine
from engine.gate import GateContext
from engine.texts import gettext as _
from processes import database_version, installation
from processes.errors import InstallationError
from processes.host import RegionHost
from processes.settings import Settings


def in_force(folder: Path) -> GateContext:
    """The roles and diagrams of the installation in `folder`, else those the product comes with.

    Nothing is written: an installation isn't upgraded by being asked.
    """
    settings = Settings.read(folder)
    file = sqlite_file(address(settings.database_url))
    if file is not None and not file.is_file():
        return shipped()
    database = Database(settings.database_url)
    try:
        return _installed(database, folder)
    finally:
        database.dispose()


def shipped() -> GateContext:
    """The demonstration's roles and the diagrams that come with the product."""
    library = bundles.Library()
    for name, text in installation.shipped_diagrams().items():
        library.add(bundles.named_file(name, text))
    return gate.context(
        RegionHost(),
        processes=library.processes,
        decisions=library.decisions,
        forms=library.forms,
    )


def _installed(database: Database, folder: Path) -> GateContext:
    if not database_version.is_current(database):
        raise InstallationError(
            _(
                "Installationen i %(folder)s hör till en annan version av Ärendegång. "
                "Starta den en gång med den här versionen, eller ange en annan mapp med --data.",
                folder=folder,
            )
        )
    engine = Engine(database=database, host=RegionHost(), clock=SystemClock())
    with database.reading() as session:
        if installation.find(session) is None:
            return shipped()
        return deployments.gate_context(session, engine)
