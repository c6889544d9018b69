"""The path every command takes: lock the instance, load its run, act, save the differences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from engine import history, incidents, loaded, projection
from engine.context import Context
from engine.errors import EngineError, Stale
from engine.held import Held, TaskRow, lock
from engine.history import Entry
from engine.host import SYSTEM, Actor
from engine.jobs import Withdrawn
from engine.lost_run import LostRun
from engine.projection import Waiting
from engine.spiff import Moved, RecordKind, Run
from engine.statements import Said, Statement, Values, mirror, say_all, updating
from engine.tables import RUNNING, Instance, InstanceStatus, Job, ProcessVersion
from engine.texts import gettext as _

if TYPE_CHECKING:
    from engine.engine import Engine


_ROWS = Instance.metadata.tables["instance"]
_GO_ON = updating(_ROWS, "state", "lock_version")
# SQLite writes an index anew when a column of it is said, be it what it was.
_TURN = updating(_ROWS, "state", "lock_version", "status", "ended_at")


class Execution:
    """One instance being run, for the rest of the caller's transaction.

    When anything raises, the transaction is rolled back and this object thrown away with it.
    """

    def __init__(
        self, session: Session, engine: Engine, instance: Held, actor: Actor, context: Context
    ) -> None:
        self.session = session
        self.engine = engine
        self.instance = instance
        self.status = instance.status  # as it will be written
        self.actor = actor
        self.context = context
        self.details: dict[tuple[str, str], Mapping[str, Any]] = {}
        self.run: Run
        self.before = Waiting.nothing()
        self.tasks: dict[str, TaskRow] = {}  # the open ones, by the run's own id
        self.completing: str | None = None  # the task that this command completes
        self.job: Job | None = None  # the job that this command carries out
        self._had_failed = instance.status == InstanceStatus.FAILED
        self._later: list[Callable[[Execution], object]] = []
        self._entries: list[Entry] = []
        self._told: list[Said] = []
        executing(session)[instance.id] = self
        loaded.keep(session)

    @classmethod
    def open(cls, session: Session, engine: Engine, instance_id: str, actor: Actor) -> Execution:
        """Lock and load an instance."""
        return cls.of(session, engine, lock(session, instance_id), actor)

    @classmethod
    def of(cls, session: Session, engine: Engine, instance: Held, actor: Actor) -> Execution:
        """Load an instance that is locked; Stale when it has ended."""
        if instance.id in executing(session):
            raise EngineError(_("Flödet körs redan i samma kommando."))
        if instance.status not in RUNNING:
            raise Stale(_("Flödet är redan avslutat. Inget har ändrats."))
        if instance.business_key is not None:
            engine.host.ahead(session, instance.business_key)
        context = Context(session, engine, instance, actor)
        execution = cls(session, engine, instance, actor, context)
        specs = engine.specs_of(session, instance.process_version_id)
        execution.run = Run.load(specs, instance.state, context)
        execution.before = Waiting.of(execution.run)
        execution.tasks = projection.open_tasks(session, instance.id)
        return execution

    @classmethod
    def lost(cls, session: Session, engine: Engine, instance_id: str, actor: Actor) -> Execution:
        """An instance whose state can't be read; what it was seen to wait for waits no more."""
        instance = lock(session, instance_id)
        context = Context(session, engine, instance, actor)
        execution = cls(session, engine, instance, actor, context)
        execution.run = LostRun(instance.state)
        execution.tasks = projection.open_tasks(session, instance.id)
        projection.forget(session, instance.id, context.now)
        return execution

    @classmethod
    def of_job(cls, session: Session, engine: Engine, job: Job) -> tuple[Execution, str]:
        """The instance that a job is about, and its wait there; Withdrawn when it has ended."""
        if job.instance_id is None or job.spiff_id is None:
            raise Withdrawn(job.id)
        instance = lock(session, job.instance_id)
        if instance.status not in RUNNING:
            raise Withdrawn(job.id)
        execution = cls.of(session, engine, instance, SYSTEM)
        execution.job = job
        return execution, job.spiff_id

    @classmethod
    def start(
        cls,
        session: Session,
        engine: Engine,
        version: ProcessVersion,
        instance: Instance,
        data: Mapping[str, Any],
        actor: Actor,
    ) -> Execution:
        """A new instance, run until it waits; it has its row first, since facts may hang on it."""
        session.add(instance)
        session.flush()
        held = Held._make(getattr(instance, name) for name in Held._fields)
        context = Context(session, engine, held, actor)
        execution = cls(session, engine, held, actor, context)
        execution.run = Run.start(engine.specs_of(session, version.id), data, context)
        return execution

    def reschedule(self, reason: str) -> list[Moved]:
        """Move the timers, and the deadlines of tasks, that hang on facts which changed."""
        timers, deadlines = self.run.reschedule(), projection.move_deadlines(self)
        for kind, found in (("timer_moved", timers), ("deadline_moved", deadlines)):
            for moved in found:
                self.log(kind, moved.process_key, moved.element, _change(moved, reason))
        return timers + deadlines

    def log(self, kind: str, process_key: str, element: str, detail: Mapping[str, Any]) -> None:
        """To be logged after what the run itself records."""
        self._entries.append(
            Entry(kind=kind, process_key=process_key, element=element, detail=detail)
        )

    def tell(self, statement: Statement, values: Values | Sequence[Values]) -> None:
        """To be written when this is saved, in the order told."""
        self._told.append((statement, values))

    def when_at_rest(self, work: Callable[[Execution], object]) -> None:
        """Asked for by an operation that this very run is doing: it waits for the run to rest."""
        self._later.append(work)

    def leave(self) -> None:
        """Nothing changed after all: nothing is written."""
        del executing(self.session)[self.instance.id]

    def save(self, *first: Entry, last: Sequence[Entry] = ()) -> None:
        """Write what this run changed, and log it: `first`, then its records, then `last`."""
        for work in self._later:
            work(self)
        self.leave()
        self._log([*first, *self._records()])
        projection.write(self)
        self.say()
        self._write_instance()
        self.session.flush()
        ended = self.status == InstanceStatus.COMPLETED
        self._log([*self._entries, *last, *([Entry(kind="instance_completed")] if ended else [])])
        if self._had_failed:
            instance = self.session.get_one(Instance, self.instance.id)
            incidents.resolve_needless(self.session, self.engine, instance, SYSTEM)

    def _log(self, entries: Sequence[Entry]) -> None:
        self._told += history.rows(
            self.session, self.engine, entries, actor=self.actor, instance=self.instance
        )
        self.say()

    def say(self) -> None:
        """A server that is told in parts sets about the first while the next is worked out."""
        say_all(self.session, self._told)
        self._told = []

    def _write_instance(self) -> None:
        instance = self.instance
        if self.run.completed and self.status in RUNNING:
            self.status = InstanceStatus.COMPLETED
        values = {"state": self.run.dump(), "lock_version": instance.lock_version + 1}
        write = _GO_ON
        if self.status != instance.status:
            values["status"] = self.status
            values["ended_at"] = None if self.status in RUNNING else self.context.now
            write = _TURN
        self.tell(write, {"id_": instance.id, **values})
        mirror(self.session, Instance, instance.id, values)

    def _records(self) -> list[Entry]:
        return [
            Entry(
                kind=record.kind,
                process_key=record.process_key,
                element=record.element,
                name=record.name,
                detail=self.details.get((record.kind, record.spiff_id), {}),
            )
            for record in self.run.records
        ]

    def fired(self) -> set[str]:
        """The timers that went off in this run."""
        return {r.spiff_id for r in self.run.records if r.kind == RecordKind.TIMER_FIRED}


def executing(session: Session) -> dict[str, Execution]:
    """What is being run in this transaction, by instance."""
    running: dict[str, Execution] = session.info.setdefault("executions", {})
    return running


def _change(moved: Moved, reason: str) -> dict[str, Any]:
    return {"old": moved.old.isoformat(), "new": moved.new.isoformat(), "reason": reason}
