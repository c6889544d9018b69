"""One process that is the whole product, or that does its jobs only."""

from __future__ import annotations

import errno
import gc
import logging
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import click
import waitress

from processes.errors import InstallationError
from processes.product import Product
from web import large_bodies
from web.app import create_app
from web.configuration import Configuration
from web.texts import gettext as _

THREADS = 8
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - recognised, not chosen


class PortInUse(InstallationError):
    def __init__(self, port: int) -> None:
        super().__init__(
            _(
                "Port %(port)s är upptagen. Välj en annan: make run PORT=8001, eller --port 8001.",
                port=port,
            )
        )


class CannotListen(InstallationError):
    def __init__(self, host: str, port: int, why: str) -> None:
        super().__init__(
            _(
                "Det går inte att lyssna på %(host)s, port %(port)s: %(why)s.",
                host=host,
                port=port,
                why=why,
            )
        )


def require_free_port(host: str, port: int) -> None:
    """Say at once that somebody else listens there, before anything is made."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise CannotListen(host, port, _("adressen finns inte")) from error
    family, kind, protocol, _name, address = found[0]
    with socket.socket(family, kind, protocol) as probe:
        # As the server itself will bind: what lingers from a server just stopped is no hindrance.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortInUse(port) from error
            why = _("behörighet saknas") if error.errno == errno.EACCES else str(error.strerror)
            raise CannotListen(host, port, why) from error


def address_of(host: str, port: int) -> str:
    """What somebody at this machine writes in the browser."""
    name = "127.0.0.1" if host in EVERYWHERE else host
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Let SIGTERM end the process as Ctrl+C does: what runs is brought to its end, and code 0."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        click.echo(_("Avslutat."))
    finally:
        signal.signal(signal.SIGTERM, before)


def settle() -> None:
    """What has been loaded stays: to look it through for garbage again and again took a seventh
    of every request.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


def serve(product: Product, *, host: str, port: int) -> None:
    """Serve until stopped. Jobs that fell due while nothing ran are taken up at once."""
    try:
        server = listening(product, host=host, port=port)
    except OSError as error:  # somebody was faster, while the installation was made
        raise PortInUse(port) from error
    product.scheduler.start()
    settle()
    click.echo(_("Ärendegång är igång: %(address)s", address=address_of(host, port)))
    click.echo(_("Avsluta med Ctrl+C."))
    try:
        server.run()
    finally:
        product.scheduler.stop()
        server.close()
        product.close()
    click.echo(_("Avslutat."))


def listening(product: Product, *, host: str, port: int) -> Any:
    """waitress, ready to run."""
    # It warns of every request that waits for a thread; how long they wait is what matters.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    configuration = Configuration.from_settings(product.settings)
    sockets: dict[int, Any] = {}
    server = waitress.create_server(
        create_app(product, configuration),
        sockets,
        host=host,
        port=port,
        threads=THREADS,
        max_request_body_size=large_bodies.UNLIMITED,
        ident=None,
    )
    large_bodies.keep_at_most(configuration.max_upload_bytes, sockets)
    return server


def work(product: Product) -> None:
    """Do jobs until stopped, without pages."""
    stopped = threading.Event()
    product.scheduler.start()
    settle()
    click.echo(_("Jobben görs. Avsluta med Ctrl+C."))
    try:
        stopped.wait()  # a signal ends it
    finally:
        product.scheduler.stop()
        product.close()
