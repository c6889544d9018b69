"""Several processes that share one port and one PostgreSQL, any of which may die: gunicorn."""

from __future__ import annotations

import os
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from processes.product import Product
from processes.settings import Settings
from web.app import create_app
from web.configuration import Configuration
from web.server import THREADS, address_of, settle
from web.texts import gettext as _

WORKERS = 2
# What doesn't let go within this is cut off.
PATIENCE_SECONDS = 30


def serve(product: Product, *, host: str, port: int, count: int) -> None:
    """Serve until stopped. Each process does its share of the jobs too."""
    Configuration.from_settings(product.settings)  # makes the key that all of them sign with
    product.close()  # no connection may be carried over a fork
    click.echo(_("Ärendegång är igång: %(address)s", address=address_of(host, port)))
    click.echo(_("Avsluta med Ctrl+C."))
    parent = os.getpid()
    try:
        _Processes(product.settings, host=host, port=port, count=count).run()
    except SystemExit as ended:
        if ended.code or os.getpid() != parent:
            raise
    click.echo(_("Avslutat."))


class _Processes(BaseApplication):  # type: ignore[misc]  # it ships no types
    """The parent only watches: each child opens the product for itself, after the fork."""

    def __init__(self, settings: Settings, *, host: str, port: int, count: int) -> None:
        self._settings = settings
        self._product: Product | None = None
        self._wanted: dict[str, Any] = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": count,
            "worker_class": "gthread",
            "threads": THREADS,
            "graceful_timeout": PATIENCE_SECONDS,
            "loglevel": "warning",
            "control_socket_disable": True,
            "post_worker_init": self._begin,
            "worker_exit": self._end,
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._wanted.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        self._product = Product(self._settings)
        self._product.read_installation()
        return create_app(self._product)

    def _begin(self, _worker: object) -> None:
        if self._product:
            self._product.scheduler.start()
        settle()

    def _end(self, _server: object, _worker: object) -> None:
        if self._product:
            self._product.scheduler.stop()
            self._product.close()
