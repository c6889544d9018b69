"""A request's way to the database: one view to read in, and commands that each commit once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, TypeVar

from flask import Flask, g
from sqlalchemy.orm import Session

from engine import commands
from web.current import product

T = TypeVar("T")


def reading() -> Session:
    """The request's one consistent view of the database; nothing done in it is kept."""
    if "reading" not in g:
        stack = ExitStack()
        g.reading = stack.enter_context(product().database.reading())
        g.reading_stack = stack
    session: Session = g.reading
    return session


def perform(
    work: Callable[[Session], T],
    *,
    instance_id: str | None = None,
    command: dict[str, Any] | None = None,
) -> T:
    """Do `work` in one transaction through the engine; what is read afterwards sees it."""
    close_view()
    try:
        return commands.perform(product().engine, work, instance_id=instance_id, command=command)
    finally:
        close_view()  # `work` may have asked who reads, and so opened a view from before


def close_view(_error: BaseException | None = None) -> None:
    g.pop("reading", None)
    stack: ExitStack | None = g.pop("reading_stack", None)
    if stack is not None:
        stack.close()


def set_up(app: Flask) -> None:
    app.teardown_appcontext(close_view)
