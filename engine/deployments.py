"""Deployed versions of processes: made whole, numbered, never changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import gate, history
from engine.bundles import Contents, File, Library, contents_of, digest, named_file
from engine.database import one_at_a_time
from engine.errors import NotFound
from engine.gate import Finding, GateContext, GateRefused
from engine.host import Actor
from engine.tables import Instance, ProcessVersion, new_id
from engine.texts import gettext as _
from engine.texts import untranslated

if TYPE_CHECKING:
    from engine.engine import Engine


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """What a deployment led to: every process in it, and those that call one of them."""

    id: str
    processes: list[tuple[str, int]]  # key and the version now in force
    new: list[tuple[str, int]] = field(default_factory=list)  # those that are new by this
    warnings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What the gate has said, and of what: it holds as long as that is the same."""

    findings: tuple[Finding, ...]
    hangs_on: str


def check(session: Session, engine: Engine, files: Mapping[str, str]) -> Checked:
    """Ask the gate about `files` together with all that uses them; changes nothing.

    It takes a second or more of a large bundle. Done before `deploy`, it keeps nobody waiting.
    """
    return _Proposal(session, engine, files).checked()


def deploy(
    session: Session,
    engine: Engine,
    files: Mapping[str, str],
    *,
    actor: Actor,
    comment: str = "",
    checked: Checked | None = None,
) -> Deployment:
    """Put `files` in force, when the gate has nothing against them and all that uses them.

    What was `checked` before is asked again if anything that it hung on has changed since.
    Raises GateRefused with every finding; then nothing has changed. A process whose bundle
    has the same content as one of its versions gets no new one.
    """
    one_at_a_time(session, "deployments")  # or two would take the same number
    proposal = _Proposal(session, engine, files)
    if checked is None or checked.hangs_on != proposal.hangs_on:
        checked = proposal.checked()
    findings = checked.findings
    if any(finding.refuses for finding in findings):
        raise GateRefused(findings)
    done = _Deploying(session=session, engine=engine, actor=actor, comment=comment)
    for key in proposal.touched:
        done.put_in_force(key, proposal.library)
    return Deployment(
        id=done.id,
        processes=done.processes,
        new=done.new,
        warnings=[finding for finding in findings if not finding.refuses],
    )


class _Proposal:
    """Files that are to be put in force, with what is in force already."""

    def __init__(self, session: Session, engine: Engine, files: Mapping[str, str]) -> None:
        deployed = [named_file(name, text) for name, text in files.items()]
        in_force = _library(session)
        self.context = _gate_context(session, engine, in_force)
        self.library = in_force
        for file in deployed:
            self.library.add(file)
        self.touched = self.library.touched_by(deployed)
        # A change is wrong too when it breaks a process that calls what was changed.
        self.files: dict[str, str] = {}
        for key in self.touched:
            self.files.update(self.library.files_of(key))
        self.files.update((file.name, file.text) for file in deployed)

    @property
    def hangs_on(self) -> str:
        """The same for all that the gate would judge alike, in one release of the product."""
        known = self.context
        around = [known.roles, known.processes, known.decisions, known.forms]
        return digest({**self.files, "": json.dumps([sorted(names) for names in around])})

    def checked(self) -> Checked:
        findings = gate.check(self.files, self.context)
        return Checked(findings=tuple(findings), hangs_on=self.hangs_on)


@dataclass(kw_only=True)
class _Deploying:
    """One deployment as it goes on."""

    session: Session
    engine: Engine
    actor: Actor
    comment: str
    id: str = field(default_factory=new_id)
    processes: list[tuple[str, int]] = field(default_factory=list)
    new: list[tuple[str, int]] = field(default_factory=list)

    def put_in_force(self, key: str, library: Library) -> None:
        bundle = library.files_of(key)
        known = versions(self.session, key)
        same = digest(bundle)
        version = next((found for found in known if found.sha256 == same), None)
        if version is None:
            version = self._add(key, bundle, library, known)
            self.new.append((key, version.version))
        _make_current(self.session, version)
        self.processes.append((key, version.version))

    def _add(
        self,
        key: str,
        bundle: dict[str, str],
        library: Library,
        known: list[ProcessVersion],
    ) -> ProcessVersion:
        process, own = library.process(key), library.processes[key]
        assert process is not None
        version = ProcessVersion(
            key=key,
            version=max((found.version for found in known), default=0) + 1,
            name=process.name,
            deployment_id=self.id,
            files=bundle,
            file_name=next(name for name, text in bundle.items() if text == own.text),
            sha256=digest(bundle),
            current=False,
            deployed_at=self.engine.clock.now(),
            deployed_by=self.actor.id,
            comment=self.comment,
        )
        self.session.add(version)
        self.session.flush()
        history.append(
            self.session,
            self.engine,
            kind="process_deployed",
            actor=self.actor,
            process_key=key,
            name=process.name,
            detail={"version": version.version, "sha256": version.sha256, "comment": self.comment},
        )
        return version


def make_current(
    session: Session, engine: Engine, key: str, number: int, *, actor: Actor
) -> ProcessVersion:
    """Put an earlier version in force again, also in the processes that call it."""
    chosen = version(session, key, number)
    library = _library(session)
    own = File(name=chosen.file_name, text=chosen.files[chosen.file_name])
    library.processes[key] = own
    _make_current(session, chosen)
    history.append(
        session,
        engine,
        kind="version_made_current",
        actor=actor,
        process_key=key,
        name=chosen.name,
        detail={"version": number},
    )
    comment = untranslated(
        "%(name)s version %(number)s gäller igen", name=chosen.name, number=number
    )
    done = _Deploying(session=session, engine=engine, actor=actor, comment=comment)
    for caller in sorted(library.processes):
        if caller != key and any(part.key == key for part in library.with_called(caller)):
            done.put_in_force(caller, library)
    return chosen


