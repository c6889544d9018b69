"""What is typed is shown as it was typed: it never becomes markup, and never runs."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
from lxml import html
from werkzeug.test import TestResponse

from engine import deployments
from engine.database import Base
from engine.host import SYSTEM
from tests.engine import bpmn
from tests.web.office import API, PEOPLE, Office, address
from tests.web.pages import Visitor

LogIn = Callable[[str], Visitor]
SIGN = "skalinteköras"
MARKUP = f"</script></textarea></title><script>{SIGN}</script><img src=x onerror={SIGN}>"
BREAKOUT = f"\"'><i {SIGN}=\"x\" onclick='{SIGN}'>&lt;{{{{7*7}}}}<!-- {MARKUP}"
# Every column that holds what somebody wrote; or what came out of it.
WRITTEN = {
    "agenda_item": (
        "late_reason", "review_note", "presidium_note", "adjustment", "decision", "motivation",
        "conflicts", "motions", "vote", "reservations", "appeal_result",
    ),
    "api_token": ("label",),
    "case": (
        "heading", "public_heading", "initiator", "classification", "legal_ground", "decision",
        "item_number", "withdrawal_reason", "delegation_point",
    ),
    "consultation": ("question", "reply", "note", "recipient"),
    "delegated_decision": ("point", "decision", "reasons", "appeal", "conflict", "refused_reason"),
    "draft": (),
    "event_log": ("name",),
    "incident": ("message", "trace", "element_name"),
    "installation": ("name",),
    "job": ("name", "error"),
    "meeting": ("place", "cancelled_reason"),
    "minutes": ("communications", "elections", "differing_view"),
    "organ": ("name", "place"),
    "process_version": ("name", "comment"),
    "record": ("sender", "recipient", "subject", "public_subject", "annulled_reason"),
    "record_correction": ("before", "after", "reason"),
    "record_file": ("name",),
    "registry": ("name",),
    "role": ("name",),
    "task": ("name", "role", "candidate_label", "deadline"),
    "user_account": ("name", "email", "department"),
}  # fmt: skip


@pytest.fixture(scope="module")
def marked(office: Office) -> Office:
    """The same office after somebody has written markup wherever anything can be written."""
    form = {
        "title": BREAKOUT, "description": BREAKOUT, "type": "object", "x-next": BREAKOUT,
        "properties": {
            "text": {"title": BREAKOUT, "type": "string", "description": BREAKOUT},
            "val": {
                "title": BREAKOUT, "type": "string",
                "oneOf": [{"const": "a", "title": BREAKOUT, "description": BREAKOUT}],
            },
        },
    }  # fmt: skip
    diagram = bpmn.diagram(
        "markt", bpmn.start(),
        bpmn.node("userTask", "steg", name=BREAKOUT, role="Registrator", deadline="3 arbetsdagar",
                  form="markt", help=BREAKOUT, rule=BREAKOUT),
        bpmn.end(), bpmn.chain("start", "steg", "slut"),
    )  # fmt: skip
    with office.product.database.writing() as session:
        files = {"markt.bpmn": diagram, "markt.json": json.dumps(form)}
        deployments.deploy(session, office.product.engine, files, actor=SYSTEM)
        for name, columns in WRITTEN.items():
            table = Base.metadata.tables[name]
            if columns:
                values = {column: table.c[column] + BREAKOUT for column in columns}
                session.execute(sa.update(table).values(values))
        answers = json.dumps({"meddelande": BREAKOUT, "vag": [{"organ": BREAKOUT}]})
        session.execute(sa.text("UPDATE task_draft SET answers = :said"), {"said": answers})
        reason = json.dumps({"reason": BREAKOUT, "message": BREAKOUT})
        session.execute(sa.text("UPDATE event_log SET detail = :said"), {"said": reason})
    return office


@pytest.mark.parametrize("username", PEOPLE[1:])
def test_nothing_that_is_shown_becomes_markup(marked: Office, username: str) -> None:
    shown = 0
    for asked in addresses(marked):
        answer = marked.get(username, asked)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            shown += SIGN in answer.text
            require_inert(answer, asked)
    assert shown > 12


def test_what_was_typed_wrongly_is_shown_again_as_typed(marked: Office) -> None:
    visitor = marked.visitor("registrator_rs")
    for at in ("/arenden/nytt", f"/arenden/{marked.world.number}/ny-handling"):
        names = map(str, visitor.page("/arenden/nytt").root.xpath("//main//form//@name"))
        form = {name: BREAKOUT for name in names if name != "csrf_token"}
        answer = visitor.post(at, {**form, "subject": BREAKOUT}, at="/min-sida/")
        assert answer.status_code == 422, at
        assert SIGN in answer.text, at
        require_inert(answer, at)


def addresses(office: Office) -> list[str]:
    """All that opens, with the twins of what a world of secrets has two of."""
    world = office.world
    found = [
        address(rule, office.real(rule))
        for rule in office.rules("GET")
        if not rule.rule.startswith((API, "/static"))
    ]
    return [
        *found,
        *(f"/uppgift/{one}" for one in (world.task_id, world.handed_back_id)),
        f"/arenden/{world.open_number}",
        f"/arenden/{world.number}?historia=1",
        f"/arenden/handling/{world.hidden_record_id}",
        f"/drift/floden/{world.instance_id}",
        f"/sok?q={SIGN}",
        f"/arenden/?q={SIGN}",
        f"/arenden/nytt/liknande?heading={SIGN}",
        "/processer/markt",
        "/processer/markt/redigera",
        "/processer/markt/version/1",
        f"/sok?q={BREAKOUT}",
    ]


def require_inert(answer: TestResponse, where: str) -> None:
    root = html.document_fromstring(
        f"<main>{answer.text}" if "<html" not in answer.text else answer.text
    )
    for element in root.iter():
        if not isinstance(element.tag, str):  # a comment
            assert SIGN not in (element.text or ""), where
            continue
        for name, value in element.attrib.items():
            assert not name.startswith("on"), (where, name)
            assert SIGN not in name, where
            assert not (name in ("href", "src", "action") and re.match(r"\s*javascript:", value))
        if element.tag == "script":
            assert element.get("src") or element.get("type") == "application/json", where
            if element.text:
                json.loads(element.text)
    assert not root.xpath("//img[@src='x'] | //style"), where
    assert "49<!--" not in answer.text, where


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ('a"\r\nSet-Cookie: x=1.pdf', "a"),
        ("../../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("<img onerror=alert(1)>.svg", ".svg"),
        ("sida.html", "sida.html"),
        ("sida.HTM", "sida.HTM"),
        ("blad.xhtml", "blad.xhtml"),
        ("kod.js", "kod.js"),
        ("bild.svgz", "bild.svgz"),
        ("\u202efdp.exe", "fdp.exe"),
        ("å" * 300 + ".pdf", ".pdf"),
        ("CON", "CON"),
        ("🙈.pdf", "🙈.pdf"),
        (".", ""),
        ("%2e%2e%2fx.pdf", "x.pdf"),
    ],
)
def test_a_file_name_opens_nothing(
    log_in: LogIn, register: Callable[[], str], name: str, kept: str
) -> None:
    number = register()
    visitor = log_in("registrator_rs")
    values: dict[str, object] = {
        "direction": "in", "dated_on": "2026-01-28", "subject": "Brev", "sender": "Någon",
        "handling": "registreras", "files": (io.BytesIO(b"<script>alert(1)</script>"), name),
    }  # fmt: skip
    assert visitor.post(f"/arenden/{number}/ny-handling", values).status_code == 302
    record = visitor.page(f"/arenden/{number}").root.xpath(
        "//a[contains(@href, '/handling/')]/@href"
    )
    link = visitor.page(str(record[0])).root.xpath("//a[contains(@href, '/fil/')]")[0]
    shown = link.text_content()
    assert kept in shown
    assert len(shown) <= 150
    assert not re.search(r"[\\/\r\n\u202e]", shown)
    answer = visitor.client.get(str(link.get("href")), buffered=True)
    assert answer.status_code == 200
    disposition = answer.headers["Content-Disposition"]
    assert kept in unquote(disposition)
    assert "\n" not in disposition
    assert "x=1" not in answer.headers.get("Set-Cookie", "")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "no-store"
    if not shown.endswith(".pdf"):
        assert disposition.startswith("attachment")
        assert answer.mimetype == "application/octet-stream"
