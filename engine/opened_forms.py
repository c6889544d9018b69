"""A task's form as it opens: what it is filled in with, what can be chosen, what comes after."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session, undefer

from engine import expressions
from engine.context import Context
from engine.errors import EngineError
from engine.host import Actor, Option
from engine.layered_names import LayeredNames
from engine.spiff import Run
from engine.tables import Instance, Task

if TYPE_CHECKING:
    from engine.engine import Engine

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class OpenedForm:
    """`options` gives the choices of an `x-source`; `next` is what the form says comes after."""

    schema: Mapping[str, Any]
    defaults: Mapping[str, Any] = field(default_factory=dict)
    options: Callable[[str], Sequence[Option]] = field(default=lambda _source: ())
    next: str = ""


def open_form(
    session: Session, engine: Engine, task: Task, *, actor: Actor, answers: Mapping[str, Any]
) -> OpenedForm | None:
    """None when the task has no form. `answers` so far are seen by `x-next`."""
    instance = session.get_one(
        Instance, task.instance_id, options=[undefer(Instance.state)], populate_existing=True
    )
    schema = engine.form(session, instance.process_version_id, task.form)
    if schema is None:
        return None
    context = Context(session, engine, instance, actor)
    data = _data(session, engine, instance, context, task)
    names = context.names(data, task.element)
    scope = context.scope(data, task.element)
    defaults = _defaults(schema, names, context)
    return OpenedForm(
        schema=schema,
        defaults=defaults,
        options=lambda source: engine.host.options(session, source, scope),
        next=_next(schema, LayeredNames({**defaults, **answers}, names), context),
    )


def _data(
    session: Session, engine: Engine, instance: Instance, context: Context, task: Task
) -> Mapping[str, Any]:
    run = Run.load(engine.specs_of(session, instance.process_version_id), instance.state, context)
    found = {waiting.spiff_id: waiting.data for waiting in run.open_tasks()}
    return found.get(task.spiff_id, {})


def _defaults(
    schema: Mapping[str, Any], names: Mapping[str, Any], context: Context
) -> dict[str, Any]:
    found = {}
    for name, part in schema.get("properties", {}).items():
        if "x-default" in part:
            value = _value(part["x-default"], names, context)
            if value is not None:
                found[name] = value
        elif "default" in part:
            found[name] = part["default"]
    return found


def _value(text: Any, names: Mapping[str, Any], context: Context) -> Any:
    """A default that can't be reckoned leaves its field empty: people fill it in themselves."""
    if not isinstance(text, str):
        return text
    try:
        return expressions.evaluate(text, names, context.functions)
    except (EngineError, LookupError):
        log.info("the default %r could not be reckoned", text, exc_info=True)
        return None


def _next(schema: Mapping[str, Any], names: Mapping[str, Any], context: Context) -> str:
    """`x-next` is a sentence, or an expression that gives one."""
    text = schema.get("x-next", "")
    if not text or expressions.check(text, context.functions) is not None:
        return str(text)
    value = _value(text, names, context)
    return value if isinstance(value, str) else ""
