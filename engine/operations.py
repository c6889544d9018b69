"""Outside operations: called by a job, never inside a transaction of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from engine.errors import EngineError
from engine.execution import Execution
from engine.host import SYSTEM, OperationCall, Scope
from engine.jobs import Withdrawn
from engine.storable import given
from engine.tables import Instance, Job
from engine.texts import gettext as _

if TYPE_CHECKING:
    from engine.engine import Engine

Result = Mapping[str, Any] | None


def call(engine: Engine, job: Job) -> Result:
    """Make the call; the session it is handed only asks, and holds no transaction."""
    operation = engine.host.operations().get(job.name)
    if operation is None:
        raise EngineError(_("Åtgärden ”%(name)s” finns inte.", name=job.name))
    with engine.database.asking() as session:
        call_ = OperationCall(
            session=session,
            engine=engine,
            scope=_scope(session, job),
            actor=SYSTEM,
            now=engine.clock.now(),
            idempotency_key=job.id,
        )
        return given(job.name, operation.run(call_))


def finish(session: Session, engine: Engine, job: Job, result: Result) -> None:
    """Let the workflow go on with what the call gave."""
    execution, spiff_id = Execution.of_job(session, engine, job)
    if spiff_id not in execution.before.calls:
        raise Withdrawn(job.id)
    execution.run.finish_call(spiff_id, result)
    execution.save()


def _scope(session: Session, job: Job) -> Scope:
    instance = session.get_one(Instance, job.instance_id)
    return Scope(
        instance_id=instance.id,
        process_key=instance.process_key,
        business_key=instance.business_key,
        element=job.element,
        data=job.payload["data"],
    )
