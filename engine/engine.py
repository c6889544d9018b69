"""The engine as a whole: its collaborators in one place, made once per process."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy.orm import Session

from engine import attempts, correlation, operations, tasks, timers
from engine.clock import Clock
from engine.database import Database
from engine.dispatcher import Dispatcher, LocalDispatcher
from engine.errors import NotFound
from engine.host import Host
from engine.incidents import Remedy
from engine.jobs import Call
from engine.spiff import SpecCache, SpecSet
from engine.tables import Job, JobKind, ProcessVersion
from engine.texts import gettext as _

FORMS_IN_MEMORY = 500

InsideJob = Callable[[Session, "Engine", Job], datetime | None]  # when to do it again, if not done
OutsideJob = Callable[["Engine", Job], Any]
JobResult = Callable[[Session, "Engine", Job, Any], None]


class Engine:
    """Shared by all threads of the process; holds no state of any instance.

    `job_handlers` is where the domain registers what it does with its own jobs, by kind or name.
    They run outside any transaction, at least once per job: the job's id is the idempotency key.
    """

    def __init__(
        self, *, database: Database, host: Host, clock: Clock, dispatcher: Dispatcher | None = None
    ) -> None:
        self.database = database
        self.host = host
        self.clock = clock
        self.specs = SpecCache()
        self.dispatcher: Dispatcher = dispatcher or LocalDispatcher()
        self.job_handlers: dict[str, OutsideJob] = {JobKind.OPERATION: operations.call}
        self.job_results: dict[str, JobResult] = {JobKind.OPERATION: operations.finish}
        self.inside_jobs: dict[str, InsideJob] = {
            JobKind.TIMER: timers.fire,
            JobKind.MESSAGE: correlation.deliver,
        }
        self.remedies: dict[str, Remedy] = {
            tasks.COMPLETE: Remedy(again=tasks.complete_again, is_over=tasks.is_over),
            attempts.JOB: Remedy(again=attempts.retry, is_over=attempts.is_over),
        }
        self.calls: dict[str, Call] = {}  # those being made now, by job
        self._forms: dict[tuple[str, str], dict[str, Any]] = {}

    def specs_of(self, session: Session, version_id: str) -> SpecSet:
        """What runs for that process version, built when it isn't in memory."""

        def load() -> tuple[dict[str, str], str]:
            version = session.get_one(ProcessVersion, version_id)
            return version.files, version.key

        return self.specs.get(version_id, load)

    def form(self, session: Session, version_id: str, name: str) -> dict[str, Any] | None:
        """The schema of a form of that process version, None when `name` is empty."""
        if not name:
            return None
        form = self._forms.get((version_id, name))
        if form is None:
            form = _form(session.get_one(ProcessVersion, version_id).files, name)
            if len(self._forms) >= FORMS_IN_MEMORY:
                self._forms.clear()
            self._forms[version_id, name] = form
        return form


def _form(files: dict[str, str], name: str) -> dict[str, Any]:
    for file, text in files.items():
        path = PurePosixPath(file)
        if path.suffix == ".json" and path.stem == name:
            schema: dict[str, Any] = json.loads(text)
            return schema
    raise NotFound(_("Formuläret ”%(name)s” finns inte i processen.", name=name))
