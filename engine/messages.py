"""Messages between instances, and from outside: each goes to the one place that waits for it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import deployments, jobs
from engine.errors import NotFound
from engine.fetching import Fetching
from engine.host import Actor
from engine.storable import require_storable
from engine.tables import JobKind, Message, MessageStatus, MessageWait, new_id
from engine.texts import gettext as _

if TYPE_CHECKING:
    from engine.engine import Engine


def send(
    session: Session,
    engine: Engine,
    name: str,
    key: list[Any],
    payload: dict[str, Any],
    *,
    actor: Actor,
    sender_instance_id: str | None = None,
    keep: bool = True,
) -> Message:
    """Post a message; a job delivers it, to who waits for it or to the process that it starts.

    NotFound when there is neither and it may not be kept (`keep` False).
    """
    require_storable({"key": key, "payload": payload})
    waited_for = keep or wait_for(session, name, key_text(key)) is not None
    if not waited_for and deployments.started_by(session, engine, name) is None:
        raise NotFound(_("Ingen väntar på meddelandet ”%(name)s”.", name=name))
    message = Message(
        id=new_id(),
        name=name,
        key=key_text(key),
        payload=payload,
        sender_instance_id=sender_instance_id,
        actor=actor.id,
        sent_at=engine.clock.now(),
    )
    session.add(message)
    _deliver_soon(session, engine, message)
    return message


def key_text(key: list[Any]) -> str:
    """A correlation key as it is compared: number 1 and text "1" are two keys."""
    return json.dumps(key, ensure_ascii=False, separators=(",", ":"))


def wait_for(session: Session, name: str, key: str) -> MessageWait | None:
    """The one place such a message goes to: where it has been waited for longest."""
    query = sa.select(MessageWait).where(MessageWait.name == name, MessageWait.key == key)
    return session.scalars(query.order_by(MessageWait.since, MessageWait.id).limit(1)).first()


def is_there(session: Session, wait: MessageWait) -> bool:
    """Whether it is still waited for there."""
    query = sa.select(MessageWait.id).where(MessageWait.id == wait.id)
    return session.scalar(query) is not None


def wait_in(session: Session, instance_id: str, name: str) -> MessageWait | None:
    """Where one instance waits for such a message, whatever its key."""
    query = sa.select(MessageWait).where(MessageWait.instance_id == instance_id)
    return session.scalars(query.where(MessageWait.name == name).limit(1)).first()


# Said in the statement itself: a partial index is not found through a parameter.
_IS_KEPT = Message.status == sa.literal_column(f"'{MessageStatus.KEPT}'")
_AS_SENT = (Message.sent_at, Message.id)
_KEPT_FOR = Fetching(
    Message,
    lambda kept: kept.where(
        _IS_KEPT, Message.name == sa.bindparam("name"), Message.key == sa.bindparam("key")
    ).order_by(*_AS_SENT),
)


def wake_kept(session: Session, engine: Engine, name: str, key: str) -> None:
    """Deliver what came before anyone waited for it."""
    _wake(session, engine, _KEPT_FOR.all(session, name=name, key=key))


def wake_overlooked(session: Session, engine: Engine) -> None:
    """Two transactions at once may each miss what the other wrote: a wait and its message."""
    waited_for = sa.exists().where(MessageWait.name == Message.name, MessageWait.key == Message.key)
    found = session.scalars(sa.select(Message).where(_IS_KEPT, waited_for).order_by(*_AS_SENT))
    _wake(session, engine, found)


def _wake(session: Session, engine: Engine, kept: Iterable[Message]) -> None:
    for message in kept:
        message.status = MessageStatus.PENDING
        _deliver_soon(session, engine, message)


def _deliver_soon(session: Session, engine: Engine, message: Message) -> None:
    # The job hangs on no instance: what was sent goes on when its sender has ended.
    payload = {"message_id": message.id}
    jobs.add(session, engine, kind=JobKind.MESSAGE, name=message.name, payload=payload)
