"""Bundles of files made into what SpiffWorkflow runs, once per version."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask

from engine.spiff import loops, remedies
from engine.spiff.decisions import HIT_POLICIES, Table, read_tables
from engine.spiff.elements import process_names, read_elements
from engine.spiff.events import Message
from engine.spiff.parser import SEPARATOR, CaseParser
from engine.spiff.rewriting import draw_out
from engine.spiff.schema import UnsafeXml, safe_root
from engine.spiff.values import BuildError, ElementInfo
from engine.texts import gettext as _

remedies.apply()


@dataclass(frozen=True, kw_only=True)
class SpecSet:
    """Everything built from one bundle. Shared by threads, so nothing in it is ever changed."""

    key: str
    elements: Mapping[tuple[str, str], ElementInfo]
    process_names: Mapping[str, str]
    main: Any = field(repr=False)  # SpiffWorkflow's spec of the process `key`
    called: Mapping[str, Any] = field(repr=False)  # of those it calls, and of subprocesses

    @property
    def starting_messages(self) -> frozenset[str]:
        """The messages that begin the process `key`."""
        return frozenset(
            spec.event_definition.name
            for spec in self.main.task_specs.values()
            if spec.info is not None
            and spec.info.type == "startEvent"
            and isinstance(spec.event_definition, Message)
        )


def build_specs(files: Mapping[str, str], key: str) -> SpecSet:
    """The process `key` and all it calls; raises BuildError naming the element at fault."""
    diagrams = {name: _root(name, text) for name, text in files.items() if _is(name, "bpmn")}
    tables = [
        table
        for name, text in files.items()
        if _is(name, "dmn")
        for table in read_tables(_root(name, text))
    ]
    elements = [info for root in diagrams.values() for info in read_elements(root)]
    main, called = _parse(diagrams, key, _by_id(tables))
    built = SpecSet(
        key=key,
        elements={(info.process_key, info.id): info for info in elements},
        process_names={k: v for root in diagrams.values() for k, v in process_names(root).items()},
        main=main,
        called=called,
    )
    for spec in (main, *called.values()):
        _complete(spec, built.elements)
    return built


class SpecCache:
    """The latest used spec sets, by version id."""

    def __init__(self, size: int = 64) -> None:
        self._size = size
        self._kept: OrderedDict[str, SpecSet] = OrderedDict()
        self._lock = Lock()

    def get(self, version_id: str, load: Callable[[], tuple[Mapping[str, str], str]]) -> SpecSet:
        """The specs of a version; `load` fetches its files and key when they aren't at hand."""
        with self._lock:
            if version_id in self._kept:
                self._kept.move_to_end(version_id)
                return self._kept[version_id]
        # Built outside the lock: two threads may both do it, and nobody waits for the other.
        built = build_specs(*load())
        with self._lock:
            self._kept[version_id] = built
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return built


def _is(name: str, kind: str) -> bool:
    return name.lower().endswith(f".{kind}")


def _root(name: str, text: str) -> etree._Element:
    try:
        return safe_root(text)
    except (etree.XMLSyntaxError, UnsafeXml) as error:
        raise BuildError("", _("%(file)s går inte att läsa: %(e)s", file=name, e=error)) from error


def _by_id(tables: Iterable[Table]) -> dict[str, Table]:
    found = {}
    for table in tables:
        if table.hit_policy not in HIT_POLICIES:
            raise BuildError(
                table.id, _("Träffpolicyn %(policy)s stöds inte.", policy=table.hit_policy)
            )
        found[table.id] = table
    return found


def _parse(
    diagrams: Mapping[str, etree._Element], key: str, tables: Mapping[str, Table]
) -> tuple[Any, dict[str, Any]]:
    parser = CaseParser(tables)
    try:
        for name, root in diagrams.items():
            draw_out(root)
            parser.add_bpmn_xml(root, name)
        main = parser.get_spec(key)
        called: dict[str, Any] = {}
        _find_called(parser, main, called)
    except ValidationException as error:
        raise BuildError(error.id or "", _explained(error)) from error
    return main, called


def _find_called(parser: CaseParser, spec: Any, found: dict[str, Any]) -> None:
    for task_spec in list(spec.task_specs.values()):
        if not isinstance(task_spec, SubWorkflowTask) or task_spec.spec in found:
            continue
        called = parser.get_spec(task_spec.spec, required=False)
        if called is None:
            message = _("Den anropade processen ”%(key)s” finns inte.", key=task_spec.spec)
            raise BuildError(task_spec.bpmn_id, message)
        found[task_spec.spec] = called
        _find_called(parser, called, found)


def _explained(error: ValidationException) -> str:
    return _("Diagrammet kan inte byggas: %(error)s", error=str(error))


def _complete(spec: Any, elements: Mapping[tuple[str, str], ElementInfo]) -> None:
    """Give each task spec what is drawn there, and connect loops with their children."""
    process_key = spec.name.split(SEPARATOR)[0]
    for task_spec in spec.task_specs.values():
        info = elements.get((process_key, task_spec.bpmn_id))
        task_spec.info = info
        if getattr(task_spec, "event_definition", None) is not None:
            task_spec.event_definition.info = info
        if isinstance(task_spec, LoopTask):
            loops.connect(task_spec)
    for task_spec in spec.task_specs.values():
        for name, arm in getattr(task_spec, "arms", {}).items():
            arm.info = elements.get((process_key, name))
