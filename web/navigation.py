"""The frame round every page: the menu by right, whom one acts for, where one is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app, g, request, url_for
from flask_login import current_user

from web import permissions
from web.current import User, product, user
from web.inbox import workload
from web.monitoring.views import open_causes
from web.reader import stands_in_for
from web.subjects import case_address, meeting_address, papers_address
from web.texts import gettext as _

SEARCH = "/sok"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A place in the menu; it shows where `endpoint` exists and the reader may open it."""

    endpoint: str
    words: Callable[[], str]
    also: frozenset[str] = frozenset()  # blueprints that belong under it
    count: Callable[[], int] | None = None
    urgent: bool = False  # the count is of what is wrong


MENU: tuple[Entry, ...] = (
    Entry(
        endpoint="inbox.show",
        words=lambda: _("Inkorg"),
        also=frozenset({"tasks"}),
        count=workload.mine,
    ),
    Entry(endpoint="cases.index", words=lambda: _("Ärenden")),
    Entry(endpoint="meetings.index", words=lambda: _("Sammanträden")),
    Entry(endpoint="definitions.index", words=lambda: _("Processer")),
    Entry(
        endpoint="monitoring.index",
        words=lambda: _("Drift"),
        count=open_causes,
        urgent=True,
    ),
    Entry(endpoint="admin.index", words=lambda: _("Administration")),
)


@dataclass(frozen=True, kw_only=True)
class MenuItem:
    words: str
    address: str
    current: bool
    count: int
    urgent: bool


@dataclass(frozen=True, kw_only=True)
class Frame:
    place: str
    name: str
    stands_in_for: str
    menu: tuple[MenuItem, ...]
    search: str = SEARCH


def frame() -> Frame:
    return Frame(
        place=product().name,
        name=user().name,
        stands_in_for=stands_in_for(),
        menu=tuple(_item(entry) for entry in MENU if _shows(entry, user())),
    )


def _shows(entry: Entry, reader: User) -> bool:
    known = entry.endpoint in current_app.view_functions
    return known and permissions.may_open(entry.endpoint, reader)


def _item(entry: Entry) -> MenuItem:
    blueprint = entry.endpoint.partition(".")[0]
    return MenuItem(
        words=entry.words(),
        address=url_for(entry.endpoint),
        current=request.blueprint == blueprint or request.blueprint in entry.also,
        count=entry.count() if entry.count else 0,
        urgent=entry.urgent,
    )


def set_up(app: Flask) -> None:
    app.context_processor(_for_templates)
    app.jinja_env.globals.update(
        case_address=case_address, meeting_address=meeting_address, papers_address=papers_address
    )


def _for_templates() -> dict[str, object]:
    if g.get("asks_nothing") or not current_user or not current_user.is_authenticated:
        return {"frame": None, "place": product().name}
    return {"frame": frame()}
