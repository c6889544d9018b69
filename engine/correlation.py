"""The job that brings a message to the one place that waits for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from engine import deployments, instances, messages
from engine.errors import EngineError, Stale
from engine.execution import Execution
from engine.held import lock
from engine.host import Actor
from engine.tables import Job, Message, MessageStatus, MessageWait
from engine.texts import gettext as _

if TYPE_CHECKING:
    from engine.engine import Engine


def deliver(session: Session, engine: Engine, job: Job) -> None:
    """Give a message to its receiver, or to the process it starts; else it is kept."""
    message = session.get_one(Message, job.payload["message_id"], with_for_update=True)
    if message.status == MessageStatus.DELIVERED:
        return
    wait = _receiver(session, message) or _started(session, engine, message)
    if wait is None:
        message.status = MessageStatus.KEPT
        return
    try:
        execution = Execution.open(session, engine, wait.instance_id, Actor(id=message.actor))
        execution.run.deliver(wait.spiff_id, message.payload)
    except Stale as error:
        # The wait's row says otherwise: people must look, the message must not vanish.
        raise EngineError(_("Mottagaren väntar inte längre på meddelandet.")) from error
    message.status = MessageStatus.DELIVERED
    message.delivered_at = execution.context.now
    message.receiver_instance_id = wait.instance_id
    execution.save()


def _receiver(session: Session, message: Message) -> MessageWait | None:
    """Where it is waited for, the instance locked: it may have gone on since it was looked up."""
    while wait := messages.wait_for(session, message.name, message.key):
        lock(session, wait.instance_id)
        if messages.is_there(session, wait):
            return wait
    return None


def _started(session: Session, engine: Engine, message: Message) -> MessageWait | None:
    """The start event that the message is for, in an instance made for it."""
    process = deployments.started_by(session, engine, message.name)
    if process is None:
        return None
    key = json.loads(message.key)
    instance = instances.start(
        session,
        engine,
        process,
        business_key=key[0] if key and isinstance(key[0], str) else None,
        data=message.payload,
        actor=Actor(id=message.actor),
        parent_id=message.sender_instance_id,
    )
    return messages.wait_in(session, instance.id, message.name)
