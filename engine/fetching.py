"""Rows as objects of their session, past the ORM's own way of asking for them.

It takes 90 µs to fetch a row that SQLite finds in five: a query is built, its key worked out, and
a reader made for what came. Here the query is built once, and the objects are made by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Generic, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm.attributes import set_committed_value

from engine.statements import Later, Row, Statement, ask, ask_later, asking_is_a_journey

Kind = TypeVar("Kind")
Select = sa.Select[Any]
_AHEAD, _ARRIVED = "rows ahead", "rows that have arrived"


class Fetching(Generic[Kind]):
    """The rows of a table that `narrowed` leaves, in its order; values are given by name.

    Pending changes are flushed first, and an object that the session has is not made anew, as
    when the ORM is asked.
    """

    def __init__(self, kind: type[Kind], narrowed: Callable[[Select], Select]) -> None:
        mapper: orm.Mapper[Kind] = sa.inspect(kind)
        read = [attribute for attribute in mapper.column_attrs if not attribute.deferred]
        self._names = [attribute.key for attribute in read]
        self._left_out = [one.key for one in mapper.column_attrs if one.deferred]
        self._statement = Statement(narrowed(sa.select(*(one.columns[0] for one in read))))
        self._kind, self._mapper = kind, mapper
        key = [mapper.get_property_by_column(column).key for column in mapper.primary_key]
        self._key = [self._names.index(name) for name in key]

    def all(self, session: orm.Session, **values: Any) -> list[Kind]:
        if session.autoflush:
            session.flush()
        _arrive(session, self._kind)  # or it would come later, from before
        return [self._object(session, row) for row in ask(session, self._statement, values)]

    def first(self, session: orm.Session, **values: Any) -> Kind | None:
        """None where there is no such row; `narrowed` sees to it that there are not many."""
        found = self.all(session, **values)
        return found[0] if found else None

    def ahead(self, session: orm.Session, **values: Any) -> None:
        """Have them on their way for `Session.get`, where to ask for each takes its time.

        As they are now: what a savepoint will undo, or this transaction delete, is not for it.
        """
        if asking_is_a_journey(session) and not session.in_nested_transaction():
            (rows,) = ask_later(session, [(self._statement, values)])
            session.info.setdefault(_AHEAD, {})[self._kind] = (self, rows)

    def arrived(self, session: orm.Session, rows: Later) -> list[Kind]:
        return [self._object(session, row) for row in rows()]

    def anew(self, session: orm.Session, **values: Any) -> Kind | None:
        """As `first`, as it stands in the database, not as the session has known it."""
        session.flush()  # what is read now is laid over what the session holds
        _arrive(session, self._kind)
        for row in ask(session, self._statement, values):
            found = self._object(session, row)
            for name, value in zip(self._names, row, strict=True):
                set_committed_value(found, name, value)
            if self._left_out:
                session.expire(found, self._left_out)
            return found
        return None

    def _object(self, session: orm.Session, row: Row) -> Kind:
        key = self._mapper.identity_key_from_primary_key(tuple(row[place] for place in self._key))
        known = session.identity_map.get(key)
        if known is not None:
            if sa.inspect(known).expired:
                session.refresh(known)
            return known
        made = self._mapper.class_manager.new_instance()
        vars(made).update(zip(self._names, row, strict=True))
        orm.make_transient_to_detached(made)
        session.add(made)
        return made


def locked(session: orm.Session, kind: type[Kind], key: str) -> Kind | None:
    """The row as it is once nobody else can change it."""
    rows: Fetching[Kind] = _locked_by_id(cast("Any", kind))
    return rows.anew(session, **_as_values(key))


class Session(orm.Session):
    """Fetches a row by its id that way."""

    def expunge_all(self) -> None:
        """At its end; to forget nothing at all takes long otherwise."""
        if self.identity_map.keys() or self.new:
            super().expunge_all()

    def get(self, entity: Any, ident: Any, **options: Any) -> Any:
        if isinstance(ident, str | tuple) and not any(options.values()):
            values = _as_values(ident)
            key = sa.inspect(entity).identity_key_from_primary_key(tuple(values.values()))
            if key not in self.identity_map:
                _arrive(self, entity)
            if key not in self.identity_map:
                return _by_id(entity).first(self, **values)
        return super().get(entity, ident, **options)


def _arrive(session: orm.Session, kind: Any) -> None:
    """What was asked for ahead of that kind is the session's from now on."""
    fetching, rows = session.info.get(_AHEAD, {}).pop(kind, (None, None))
    if fetching:
        session.info.setdefault(_ARRIVED, []).extend(fetching.arrived(session, rows))


def _as_values(key: Any) -> dict[str, Any]:
    parts = key if isinstance(key, tuple) else (key,)
    return {f"id_{place}": part for place, part in enumerate(parts)}


@cache
def _by_id(kind: type[Any]) -> Fetching[Any]:
    return Fetching(kind, lambda rows: rows.where(*_has_id(kind)))


@cache
def _locked_by_id(kind: type[Any]) -> Fetching[Any]:
    return Fetching(kind, lambda rows: rows.where(*_has_id(kind)).with_for_update())


def _has_id(kind: type[Any]) -> list[sa.ColumnElement[bool]]:
    columns = enumerate(sa.inspect(kind).primary_key)
    return [column == sa.bindparam(f"id_{place}") for place, column in columns]
