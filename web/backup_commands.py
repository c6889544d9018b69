"""`arendegang backup`, `restore` and `copy`: an installation as a file, or elsewhere."""

from __future__ import annotations

from pathlib import Path

import click
import sqlalchemy as sa

from engine.clock import SystemClock
from engine.database import Database
from processes import backup, data_folder, installation
from processes.backup import Contents
from processes.errors import InstallationError
from processes.product import file_store
from processes.settings import Settings
from web.installed import FOLDER
from web.texts import gettext as _


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
    click.echo(_summary(_("Säkerhetskopian är klar"), contents))


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
    click.echo(_summary(_("Installationen är återställd"), contents))


@click.command("copy")
@click.argument("source", metavar="FRÅN")
@click.argument("target", metavar="TILL")
def copy_database(source: str, target: str) -> None:
    """Kopiera allt från en databas till en tom, rad för rad, till exempel till PostgreSQL.

    FRÅN och TILL är adresser som sqlite:///data/arendegang.sqlite och postgresql://…
    Ärendegång får inte köra under tiden: det som ändrades då skulle gå förlorat.
    """
    from_url, to_url = _url(source), _url(target)
    path = _sqlite_file(from_url)
    if path is None:
        _copy(source, target)
    elif not path.is_file():
        raise InstallationError(_("%(path)s finns inte.", path=path))
    else:
        with data_folder.held(path.parent):
            _copy(source, target)
    click.echo(_("Klart. Ange nu ARENDEGANG_DATABASE_URL=%(url)s", url=to_url.render_as_string()))


def _copy(source: str, target: str) -> None:
    one, other = Database(source), Database(target)
    total = backup.copy(one, other, say=lambda table, count: click.echo(f"{table}: {count}"))
    one.dispose()
    other.dispose()
    click.echo(_("%(total)s rader, alla lika.", total=total))


def _url(text: str) -> sa.URL:
    try:
        return sa.make_url(text)
    except sa.exc.ArgumentError as error:
        raise InstallationError(_("”%(text)s” är ingen databasadress.", text=text)) from error


def _sqlite_file(url: sa.URL) -> Path | None:
    """Connecting would make one that isn't there."""
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def _require_there(settings: Settings) -> None:
    path = _sqlite_file(sa.make_url(settings.database_url))
    if path is not None and not path.is_file():
        raise InstallationError(_("I %(folder)s finns ingen installation.", folder=settings.folder))


def _summary(done: str, contents: Contents) -> str:
    return _(
        "%(done)s: %(rows)s rader och %(files)s filer.",
        done=done,
        rows=contents.rows,
        files=contents.files,
    )
