"""Making an installation: the tables' first content, for production or for a demonstration."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine import deployments
from engine.database import Base
from engine.engine import Engine
from engine.host import SYSTEM, Actor
from engine.texts import gettext as _
from processes import accounts, demo, demo_case, friday, organisation_file, passwords
from processes.given_files import DIAGRAM_ENDINGS

if TYPE_CHECKING:
    from processes.product import Product

DIAGRAMS = Path(__file__).parent.parent / "bpmn_models"
SHELL_ACTOR = Actor(id="kommandorad")
DEMO_NAME = "Demoregionen"


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


def make(
    product: Product, *, name: str, organisation: str, administrator: str, password: str
) -> None:
    """For production: the region's own organisation and one administrator; all or nothing."""
    kept = passwords.hashed(password)
    now = product.clock.now()
    with product.database.writing() as session:
        record(session, name=name, demo=False, now=now)
        organisation_file.load(session, product.engine, organisation)
        account = accounts.find_by_username(session, administrator)  # it may stand in the file
        if account is None:
            name_shown = _("Administratör")
            account = accounts.create(session, username=administrator, name=name_shown, now=now)
        account.is_administrator = account.is_process_owner = True
        account.password_hash = kept
        deploy_shipped(session, product.engine)


def check_organisation(product: Product, text: str) -> None:
    """Everything wrong with the file, before anything else is asked for."""
    with product.database.reading() as session:
        organisation_file.read(session, text)


def make_demo(product: Product, *, say: Callable[[str], None]) -> None:
    """A region to try things in: with accounts, a calendar and cases that are on their way."""
    say(_("Gör i ordning demonstrationen (görs en gång) …"))
    with product.database.writing() as session:
        record(session, name=DEMO_NAME, demo=True, now=product.clock.now())
        say(_("  regelverket: diagram, beslutstabeller och formulär"))
        deploy_shipped(session, product.engine)
        say(_("  organisationen, kontona och ett års sammanträden"))
        demo.create(session, product.engine)
    say(_("  några ärenden på väg"))
    demo_case.create(product.engine)


def shipped_diagrams() -> dict[str, str]:
    """The diagrams, decision tables and forms that come with the product, by file name."""
    return {
        path.name: path.read_text(encoding="utf-8")
        for path in sorted(DIAGRAMS.rglob("*"))
        if path.suffix in DIAGRAM_ENDINGS
    }


def deploy_shipped(session: Session, engine: Engine) -> None:
    deployments.deploy(
        session,
        engine,
        shipped_diagrams(),
        actor=SYSTEM,
        comment=_("Regelverket som följer med produkten"),
    )
    friday.schedule(session, engine)
