"""The gate itself: every file is read, then every rule asked, then the whole tried out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.gate import (
    branches,
    deadlines,
    decisions,
    dry_run,
    elements,
    events,
    forms,
    formulas,
    gateways,
    joins,
    loops,
    messages,
    names,
    references,
    roles,
    signals,
    soundness,
    structure,
    throws,
)
from engine.gate.finding import Finding, GateContext, Severity
from engine.gate.graph import diagram_of
from engine.gate.model import Bundle, Diagram, Process, tag
from engine.gate.reading import FileKind, Source, Unreadable, as_text, form_name, read
from engine.gate.rule import Rule, Shape, World
from engine.spiff.schema import xsd_errors
from engine.texts import gettext as _

MAX_PROCESSES = 30  # in one file
MAX_SCHEMA_FINDINGS = 10

# What can be seen in one process alone, and what also needs the world around it.
SHAPES: tuple[Shape, ...] = (
    names.present_ids,
    elements.supported,
    structure.flows,
    structure.doubled,
    structure.references,
    structure.beginnings,
    structure.connections,
    structure.reachable,
    structure.splits,
    joins.unjoined,
    events.kinds,
    events.links,
    events.placement,
    events.references,
    gateways.choices,
    gateways.stray_conditions,
    gateways.races,
    formulas.scripts,
    formulas.foreign_syntax,
    messages.named,
    messages.keyed,
    messages.correlation,
    loops.standard,
    names.readable_ids,
    names.properties,
    elements.foreign,
)
RULES: tuple[Rule, ...] = (
    roles.assigned,
    formulas.readable,
    formulas.answers,
    formulas.shadowing,
    deadlines.tasks,
    deadlines.timers,
    messages.not_to_itself,
    references.operations,
    references.forms,
    references.decisions,
    references.calls,
    loops.multi_instance,
    branches.side_branches,
    throws.signals,
    throws.errors,
)


def check(files: Mapping[str, str | bytes], context: GateContext) -> list[Finding]:
    """Everything wrong with `files`, together and with what is deployed already.

    Never raises, whatever the files are. Errors first, each file's in the order of the rules.
    """
    found: list[Finding] = []
    sources = []
    for file, content in files.items():
        try:
            sources.append(read(file, content))
        except Unreadable as problem:
            found.append(Finding(file=file, element="", code=problem.code, message=str(problem)))
    bundle = _bundle(sources, files)
    found += _file_findings(sources, bundle, context)
    world = World(bundle=bundle, context=context)
    for process in bundle.processes.values():
        found += _judged(process, world)
    if not any(finding.refuses for finding in found):
        for process in bundle.processes.values():
            found += dry_run.runs(process, world)
    return sorted(dict.fromkeys(found), key=lambda finding: (not finding.refuses, finding.file))


def _judged(process: Process, world: World) -> Iterator[Finding]:
    if structure.is_too_large(process):
        yield from structure.size(process)
        return
    found = [finding for shape in SHAPES for finding in shape(process)]
    found += [finding for rule in RULES for finding in rule(process, world)]
    yield from found
    if any(finding.refuses for finding in found):
        return
    unsound = list(soundness.sound(process))
    yield from unsound or signals.missed(process, world)


def lint(paths: Iterable[Path], context: GateContext) -> list[Finding]:
    """`check` for files on disk; findings name them as they were given."""
    return check({str(path): path.read_bytes() for path in paths}, context)


def _bundle(sources: list[Source], files: Mapping[str, str | bytes]) -> Bundle:
    return Bundle(
        diagrams=[diagram_of(source) for source in sources if source.kind == FileKind.BPMN],
        decisions=[source for source in sources if source.kind == FileKind.DMN],
        forms={
            form_name(source.file): source.form for source in sources if source.form is not None
        },
        texts={source.file: as_text(files[source.file]) for source in sources},
    )


def _file_findings(
    sources: list[Source], bundle: Bundle, context: GateContext
) -> Iterator[Finding]:
    for source in sources:
        if source.kind == FileKind.FORM:
            assert source.form is not None
            yield from forms.check(source.file, source.form, context)
        elif source.kind == FileKind.DMN:
            yield from decisions.check(source, context)
        else:
            yield from _schema(source)
    for diagram in bundle.diagrams:
        yield from names.unique_ids(diagram)
        yield from _processes(diagram)
    yield from _taken_twice(sources, bundle)


def _schema(source: Source) -> Iterator[Finding]:
    for _line, element, message in xsd_errors(source.xml)[:MAX_SCHEMA_FINDINGS]:
        yield Finding(
            file=source.file,
            element=element,
            code="schema",
            message=_(
                "Följer inte BPMN 2.0: %(detail)s Rätta i verktyget som diagrammet ritades i.",
                detail=re.sub(r"\{http[^}]*\}", "", message),
            ),
        )


def _processes(diagram: Diagram) -> Iterator[Finding]:
    if diagram.xml.find(tag("choreography")) is not None:
        yield _of_file(diagram, "choreography", _("Koreografier kan inte köras. Rita processen."))
    for process in diagram.processes:
        if not process.executable and process.top.nodes:
            yield Finding(
                file=diagram.file,
                element=process.id,
                code="not_executable",
                message=_(
                    "%(name)s är inte markerad som körbar (isExecutable), så den körs inte.",
                    name=process.name,
                ),
                severity=Severity.WARNING if process not in diagram.running else Severity.ERROR,
            )
    if len(diagram.running) > MAX_PROCESSES:
        yield _of_file(
            diagram,
            "too_many_processes",
            _(
                "Filen har fler än %(limit)s processer. Lägg dem i var sin fil.",
                limit=MAX_PROCESSES,
            ),
        )
    if not any(process.top.nodes for process in diagram.processes):
        yield _of_file(
            diagram, "no_process", _("Filen har ingen process. Rita en, med start och slut.")
        )


def _of_file(diagram: Diagram, code: str, message: str) -> Finding:
    return Finding(file=diagram.file, element="", code=code, message=message)


def _taken_twice(sources: list[Source], bundle: Bundle) -> Iterator[Finding]:
    """Two files may not hold a process, decision or form by the same name."""
    held: dict[tuple[str, str], str] = {}
    for kind, key, file in _held(sources, bundle):
        if (kind, key) in held:
            yield Finding(
                file=file,
                element=key,
                code="taken",
                message=_(
                    "%(key)s finns också i %(file)s. Ge den ena ett annat id, eller ta bort den.",
                    key=key,
                    file=held[kind, key],
                ),
            )
        held.setdefault((kind, key), file)


def _held(sources: list[Source], bundle: Bundle) -> Iterator[tuple[str, str, str]]:
    for diagram in bundle.diagrams:
        yield from (("process", process.id, diagram.file) for process in diagram.running)
    for source in sources:
        if source.kind == FileKind.FORM:
            yield "form", form_name(source.file), source.file
        elif source.kind == FileKind.DMN:
            decision: Any = source.xml.find("{*}decision")
            if decision is not None:
                yield "decision", decision.get("id", ""), source.file
