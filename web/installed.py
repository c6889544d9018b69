"""Which installation a command is about."""

from __future__ import annotations

from pathlib import Path

import click

from processes.errors import InstallationError
from processes.product import Product
from web.texts import gettext as _

FOLDER = click.option(
    "--data",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("data"),
    show_default=True,
    help="Installationens datamapp.",
)


def installed(folder: Path) -> Product:
    if not folder.is_dir():  # a misspelt folder is not to be made
        raise InstallationError(_("Mappen %(folder)s finns inte.", folder=folder))
    product = Product.open(folder)
    if not product.read_installation():
        raise InstallationError(_("I %(folder)s finns ingen installation.", folder=folder))
    return product
