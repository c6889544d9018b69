"""One process that is the whole product: the pages on waitress threads, and the scheduler."""

from __future__ import annotations

import socket

import click
import waitress

from processes.errors import InstallationError
from processes.product import Product
from web.app import create_app
from web.configuration import Configuration
from web.texts import gettext as _

THREADS = 8


class PortInUse(InstallationError):
    def __init__(self, port: int) -> None:
        super().__init__(
            _("Port %(port)s är upptagen. Välj en annan, till exempel PORT=8001.", port=port)
        )


def require_free_port(host: str, port: int) -> None:
    """Say at once that somebody else listens there, before anything is made."""
    with socket.socket() as probe:
        # As the server itself will bind: what lingers from a server just stopped is no hindrance.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortInUse(port) from error


def serve(product: Product, *, host: str, port: int) -> None:
    """Serve until stopped. Jobs that fell due while nothing ran are taken up at once."""
    app = create_app(product, Configuration.from_settings(product.settings))
    server = waitress.create_server(
        app,
        host=host,
        port=port,
        threads=THREADS,
        max_request_body_size=product.settings.max_file_bytes * 2,
        ident=None,
    )
    product.scheduler.start()
    click.echo(_("Ärendegång är igång: http://%(host)s:%(port)s", host=host, port=port))
    click.echo(_("Avsluta med Ctrl+C."))
    try:
        server.run()
    finally:
        product.scheduler.stop()
        server.close()
        product.close()
