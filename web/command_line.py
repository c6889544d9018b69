"""`arendegang`: everything that is done to an installation from the outside."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from engine import deployments
from engine import gate as deployment_gate
from engine.errors import EngineError
from engine.gate import report
from processes import accounts, data_folder, given_files, installation, lint_context
from processes.errors import InstallationError
from processes.product import Product
from web import (
    backup_commands,
    bench_command,
    command_refusals,
    node_commands,
    upkeep_commands,
)
from web.installed import FOLDER, installed
from web.texts import gettext as _

NAME = "arendegang"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Ärendegång: kör ett ärendes gång."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; what is refused is said on stderr, and the exit code is not 0."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        sys.exit(commands(arguments, prog_name=NAME, standalone_mode=False))
    except click.Abort:
        _refuse(_("Avbrutet. Inget har ändrats."))
    except click.ClickException as misunderstood:
        said = command_refusals.not_understood(misunderstood)
        _refuse(said, code=command_refusals.NOT_UNDERSTOOD)
    except (EngineError, SQLAlchemyError) as refused:
        _refuse(*command_refusals.lines(refused))


def _refuse(*lines: str, code: int = command_refusals.REFUSED) -> None:
    for line in lines:
        click.echo(line, err=True)
    sys.exit(code)


for command in (
    node_commands.run,
    node_commands.worker,
    backup_commands.make_backup,
    backup_commands.restore_backup,
    backup_commands.copy_database,
    upkeep_commands.verify,
    bench_command.bench,
):
    commands.add_command(command)


@commands.command()
@click.argument("organisation", type=click.Path(path_type=Path))
@FOLDER
@click.option("--name", "region", default="Regionen", show_default=True, help="Regionens namn.")
@click.option("--administrator", default="administrator", show_default=True)
@click.option(
    "--password",
    envvar="ARENDEGANG_ADMIN_PASSWORD",
    help="Administratörens lösenord; frågas efter om det inte ges.",
)
def init(
    organisation: Path, folder: Path, region: str, administrator: str, password: str | None
) -> None:
    """Gör en installation för drift ur ORGANISATION, med en administratör och inga demokonton."""
    text = given_files.text(organisation)
    with data_folder.held(folder):
        product = Product.open(folder)
        if product.read_installation():
            raise InstallationError(
                _("I %(folder)s finns redan en installation. Inget har ändrats.", folder=folder)
            )
        installation.check_organisation(product, text)
        installation.make(
            product,
            name=region,
            organisation=text,
            administrator=administrator,
            password=password or _asked(_("Lösenord för administratören")),
        )
        product.close()
    click.echo(_("Klart. Starta med: arendegang run --data %(folder)s", folder=folder))


@commands.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@FOLDER
def lint(paths: tuple[Path, ...], folder: Path) -> None:
    """Kontrollera diagram, beslutstabeller och formulär utan server.

    Mot installationen i datamappen, eller demonstrationens organisation om där ingen finns.
    """
    found = given_files.diagrams(paths)
    findings = deployment_gate.lint(found, lint_context.in_force(folder))
    for finding in findings:
        click.echo(report.line(finding))
    if any(finding.refuses for finding in findings):
        sys.exit(command_refusals.REFUSED)


@commands.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@FOLDER
@click.option("--comment", default="", help="Vad som är nytt, för versionslistan.")
def deploy(paths: tuple[Path, ...], folder: Path, comment: str) -> None:
    """Driftsätt filer som nya versioner; pågående ärenden går kvar i sina."""
    files = given_files.texts(given_files.diagrams(paths))
    product = installed(folder)
    with product.database.reading() as session:
        checked = deployments.check(session, product.engine, files)
    with product.database.writing() as session:
        done = deployments.deploy(
            session,
            product.engine,
            files,
            actor=installation.SHELL_ACTOR,
            comment=comment,
            checked=checked,
        )
    for warning in done.warnings:
        click.echo(report.line(warning), err=True)
    for key, version in done.processes:
        click.echo(_("%(key)s version %(version)s", key=key, version=version))


@commands.group()
def user() -> None:
    """Användarkonton."""


@user.command("create")
@click.argument("username")
@click.option("--name", required=True, help="Så personen visas.")
@click.option("--email", default="")
@click.option("--administrator", is_flag=True, help="Ser och lagar driften.")
@click.option("--process-owner", is_flag=True, help="Ritar och driftsätter.")
@click.option("--password", envvar="ARENDEGANG_PASSWORD", help="Frågas efter om det inte ges.")
@FOLDER
def create_user(
    username: str,
    name: str,
    email: str,
    password: str | None,
    folder: Path,
    *,
    administrator: bool,
    process_owner: bool,
) -> None:
    """Skapa kontot USERNAME."""
    product = installed(folder)
    password = password or _asked(_("Lösenord"))
    with product.database.writing() as session:
        made = accounts.create(
            session,
            username=username,
            name=name,
            email=email,
            password=password,
            is_administrator=administrator,
            is_process_owner=process_owner,
            now=product.clock.now(),
        )
    click.echo(_("Kontot %(username)s är skapat.", username=made.username))


@commands.group()
def token() -> None:
    """Nycklar till API:et."""


@token.command("create")
@click.option("--user", "username", required=True)
@click.option("--label", default="kommandorad", show_default=True)
@FOLDER
def create_token(username: str, label: str, folder: Path) -> None:
    """Gör en nyckel åt ett konto; den visas en enda gång."""
    product = installed(folder)
    with product.database.writing() as session:
        made = accounts.create_token(session, username, label=label, now=product.clock.now())
    click.echo(made)


def _asked(question: str) -> str:
    """Twice, unseen; who can't be asked must have given it."""
    answer: str = click.prompt(
        question, hide_input=True, confirmation_prompt=_("Samma lösenord en gång till")
    )
    return answer
