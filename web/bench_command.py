"""`arendegang bench`: the measurements live with the tests, and are reached from the sources."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from processes.errors import InstallationError
from web.texts import gettext as _

SOURCES = Path(__file__).parent.parent
PROGRAM = "tests.benchmarks.program"


@click.command()
@click.option("--quick", is_flag=True, help="Under en minut: färre varv och mindre tabeller.")
@click.option("--json", "as_json", is_flag=True, help="JSON i stället för en tabell.")
@click.option(
    "--postgresql",
    envvar="ARENDEGANG_DATABASE_URL",
    help="Adressen till en PostgreSQL där egna databaser får göras, att mäta på också.",
)
@click.option("--strict", is_flag=True, help="Sluta med kod 1 när någon budget inte håller.")
@click.option("--only", multiple=True, help="Bara de delarna, till exempel completing.")
def bench(
    *, quick: bool, as_json: bool, strict: bool, postgresql: str | None, only: Sequence[str]
) -> None:
    """Mät farten mot bar SpiffWorkflow och mot budgeten."""
    _program().run(quick=quick, as_json=as_json, strict=strict, postgresql=postgresql, only=only)


def _program() -> Any:
    if str(SOURCES) not in sys.path:
        sys.path.insert(0, str(SOURCES))
    try:
        return importlib.import_module(PROGRAM)
    except ModuleNotFoundError as missing:
        raise InstallationError(
            _(
                "Mätprogrammet går inte att köra: %(what)s saknas. Det följer med källkoden och "
                "behöver det som ”make test” installerar.",
                what=missing.name,
            )
        ) from missing
