"""What a browser sends, made fit to be kept and shown before any view reads it.

Control characters come with pasted text and from those who look for holes: PostgreSQL keeps no
NUL, a page shows none of them, and marks that turn the direction of writing make one heading look
like another. They are left out; nobody who types meets the difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import IO, Any, cast

from flask import Flask, Request, abort, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Map
from werkzeug.utils import cached_property
from werkzeug.wsgi import LimitedStream, get_input_stream

from web.current import API

MEGABYTE = 1024 * 1024
# Without files: more than the longest form or diagram there is.
MAX_TEXT_BYTES = 6 * MEGABYTE
LARGEST = 2**31 - 1  # a whole number in the database
MOST_DRAINED, CHUNK = 1024 * MEGABYTE, MEGABYTE
MAX_QUERY_BYTES = 8000  # more than any page's own links; a database's patterns have an end
# Controls but for tab and line feeds; halves of surrogates; embeddings, overrides and isolates of
# direction (a mark such as U+200F, and the joiner in an emoji, are part of what people write).
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff"
    "\ud800-\udfff]"
)

_NEVER_SHOWN = frozenset({"csrf_token", "password", "current"})


def clean(text: str) -> str:
    return _UNFIT.sub("", text)


class CleanPairs(ImmutableMultiDict[str, Any]):
    """The fields of a form, or of an address, without what can't be kept. Files are as sent."""

    def __init__(self, mapping: Any = None) -> None:
        super().__init__([(clean(name), _clean(value)) for name, value in _pairs(mapping)])


class _Whole(LimitedStream):
    """Werkzeug's own, asked for everything at once, gives what fits as if that were all."""

    def readall(self) -> bytes:
        data = super().readall()
        if self.is_exhausted and self._stream.read(1):
            self.on_exhausted()
        return data


class CleanRequest(Request):
    @cached_property
    def stream(self) -> IO[bytes]:
        """How long a body sent in chunks is, gunicorn doesn't say beforehand."""
        told = self.content_length is not None or "wsgi.input_terminated" not in self.environ
        most = self.max_content_length
        if told or most is None:
            return get_input_stream(self.environ, max_content_length=most)
        return cast(IO[bytes], _Whole(self.environ["wsgi.input"], most, is_max=True))

    @property
    def parameter_storage_class(self) -> type[MultiDict[str, Any]]:  # type: ignore[override]
        """The API refuses such characters instead: a program is told what it sends."""
        return ImmutableMultiDict if self.path.startswith(API) else CleanPairs


class FittingInteger(IntegerConverter):
    """A whole number in an address, as large as a column holds: there is nothing beyond."""

    def __init__(self, url_map: Map, **wanted: Any) -> None:
        super().__init__(url_map, **{"max": LARGEST, **wanted})


def texts() -> tuple[str, ...]:
    """The prose of the form that was sent, to be shown where it could not be taken.

    Choices, days and the like say nothing without their form; passwords are shown to nobody.
    """
    try:
        fields = list(request.form.items(multi=True))
    except HTTPException:  # too large to be read at all
        return ()
    found = [value.strip() for name, value in fields if name not in _NEVER_SHOWN]
    return tuple(dict.fromkeys(text for text in found if " " in text or "\n" in text))


def drain() -> None:
    """Read the rest: a browser looks at no answer before it has sent everything."""
    stream = request.environ["wsgi.input"]
    for _piece in range(MOST_DRAINED // CHUNK):
        if not stream.read(CHUNK):
            return


def has_long_query(incoming: Request) -> bool:
    return len(incoming.query_string) > MAX_QUERY_BYTES


def set_up(app: Flask) -> None:
    app.request_class = CleanRequest
    app.url_map.converters["int"] = FittingInteger
    app.before_request(_check)


def _check() -> None:
    if _UNFIT.search(request.path):
        abort(404)  # nothing here has such an address
    if has_long_query(request) and not request.path.startswith(API):
        abort(414)
    if request.mimetype != "multipart/form-data":
        request.max_content_length = MAX_TEXT_BYTES


def _clean(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


def _pairs(mapping: Any) -> Iterable[tuple[str, Any]]:
    if mapping is None:
        return ()
    if isinstance(mapping, MultiDict):
        return mapping.items(multi=True)
    return mapping.items() if isinstance(mapping, Mapping) else mapping
