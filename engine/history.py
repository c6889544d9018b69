"""The event log: append-only, one hash chain per instance, so that a changed row shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.database import one_at_a_time
from engine.held import Held
from engine.host import Actor
from engine.paging import Page, cut, place_of
from engine.statements import Said, Statement, ask, inserting, only_first, say_all
from engine.tables import EventLog, Instance

if TYPE_CHECKING:
    from engine.engine import Engine

SYSTEM_CHAIN = "system"
# Made once: json.dumps makes one for each value that isn't written in its ordinary way.
_text = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_ROWS = EventLog.metadata.tables["event_log"]
_WRITE = inserting(_ROWS, leaving_out="id")
_OF_CHAIN = sa.select(_ROWS.c.seq, _ROWS.c.hash).where(_ROWS.c.chain == sa.bindparam("of"))
_LAST = Statement(only_first(_OF_CHAIN.order_by(_ROWS.c.seq.desc())))
_ENDS = "ends of chains"
End = tuple[int, str]  # `seq` and `hash` of the last row; 0 and "" before the first


class Entry(NamedTuple):
    """One thing that happened, before it has its place in a chain."""

    kind: str
    process_key: str | None = None
    element: str | None = None
    name: str = ""
    detail: Mapping[str, Any] = MappingProxyType({})


def append(
    session: Session,
    engine: Engine,
    *,
    kind: str,
    actor: Actor,
    instance: Held | Instance | None = None,
    business_key: str | None = None,
    process_key: str | None = None,
    element: str | None = None,
    name: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Log one event; the caller holds the instance's lock, if it belongs to one."""
    entry = Entry(
        kind=kind, process_key=process_key, element=element, name=name, detail=detail or {}
    )
    extend(session, engine, [entry], actor=actor, instance=instance, business_key=business_key)


def extend(
    session: Session,
    engine: Engine,
    entries: Iterable[Entry],
    *,
    actor: Actor,
    instance: Held | Instance | None = None,
    business_key: str | None = None,
) -> None:
    """Log events in the order given."""
    say_all(
        session,
        rows(session, engine, entries, actor=actor, instance=instance, business_key=business_key),
    )


def rows(
    session: Session,
    engine: Engine,
    entries: Iterable[Entry],
    *,
    actor: Actor,
    instance: Held | Instance | None = None,
    business_key: str | None = None,
) -> list[Said]:
    """What is to be said to log them, before anything else is logged in that chain."""
    chain = instance.id if instance else business_key or SYSTEM_CHAIN
    ends = _ends(session)
    if chain not in ends:
        if instance is None:
            _lock_chain(session, chain)
        ends[chain] = _end(session, chain)
    seq, last = ends[chain]
    now = engine.clock.now()
    whose = {
        "chain": chain,
        "instance_id": instance.id if instance else None,
        "business_key": business_key or (instance.business_key if instance else None),
        "at": now,
        "actor": actor.id,
        "on_behalf_of": actor.on_behalf_of,
    }
    found = []
    for number, entry in enumerate(entries, seq + 1):
        row = {
            **whose,
            "seq": number,
            "kind": entry.kind,
            "process_key": entry.process_key,
            "element": entry.element,
            "name": entry.name,
            "detail": dict(entry.detail),
            "digest": _digest(entry.detail) if entry.detail else _OF_NOTHING,
        }
        last = row["hash"] = _hash(last, row)
        found.append(row)
    ends[chain] = (seq + len(found), last)
    return [(_WRITE, found)] if found else []


def of_instance(
    session: Session,
    instance_id: str,
    limit: int = 100,
    cursor: str | None = None,
    *,
    latest_first: bool = False,
) -> Page[EventLog]:
    """What happened to one instance, first things first unless the latest is asked for."""
    query = sa.select(EventLog).where(EventLog.chain == instance_id)
    if cursor:
        (seq,) = place_of(cursor, [int])
        query = query.where(EventLog.seq < seq if latest_first else EventLog.seq > seq)
    order = EventLog.seq.desc() if latest_first else EventLog.seq
    rows = session.scalars(query.order_by(order).limit(limit + 1)).all()
    return cut(rows, limit, lambda row: [row.seq])


