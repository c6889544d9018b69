"""`arendegang backup`, `restore` and `copy`: an installation as a file, or elsewhere."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import sqlalchemy as sa

from engine.clock import SystemClock
from engine.database import Database, address, sqlite_file
from processes import backup, data_folder, installation
from processes.backup import Contents
from processes.errors import InstallationError
from processes.product import file_store
from processes.settings import Settings
from web.command_refusals import REFUSED
from web.installed import FOLDER
from web.texts import gettext as _
from web.texts import ngettext


@click.command("backup")
@click.argument("path", metavar="FIL", type=click.Path(path_type=Path))
@FOLDER
def make_backup(path: Path, folder: Path) -> None:
    """Säkerhetskopiera databas och filer till FIL. Det går bra medan Ärendegång kör."""
    settings = Settings.read(folder)
    _require_there(settings)
    database = Database(settings.database_url)
    with database.reading() as session:
        found = sa.inspect(session.connection()).has_table(installation.Installation.__tablename__)
    if not found:
        raise InstallationError(_("I %(folder)s finns ingen installation.", folder=folder))
    contents = backup.make(database, file_store(settings), path, now=SystemClock().now())
    database.dispose()
    _tell(_("Säkerhetskopian är klar"), contents)


@click.command("restore")
@click.argument("path", metavar="FIL", type=click.Path(path_type=Path))
@FOLDER
def restore_backup(path: Path, folder: Path) -> None:
    """Gör en installation av säkerhetskopian FIL, i en mapp och databas som är tomma."""
    with data_folder.held(folder):
        settings = Settings.read(folder)
        database = Database(settings.database_url)
        contents = backup.restore(path, database, file_store(settings))
        database.dispose()
    _tell(_("Installationen är återställd"), contents)


@click.command("copy")
@click.argument("source", metavar="FRÅN")
@click.argument("target", metavar="TILL")
def copy_database(source: str, target: str) -> None:
    """Kopiera allt från en databas till en tom, rad för rad, till exempel till PostgreSQL.

    FRÅN och TILL är adresser som sqlite:///data/arendegang.sqlite och postgresql://…
    Stoppa Ärendegång först: det som ändras under tiden följer inte med.
    """
    path = sqlite_file(address(source))
    if path is None:
        _copy(source, target)
    elif not path.is_file():
        raise InstallationError(_("%(path)s finns inte.", path=path))
    else:
        with data_folder.held(path.parent):
            _copy(source, target)
    click.echo(_("Klart. Ange nu den nya adressen i ARENDEGANG_DATABASE_URL."))


def _copy(source: str, target: str) -> None:
    one, other = Database(source), Database(target)
    total = backup.copy(one, other, say=lambda table, count: click.echo(f"{table}: {count}"))
    one.dispose()
    other.dispose()
    click.echo(_("%(total)s rader, alla lika.", total=total))


def _require_there(settings: Settings) -> None:
    path = sqlite_file(address(settings.database_url))
    if path is not None and not path.is_file():
        raise InstallationError(_("I %(folder)s finns ingen installation.", folder=settings.folder))


def _tell(done: str, contents: Contents) -> None:
    """What is damaged is a fault that somebody must see: the exit code says so too."""
    click.echo(
        _(
            "%(done)s: %(rows)s rader och %(files)s.",
            done=done,
            rows=contents.rows,
            files=ngettext("%(num)s fil", "%(num)s filer", contents.files),
        )
    )
    for sha256 in contents.damaged:
        click.echo(_("En fil är skadad och kunde inte tas med: %(file)s", file=sha256), err=True)
    if contents.damaged:
        sys.exit(REFUSED)
