"""The commands that look after an installation: is it sound, and is there a copy of it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from processes import verification
from web import command_refusals
from web.installed import FOLDER, installed
from web.texts import gettext as _


@click.command()
@FOLDER
def verify(folder: Path) -> None:
    """Kontrollera hela databasen och filerna, medan allt är igång: en rad för varje fel."""
    product = installed(folder)
    found = 0
    for breach in verification.breaches(product):
        click.echo(str(breach))
        found += 1
    product.close()
    if found:
        click.echo(_("%(count)s fel.", count=found), err=True)
        sys.exit(command_refusals.REFUSED)
    click.echo(_("Allt stämmer."))