def of_business_key(
    session: Session, business_key: str, kinds: Collection[str] | None = None
) -> list[EventLog]:
    """What happened under a business key, in whichever instance, first things first."""
    of_instances = sa.select(Instance.id).where(Instance.business_key == business_key)
    chains = of_instances.union_all(sa.select(sa.literal(business_key)))
    query = sa.select(EventLog).where(
        # A key may be called as a chain is that has nothing to do with it.
        EventLog.chain.in_(chains),
        EventLog.business_key == business_key,
    )
    if kinds is not None:
        query = query.where(EventLog.kind.in_(kinds))
    # What one command logged has one time, and ids that say nothing of its order.
    return list(session.scalars(query.order_by(EventLog.at, EventLog.chain, EventLog.seq)))


def verify(session: Session, chain: str) -> list[int]:
    """The `seq` of every row that is not what was written; empty when the chain holds."""
    return broken(session, [chain]).get(chain, [])


def broken(session: Session, chains: Collection[str]) -> dict[str, list[int]]:
    """Those of the chains that don't hold, each with the `seq` of every row that is wrong.

    A detail deleted by law is empty and no longer meets its digest: that is no break.
    """
    query = sa.select(_ROWS).where(_ROWS.c.chain.in_(chains))
    query = query.order_by(_ROWS.c.chain, _ROWS.c.seq).execution_options(yield_per=500)
    rows = session.execute(query).mappings()
    found = {chain: _broken(of_chain) for chain, of_chain in groupby(rows, itemgetter("chain"))}
    return {chain: wrong for chain, wrong in found.items() if wrong}


def _broken(rows: Iterable[sa.RowMapping]) -> list[int]:
    wrong, expected, last = [], 1, ""
    for row in rows:
        kept = not row["detail"] or row["digest"] == _digest(row["detail"])
        if row["seq"] != expected or row["hash"] != _hash(last, dict(row)) or not kept:
            wrong.append(row["seq"])
        expected, last = row["seq"] + 1, row["hash"]
    return wrong


def remember(session: Session, chain: str, end: End) -> None:
    """Where a chain ends, read by who holds its lock: it needn't be asked for again."""
    _ends(session).setdefault(chain, end)


def _ends(session: Session) -> dict[str, End]:
    """Of the chains that this transaction alone may write to, with what it has written so far."""
    ends: dict[str, End] = session.info.setdefault(_ENDS, {})
    return ends


def _end(session: Session, chain: str) -> End:
    found = ask(session, _LAST, {"of": chain})
    return (found[0][0], found[0][1]) if found else (0, "")


def _forget_ends(session: Session, _undone: object) -> None:
    session.info.pop(_ENDS, None)


# What was undone may have been logged, also when only a part of the transaction is.
sa.event.listen(Session, "after_soft_rollback", _forget_ends)


def _digest(detail: Mapping[str, Any]) -> str:
    return hashlib.sha256(_text(detail).encode()).hexdigest()


_OF_NOTHING = _digest({})


def _hash(previous: str, row: Mapping[str, Any]) -> str:
    at: datetime = row["at"]
    facts = [
        previous, row["chain"], row["seq"], row["instance_id"], row["business_key"],
        at.astimezone(UTC).isoformat(), row["actor"], row["on_behalf_of"], row["kind"],
        row["process_key"], row["element"], row["name"], row["digest"],
    ]  # fmt: skip
    # The same text as `_text` makes of texts and numbers, in a fraction of the time.
    return hashlib.sha256(orjson.dumps(facts)).hexdigest()


def _lock_chain(session: Session, chain: str) -> None:
    """An instance's row guards its chain; others have no row, so PostgreSQL gets a named lock.

    One per business key: cases that have nothing to do with each other don't wait in one line.
    """
    one_at_a_time(session, chain)
