"""Which files belong together: a process, all it calls, their decisions and forms."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePosixPath

from engine.gate.graph import diagram_of
from engine.gate.reading import FileKind, Unreadable, as_text, form_name, read


@dataclass(frozen=True, kw_only=True)
class ProcessContents:
    """One process as drawn, and what it refers to by key, id and name."""

    key: str
    name: str
    calls: frozenset[str]
    decisions: frozenset[str]
    forms: frozenset[str]
    messages: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What one file holds."""

    processes: tuple[ProcessContents, ...] = ()
    decisions: Mapping[str, str] = field(default_factory=dict)  # name by id
    form: str | None = None
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class File:
    name: str
    text: str


@lru_cache(maxsize=128)
def contents_of(file: File) -> Contents:
    """Read one file; empty for one that can't be read, which the gate has refused before."""
    try:
        source = read(file.name, file.text)
    except Unreadable:
        return Contents()
    if source.kind == FileKind.FORM:
        assert source.form is not None
        name = form_name(file.name)
        return Contents(form=name, title=str(source.form.get("title") or name))
    if source.kind == FileKind.DMN:
        found = {
            decision.get("id", ""): decision.get("name", "") or decision.get("id", "")
            for decision in source.xml.iterfind("{*}decision")
        }
        return Contents(decisions=found)
    return Contents(
        processes=tuple(
            ProcessContents(
                key=process.id,
                name=process.name,
                calls=frozenset(process.called),
                decisions=frozenset(process.decisions),
                forms=frozenset(process.forms),
                messages=frozenset(map(process.message_name, process.nodes)) - {""},
            )
            for process in diagram_of(source).processes
            if process.executable
        )
    )


@dataclass(kw_only=True)
class Library:
    """Every process, decision and form, and the file that each of them is in."""

    processes: dict[str, File] = field(default_factory=dict)
    decisions: dict[str, File] = field(default_factory=dict)
    forms: dict[str, File] = field(default_factory=dict)

    def add(self, file: File) -> None:
        """Take in a file; what it holds replaces what went by the same name."""
        contents = contents_of(file)
        for process in contents.processes:
            self.processes[process.key] = file
        for decision in contents.decisions:
            self.decisions[decision] = file
        if contents.form:
            self.forms[contents.form] = file

    def process(self, key: str) -> ProcessContents | None:
        file = self.processes.get(key)
        if file is None:
            return None
        return next(found for found in contents_of(file).processes if found.key == key)

    def with_called(self, key: str) -> list[ProcessContents]:
        """The process and, transitively, those it calls."""
        found: dict[str, ProcessContents] = {}
        ahead = [key]
        while ahead:
            process = self.process(ahead.pop())
            if process and process.key not in found:
                found[process.key] = process
                ahead.extend(sorted(process.calls))
        return list(found.values())

    def files_of(self, key: str) -> dict[str, str]:
        """The bundle of `key` by file name, its own file first."""
        closure = self.with_called(key)
        files = [self.processes[process.key] for process in closure]
        for process in closure:
            files += [
                self.decisions[name] for name in sorted(process.decisions & self.decisions.keys())
            ]
            files += [self.forms[name] for name in sorted(process.forms & self.forms.keys())]
        return _named(files)

    def touched_by(self, files: Iterable[File]) -> list[str]:
        """Keys of the processes whose bundle holds something of `files`."""
        processes: set[str] = set()
        decisions: set[str] = set()
        forms: set[str] = set()
        for file in files:
            contents = contents_of(file)
            processes.update(process.key for process in contents.processes)
            decisions.update(contents.decisions)
            forms.update({contents.form} if contents.form else ())
        return [
            key
            for key in sorted(self.processes)
            if any(
                part.key in processes or part.decisions & decisions or part.forms & forms
                for part in self.with_called(key)
            )
        ]


def named_file(name: str, text: str) -> File:
    """Folders are the sender's own: `forms/x.json` and `x.json` are the same file here.

    XML declarations go: the text is Unicode, whatever encoding they claim.
    """
    file = PurePosixPath(name.replace("\\", "/")).name
    return File(name=file, text=text if file.endswith(".json") else as_text(text))


def digest(files: Mapping[str, str]) -> str:
    """sha256 over names and contents, whatever their order."""
    return hashlib.sha256(
        json.dumps(sorted(files.items()), ensure_ascii=False).encode()
    ).hexdigest()


def _named(files: Iterable[File]) -> dict[str, str]:
    """Two files may have got the same name in two deployments; neither may hide the other."""
    named: dict[str, str] = {}
    for file in files:
        name, number = file.name, 1
        while named.get(name, file.text) != file.text:
            number += 1
            path = PurePosixPath(file.name)
            name = f"{path.stem}-{number}{path.suffix}"
        named[name] = file.text
    return named
