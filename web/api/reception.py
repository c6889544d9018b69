"""What no call may carry, wherever in it: said before any view runs.

PostgreSQL keeps no NUL, no text holds half a surrogate, and JSON has neither NaN nor numbers that
other systems would round.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from flask import Request, request
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser

from engine.errors import Invalid, NotFound
from web import received
from web.api import refusals
from web.texts import gettext as _

MAX_JSON_BYTES = 1_000_000
MAX_DEPTH = 40
LARGEST = 2**53 - 1  # beyond it, JSON numbers are not the same everywhere
_UNFIT = re.compile("[\x00\ud800-\udfff]")
_ETAG = re.compile(r'(?:W/)?"?(\d{1,9})"?')
IF_MATCH = "If-Match"


def check() -> None:
    """Registered before every call."""
    if any(_UNFIT.search(str(value)) for value in (request.view_args or {}).values()):
        raise NotFound(_("Det finns inget med den adressen."))
    if not is_form(request):
        request.max_content_length = MAX_JSON_BYTES
    if received.has_long_query(request):
        raise Invalid.field("", _("Frågan är för lång."))
    _check_pairs(request.args.items(multi=True))


def is_form(incoming: Request) -> bool:
    return incoming.mimetype in ("multipart/form-data", "application/x-www-form-urlencoded")


class Arguments(FlaskParser):
    """Reads the arguments of a call; what is wrong is told by field."""

    def load_json(self, req: Request, schema: Schema) -> Any:
        body = _body(req)
        if "lock_version" in schema.fields and isinstance(body, dict):
            return _with_precondition(body, req)
        return body

    def load_form(self, req: Request, schema: Schema) -> Any:
        if not is_form(req):
            raise Invalid.field("", _("Skicka uppgifterna som multipart/form-data."))
        _check_pairs(req.form.items(multi=True))
        return super().load_form(req, schema)

    def handle_error(self, error: ValidationError, *_given: Any, **_more: Any) -> NoReturn:
        raise refusals.of(error.messages) from error


def _body(req: Request) -> Any:
    raw = req.get_data(cache=True)
    if not raw:
        return {}
    if not req.is_json:
        raise Invalid.field(
            "", _("Skicka innehållet som JSON, med huvudet Content-Type: application/json.")
        )
    try:
        body = json.loads(raw.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Invalid.field("", _("Innehållet är inte giltig JSON i UTF-8.")) from error
    _check_json(body)
    return body


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _check_json(body: Any) -> None:
    for value, depth in _values(body):
        if depth > MAX_DEPTH:
            raise Invalid.field("", _("Innehållet är nästlat i för många led."))
        if isinstance(value, str) and _UNFIT.search(value):
            raise Invalid.field("", _("En text innehåller tecken som inte går att spara."))
        if isinstance(value, int) and abs(value) > LARGEST:
            raise Invalid.field("", _("Ett heltal är för stort."))
        if isinstance(value, float) and not math.isfinite(value):
            raise Invalid.field("", _("Ett tal är för stort."))


def _values(body: Any) -> Iterator[tuple[Any, int]]:
    """Every value and every name in it, with how deep it lies."""
    ahead = [(body, 0)]
    while ahead:
        value, depth = ahead.pop()
        yield value, depth
        if depth > MAX_DEPTH:
            continue
        if isinstance(value, dict):
            ahead += [(inner, depth + 1) for pair in value.items() for inner in pair]
        elif isinstance(value, list):
            ahead += [(inner, depth + 1) for inner in value]


def _check_pairs(pairs: Iterable[tuple[str, str]]) -> None:
    for name, value in pairs:
        if _UNFIT.search(name) or _UNFIT.search(value):
            raise Invalid.field(
                _UNFIT.sub("", name), _("Texten innehåller tecken som inte går att spara.")
            )


def _with_precondition(body: dict[str, Any], req: Request) -> dict[str, Any]:
    """`If-Match` says which version was read, where the body does not."""
    said = req.headers.get(IF_MATCH)
    if said is None or body.get("lock_version") is not None:
        return body
    found = _ETAG.fullmatch(said.strip())
    if found is None:
        raise Invalid.field(IF_MATCH, _('Skriv det lock_version som lästes, till exempel "3".'))
    return {**body, "lock_version": int(found[1])}
