"""`arendegang`: everything that is done to an installation from the outside."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import click

from engine import deployments
from engine import gate as deployment_gate
from engine.errors import EngineError, Invalid
from engine.gate import report
from processes import accounts, demo_case, installation, organisation_file
from processes import demo as demo_data
from processes.errors import InstallationError
from processes.installation import DIAGRAM_ENDINGS
from processes.product import Product
from web.texts import gettext as _

DEFAULT_FOLDER = Path("data")
SHELL = click.option(
    "--data",
    "folder",
    type=click.Path(path_type=Path),
    default=DEFAULT_FOLDER,
    show_default=True,
    help="Installationens datamapp.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Ärendegång: kör ett ärendes gång."""


def main() -> None:
    """Run a command; what is refused is one line on stderr and exit code 1."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        commands()
    except Invalid as refused:
        for error in refused.errors:
            place = ":".join(part for part in (error.field, error.element or "") if part)
            click.echo(f"{place}: {error.message}" if place else error.message, err=True)
        sys.exit(1)
    except EngineError as refused:
        click.echo(str(refused), err=True)
        sys.exit(1)


@commands.command()
@SHELL
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Adress att lyssna på.")
@click.option("--demo", is_flag=True, help="Gör en demonstration om mappen är tom.")
def run(folder: Path, port: int, host: str, *, demo: bool) -> None:
    """Starta webb och schemaläggare i en process."""
    from web import server

    server.require_free_port(host, port)
    product = Product.open(folder)
    if not product.read_installation():
        if not demo:
            raise InstallationError(
                _(
                    "I %(folder)s finns ingen installation. Gör en med "
                    "”arendegang init ORGANISATIONSFIL”.",
                    folder=folder,
                )
            )
        _install_demo(product)
    server.serve(product, host=host, port=port)


def _install_demo(product: Product) -> None:
    click.echo(_("Gör i ordning demonstrationen: organisation, regelverk och exempel …"))
    with product.database.writing() as session:
        installation.record(session, name="Demoregionen", demo=True, now=product.clock.now())
        installation.deploy_shipped(session, product.engine)
        demo_data.create(session, product.engine)
    demo_case.create(product.engine)
    product.read_installation()


@commands.command()
@click.argument("organisation", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@SHELL
@click.option("--name", "region", default="Regionen", show_default=True, help="Regionens namn.")
@click.option("--administrator", default="administrator", show_default=True)
@click.password_option(
    "--password", prompt="Lösenord för administratören", envvar="ARENDEGANG_ADMIN_PASSWORD"
)
def init(organisation: Path, folder: Path, region: str, administrator: str, password: str) -> None:
    """Gör en installation för drift ur ORGANISATION, med en administratör och inga demokonton."""
    product = Product.open(folder)
    if product.read_installation():
        raise InstallationError(
            _("I %(folder)s finns redan en installation. Inget har ändrats.", folder=folder)
        )
    with product.database.writing() as session:
        now = product.clock.now()
        installation.record(session, name=region, demo=False, now=now)
        organisation_file.load(session, product.engine, organisation.read_text("utf-8"))
        accounts.create(
            session,
            username=administrator,
            name=_("Administratör"),
            password=password,
            is_administrator=True,
            is_process_owner=True,
            now=now,
        )
        installation.deploy_shipped(session, product.engine)
    click.echo(_("Klart. Starta med: arendegang run --data %(folder)s", folder=folder))


@commands.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
def lint(paths: tuple[Path, ...]) -> None:
    """Kontrollera diagram, beslutstabeller och formulär utan server."""
    findings = deployment_gate.lint(_files_in(paths), installation.gate_context())
    for finding in findings:
        click.echo(report.line(finding))
    if any(finding.severity == "error" for finding in findings):
        sys.exit(1)


@commands.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@SHELL
@click.option("--comment", default="", help="Vad som är nytt, för versionslistan.")
def deploy(paths: tuple[Path, ...], folder: Path, comment: str) -> None:
    """Driftsätt filer som nya versioner; pågående ärenden går kvar i sina."""
    product = _installed(folder)
    files = {path.name: path.read_text("utf-8") for path in _files_in(paths)}
    with product.database.writing() as session:
        done = deployments.deploy(
            session, product.engine, files, actor=installation.SHELL_ACTOR, comment=comment
        )
    for key, version in done.processes:
        click.echo(f"{key} version {version}")


@commands.group()
def user() -> None:
    """Användarkonton."""


@user.command("create")
@click.argument("username")
@click.option("--name", required=True, help="Så personen visas.")
@click.option("--email", default="")
@click.option("--administrator", is_flag=True)
@click.option("--process-owner", is_flag=True)
@click.password_option("--password", prompt="Lösenord", envvar="ARENDEGANG_PASSWORD")
@SHELL
def create_user(
    username: str,
    name: str,
    email: str,
    password: str,
    folder: Path,
    *,
    administrator: bool,
    process_owner: bool,
) -> None:
    """Skapa kontot USERNAME."""
    product = _installed(folder)
    with product.database.writing() as session:
        accounts.create(
            session,
            username=username,
            name=name,
            email=email,
            password=password,
            is_administrator=administrator,
            is_process_owner=process_owner,
            now=product.clock.now(),
        )
    click.echo(_("Kontot %(username)s är skapat.", username=username))


@commands.group()
def token() -> None:
    """Nycklar till API:et."""


@token.command("create")
@click.option("--user", "username", required=True)
@click.option("--label", default="kommandorad", show_default=True)
@SHELL
def create_token(username: str, label: str, folder: Path) -> None:
    """Gör en nyckel åt ett konto; den visas en enda gång."""
    product = _installed(folder)
    with product.database.writing() as session:
        click.echo(accounts.create_token(session, username, label=label, now=product.clock.now()))


def _installed(folder: Path) -> Product:
    product = Product.open(folder)
    if not product.read_installation():
        raise InstallationError(_("I %(folder)s finns ingen installation.", folder=folder))
    return product


def _files_in(paths: tuple[Path, ...]) -> list[Path]:
    """The files meant by `paths`: a folder means what is in it."""
    found: list[Path] = []
    for path in paths:
        inside = path.rglob("*") if path.is_dir() else [path]
        found += [each for each in inside if not path.is_dir() or each.suffix in DIAGRAM_ENDINGS]
    return sorted(found)
