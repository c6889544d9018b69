"""A process in words: the same as its picture, as a list."""

from __future__ import annotations

from dataclasses import dataclass

from engine import deployments, retrying
from engine.spiff import ElementInfo, SpecSet
from engine.spiff.elements import process_documentation
from engine.tables import ProcessVersion
from web.current import engine
from web.definitions import previews
from web.texts import gettext as _
from web.texts import ngettext

KINDS = {
    "startEvent": lambda: _("start"),
    "endEvent": lambda: _("slut"),
    "boundaryEvent": lambda: _("kanthändelse"),
    "intermediateCatchEvent": lambda: _("väntar"),
    "intermediateThrowEvent": lambda: _("skickar"),
    "userTask": lambda: _("uppgift"),
    "manualTask": lambda: _("uppgift"),
    "task": lambda: _("uppgift"),
    "serviceTask": lambda: _("åtgärd"),
    "scriptTask": lambda: _("beräkning"),
    "businessRuleTask": lambda: _("beslutstabell"),
    "sendTask": lambda: _("skickar"),
    "receiveTask": lambda: _("väntar"),
    "callActivity": lambda: _("anropad process"),
    "subProcess": lambda: _("delprocess"),
    "transaction": lambda: _("transaktion"),
    "exclusiveGateway": lambda: _("vägval"),
    "inclusiveGateway": lambda: _("vägval"),
    "parallelGateway": lambda: _("delning"),
    "eventBasedGateway": lambda: _("vägval"),
}


@dataclass(frozen=True, kw_only=True)
class Step:
    element: str
    name: str
    kind: str
    role: str
    deadline: str
    rule: str
    retrying: str
    documentation: str


def specs(version: ProcessVersion) -> SpecSet:
    return engine().specs.get(version.id, lambda: (deployments.files_of(version), version.key))


def of(version: ProcessVersion) -> list[Step]:
    """The named steps of the process itself, in the order they stand in its file."""
    elements = specs(version).elements.items()
    return [_step(info) for (key, _id), info in elements if key == version.key and info.name]


def purpose(version: ProcessVersion) -> str:
    """What the process is for, as its own documentation says."""
    return process_documentation(version.files[version.file_name], version.key)


def _step(info: ElementInfo) -> Step:
    return Step(
        element=info.id,
        name=info.name,
        kind=KINDS[info.type]() if info.type in KINDS else "",
        role=info.role,
        deadline=info.deadline,
        rule=info.rule,
        retrying=_retrying(info),
        documentation=info.documentation,
    )


def _retrying(info: ElementInfo) -> str:
    """How often a call that fails is tried again, where the diagram says."""
    if info.type != "serviceTask" or not (info.retries or info.backoff):
        return ""
    again = retrying.read(info.retries, info.backoff)
    if again.max_attempts == 1:
        return _("Försöks inte igen.")
    return ngettext(
        "Försöks %(num)d gång till, efter %(pause)s.",
        "Försöks %(num)d gånger till, första gången efter %(pause)s.",
        again.max_attempts - 1,
        pause=previews.in_words(again.backoff_seconds),
    )