def _make_current(session: Session, chosen: ProcessVersion) -> None:
    if chosen.current:
        return
    session.execute(
        sa.update(ProcessVersion)
        .where(ProcessVersion.key == chosen.key, ProcessVersion.current)
        .values(current=False)
        .execution_options(synchronize_session="fetch")
    )
    chosen.current = True
    session.flush()


def get(session: Session, version_id: str) -> ProcessVersion:
    found = session.get(ProcessVersion, version_id)
    if found is None:
        raise NotFound(_("Versionen finns inte."))
    return found


def current(session: Session, key: str) -> ProcessVersion:
    """The version that new instances run."""
    found = session.scalar(
        sa.select(ProcessVersion).where(ProcessVersion.key == key, ProcessVersion.current)
    )
    if found is None:
        raise NotFound(_("Processen %(key)s finns inte.", key=key))
    return found


def version(session: Session, key: str, number: int) -> ProcessVersion:
    found = session.scalar(
        sa.select(ProcessVersion).where(ProcessVersion.key == key, ProcessVersion.version == number)
    )
    if found is None:
        raise NotFound(_("Processen %(key)s har ingen version %(number)s.", key=key, number=number))
    return found


def versions(session: Session, key: str) -> list[ProcessVersion]:
    """Newest first."""
    newest = ProcessVersion.version.desc()
    return list(
        session.scalars(sa.select(ProcessVersion).where(ProcessVersion.key == key).order_by(newest))
    )


def started_by(session: Session, engine: Engine, message: str) -> str | None:
    """The process that such a message starts, when no instance waits for it."""
    query = sa.select(ProcessVersion.id, ProcessVersion.key).where(ProcessVersion.current)
    for version_id, key in session.execute(query.order_by(ProcessVersion.key)):
        if message in engine.specs_of(session, version_id).starting_messages:
            return str(key)
    return None


def all_current(session: Session) -> list[ProcessVersion]:
    """What is in force, in order of name."""
    return list(
        session.scalars(
            sa.select(ProcessVersion)
            .where(ProcessVersion.current)
            .order_by(ProcessVersion.name, ProcessVersion.key)
        )
    )


def names(session: Session) -> dict[str, str]:
    """What each process is called, by key; light beside `all_current`, which brings the files."""
    query = sa.select(ProcessVersion.key, ProcessVersion.name).where(ProcessVersion.current)
    rows = session.execute(query)
    return {key: name for key, name in rows}  # noqa: C416 - `dict` can't read typed rows


def running_counts(session: Session) -> dict[str, int]:
    """How many instances of each process go on, whatever their version."""
    query = (
        sa.select(Instance.process_key, sa.func.count())
        .where(Instance.ended_at.is_(None))
        .group_by(Instance.process_key)
    )
    rows = session.execute(query)
    return {key: name for key, name in rows}  # noqa: C416 - `dict` can't read typed rows


def files_of(version: ProcessVersion) -> dict[str, str]:
    return dict(version.files)


def bpmn_of(version: ProcessVersion, key: str) -> str:
    """The file in the version's bundle that holds the process `key`, its own or a called one."""
    for file in _files(version):
        if any(process.key == key for process in contents_of(file).processes):
            return file.text
    raise NotFound(_("Processen %(key)s finns inte i den här versionen.", key=key))


def with_called(version: ProcessVersion) -> list[str]:
    """The version's own process and those it calls, each after one that calls it."""
    library = Library()
    for file in _files(version):
        library.add(file)
    return [process.key for process in library.with_called(version.key)]


def callers(session: Session, key: str) -> dict[str, str]:
    """The processes in force that call `key`, directly or through others: name by key."""
    found = all_current(session)
    return {each.key: each.name for each in found if key in with_called(each) and each.key != key}


def form_of(version: ProcessVersion, name: str) -> dict[str, Any] | None:
    """The form's JSON Schema as it was when the version was deployed."""
    text = version.files.get(f"{name}.json")
    return None if text is None else json.loads(text)


def gate_context(session: Session, engine: Engine) -> GateContext:
    """What diagrams may refer to: what the host offers and what is deployed."""
    return _gate_context(session, engine, _library(session))


def _gate_context(session: Session, engine: Engine, library: Library) -> GateContext:
    return gate.context(
        engine.host,
        session=session,
        processes=library.processes,
        decisions=library.decisions,
        forms=library.forms,
    )


def form_titles(session: Session) -> dict[str, str]:
    return {found.form: found.title for found in _contents(session) if found.form}


def decision_names(session: Session) -> dict[str, str]:
    return {key: name for found in _contents(session) for key, name in found.decisions.items()}


def message_names(session: Session) -> set[str]:
    return {
        name
        for found in _contents(session)
        for process in found.processes
        for name in process.messages
    }


def _contents(session: Session) -> Iterable[Contents]:
    files = {file for version in all_current(session) for file in _files(version)}
    return [contents_of(file) for file in files]


def _files(version: ProcessVersion) -> list[File]:
    return [File(name=name, text=text) for name, text in version.files.items()]


def _library(session: Session) -> Library:
    """All that is in force: a process as in its own version, the rest as last deployed."""
    library = Library()
    in_order = sorted(all_current(session), key=lambda found: (found.deployed_at, found.id))
    for found in in_order:
        for file in _files(found):
            library.add(file)
    for found in in_order:
        library.processes[found.key] = File(name=found.file_name, text=found.files[found.file_name])
    return library
