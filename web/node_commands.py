"""The commands that go on until they are stopped: a machine's web processes and workers."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import click

from engine import database
from processes import data_folder, installation
from processes.errors import InstallationError
from processes.product import Product
from processes.settings import Settings
from web.installed import FOLDER, installed
from web.texts import gettext as _

HIGHEST_PORT = 65535
MOST_WORKERS = 64


class NeedsPostgresql(InstallationError):
    def __init__(self) -> None:
        super().__init__(
            _(
                "Flera processer kräver PostgreSQL. "
                "Sätt ARENDEGANG_DATABASE_URL=postgresql://… och flytta dit med ”arendegang copy”."
            )
        )


@click.command()
@FOLDER
@click.option("--port", "port_text", default="8000", show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Adress att lyssna på.")
@click.option("--demo", is_flag=True, help="Gör en demonstration om mappen är tom.")
@click.option(
    "--workers",
    type=click.IntRange(1, MOST_WORKERS),
    default=None,
    help="Antal processer; fler än en kräver PostgreSQL.  [förval: 1, med PostgreSQL 2]",
)
def run(folder: Path, port_text: str, host: str, workers: int | None, *, demo: bool) -> None:
    """Starta webben, och i varje process det som gör jobben."""
    from web import server  # the pages take a second to load, which no other command needs

    port = _port(port_text)
    with server.stopped_by_signals():
        server.require_free_port(host, port)
        address = server.address_of(host, port)
        with data_folder.held(folder) if _is_alone(folder) else nullcontext():
            product = Product.open(folder, address=address)
            if not product.read_installation():
                _make_installation(product, folder, demo=demo)
            if product.database.is_sqlite:
                _require_one(workers)
                server.serve(product, host=host, port=port)
            else:
                from web import server_processes

                count = workers or server_processes.WORKERS
                server_processes.serve(product, host=host, port=port, count=count)


@click.command()
@FOLDER
def worker(folder: Path) -> None:
    """Gör jobb utan webb: hur många sådana som helst, på vilka maskiner som helst."""
    from web import server

    with server.stopped_by_signals():
        product = installed(folder)
        if product.database.is_sqlite:
            raise NeedsPostgresql()
        server.work(product)


def _is_alone(folder: Path) -> bool:
    """Whether no other process may run on the same data: PostgreSQL is made to be shared."""
    return database.address(Settings.read(folder).database_url).drivername == "sqlite"


def _require_one(workers: int | None) -> None:
    if workers is not None and workers > 1:
        raise NeedsPostgresql()


def _make_installation(product: Product, folder: Path, *, demo: bool) -> None:
    if not demo:
        raise InstallationError(
            _(
                "I %(folder)s finns ingen installation. Gör en med "
                "”arendegang init ORGANISATIONSFIL”.",
                folder=folder,
            )
        )
    installation.make_demo(product, say=click.echo)
    product.read_installation()


def _port(text: str) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 5 else 0
    if not 1 <= number <= HIGHEST_PORT:
        raise InstallationError(
            _(
                "”%(text)s” är ingen port. Ange ett tal från 1 till %(most)s, "
                "till exempel --port 8000 (make run PORT=8000).",
                text=text,
                most=HIGHEST_PORT,
            )
        )
    return number
