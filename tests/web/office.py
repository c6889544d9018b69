"""The whole product with something real behind every kind of address, and people to try them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from engine.database import Base
from processes import accounts
from processes.login_attempts import Limit
from processes.product import Product
from tests.web import secret_world
from tests.web.pages import Page, Visitor
from tests.web.secret_world import SecretWorld
from web import permissions
from web.app import create_app
from web.configuration import Configuration

# In whose eyes every address is tried: nobody's, one with a part in the secret case's, the others'.
PEOPLE = ("", "registrator_rs", "processagare", "administrator")
API = "/api/"


@dataclass(frozen=True, kw_only=True)
class Office:
    app: Flask
    product: Product
    world: SecretWorld
    visitors: dict[str, Visitor] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def rules(self, *methods: str) -> list[Rule]:
        wanted = set(methods)
        found = [rule for rule in self.app.url_map.iter_rules() if wanted & (rule.methods or set())]
        return sorted(found, key=lambda rule: (rule.rule, rule.endpoint))

    def real(self, rule: Rule) -> dict[str, str]:
        """What to put in an address so that something is there."""
        known = self._known | (self._known_to_api if rule.rule.startswith(API) else {})
        if rule.endpoint.startswith("cases.") and "seq" in rule.arguments:
            known = {**known, "seq": self.world.number.split("/")[1]}
        return {name: known.get(name, "finns-inte") for name in rule.arguments}

    def visitor(self, username: str) -> Visitor:
        if username not in self.visitors:
            visitor = Visitor(self.app.test_client())
            self.visitors[username] = visitor.log_in(username) if username else visitor
        return self.visitors[username]

    def header(self, username: str) -> dict[str, str]:
        if username not in self.tokens:
            with self.product.database.writing() as session:
                self.tokens[username] = accounts.create_token(
                    session, username, label="prov", now=self.product.clock.now()
                )
        return {"Authorization": f"Bearer {self.tokens[username]}"}

    def get(self, username: str, address: str) -> TestResponse:
        header = self.header(username) if username and address.startswith(API) else {}
        return self.visitor(username).client.get(address, headers=header, buffered=True)

    def may_open(self, username: str, rule: Rule) -> bool:
        with self.product.database.reading() as session:
            return permissions.may_open(rule.endpoint, accounts.get(session, username))

    def everything(self) -> dict[str, list[str]]:
        """All that is kept, to see that nothing changed."""
        with self.product.database.reading() as session:
            return {
                name: sorted(map(str, session.execute(sa.select(table)).all()))
                for name, table in Base.metadata.tables.items()
            }

    @property
    def _known(self) -> dict[str, str]:
        world = self.world
        return {
            "registry": "RS", "year": "2026", "user_id": "handlaggare_1", "slug": "registrator",
            "file_id": world.file_id, "record_id": world.record_id, "number": "1",
            "instance_id": world.meeting_instance_id, "meeting_id": world.meeting_id,
            "task_id": world.meeting_task_id, "incident_id": world.incident_id, "key": "arende",
            "filename": "app.css",
        }  # fmt: skip

    @property
    def _known_to_api(self) -> dict[str, str]:
        return {"number": self.world.open_number}


def address(rule: Rule, parts: dict[str, str]) -> str:
    """The rule's address with those parts in it, written as they are."""
    written = str(rule.rule)
    for name, value in parts.items():
        before, _arrow, rest = written.partition(_placeholder(written, name))
        written = before + value + rest
    return written


def _placeholder(written: str, name: str) -> str:
    return next(
        f"<{part}>"
        for part in (piece.partition(">")[0] for piece in written.split("<")[1:])
        if part.rpartition(":")[2] == name
    )


def told_kindly(answer: TestResponse) -> bool:
    """Not a failure within; and what is refused is a page of ours, or a problem to a program."""
    path = answer.request.path
    if path == "/readyz":  # 503 is its answer as long as no scheduler runs
        return answer.status_code in (200, 503, 405)
    if answer.status_code >= 500:
        return False
    if answer.status_code < 400:
        return True
    if answer.mimetype == "application/problem+json":
        problem = answer.get_json(force=True)
        return bool(problem["title"] and problem["detail"]) and problem["status"] >= 400
    return bool(Page(answer).h1) and not path.startswith(API)


def opened(product: Product) -> Office:
    """Nobody waits for having tried too often: everything here is tried often."""
    product.read_installation()
    world = secret_world.make(product)
    configuration = Configuration(
        secret_key="for tests only", login_limits=[Limit(most=9999, within=timedelta(days=1))]
    )
    return Office(app=create_app(product, configuration), product=product, world=world)
