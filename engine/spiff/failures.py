"""Which element is to blame when something raises."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from SpiffWorkflow.task import Task

from engine.spiff.values import ElementInfo, RunFailed


@contextmanager
def blaming(info: ElementInfo | None) -> Iterator[None]:
    """Turn whatever is raised inside into a RunFailed that names the element."""
    try:
        yield
    except RunFailed:
        raise
    except Exception as error:
        raise RunFailed(info.id if info else "", info.name if info else "", error) from error


def element_of(task: Task | None) -> ElementInfo | None:
    """What is drawn where `task` stands; for SpiffWorkflow's own in-between tasks, the nearest
    drawn element before it."""
    while task is not None:
        info: ElementInfo | None = getattr(task.task_spec, "info", None)
        if info is not None:
            return info
        task = task.parent
    return None


def suspect(error: BaseException, running: Task) -> ElementInfo | None:
    """SpiffWorkflow's exceptions carry their task; others are laid on the one that ran."""
    task: Any = getattr(error, "task", None)
    return element_of(task if isinstance(task, Task) else running)
