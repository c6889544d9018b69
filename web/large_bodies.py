"""What is larger than the pages take is read to its end and dropped, for them to refuse in words.

waitress answers such a request itself, in English, and closes the connection while the browser
still sends: what people see then is that the connection was lost.
"""

from __future__ import annotations

import io
import sys
from typing import Any

from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer

UNLIMITED = sys.maxsize  # for waitress, whose own limit would answer in our place


class _Kept(OverflowableBuffer):  # type: ignore[misc]  # it ships no types
    """Keeps no more than `most` bytes, but knows how many there were."""

    def __init__(self, overflow: int, most: int) -> None:
        super().__init__(overflow)
        self._most = most
        self._size = 0

    def append(self, data: bytes) -> None:
        self._size += len(data)
        if self._size <= self._most:
            super().append(data)

    def __len__(self) -> int:
        return self._size

    def getfile(self) -> Any:
        return super().getfile() if self._size <= self._most else io.BytesIO()


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    most = 0

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.body_rcv is not None:
            most = self.most if self.content_length <= self.most else 0
            self.body_rcv.buf = _Kept(self.adj.inbuf_overflow, most)


def keep_at_most(size: int, sockets: dict[int, Any]) -> None:
    """Let the servers among `sockets` keep bodies of up to that many bytes, and drop larger ones.

    The application is told how long a body was, and finds a dropped one empty.
    """
    parser = type("Parser", (_Parser,), {"most": size})
    channel = type("Channel", (HTTPChannel,), {"parser_class": parser})
    for each in sockets.values():
        if isinstance(each, BaseWSGIServer):
            each.channel_class = channel
