"""What differs between two versions of a diagram, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from engine.gate.events import trigger_names
from engine.gate.model import is_bpmn, local, text_of
from engine.gate.reading import read
from engine.spiff.elements import FLOW_NODES, read_elements
from web.definitions.steps import KINDS
from web.texts import gettext as _

Facts = dict[str, str]
# Facts that stand in the diagram beside what a step is told to be.
CHILDREN = {
    "condition": "conditionExpression",
    "script": "script",
    "time": "timerEventDefinition/*",
    "items": "multiInstanceLoopCharacteristics/loopDataInputRef",
    "number": "multiInstanceLoopCharacteristics/loopCardinality",
    "collected": "multiInstanceLoopCharacteristics/loopDataOutputRef",
    "enough": "multiInstanceLoopCharacteristics/completionCondition",
    "again": "standardLoopCharacteristics/loopCondition",
}
TOLD_OF = ("message", "signal", "error", "escalation")


@dataclass(frozen=True, kw_only=True)
class Change:
    """One element that is new, gone or different. `details` name each fact before and after."""

    element: str
    name: str
    kind: str  # added | removed | changed
    details: list[str] = field(default_factory=list)


def between(old: str, new: str) -> list[Change]:
    """By name. Arrows count only for what is written on them: redrawing one changes nothing."""
    before, after = _facts(old), _facts(new)
    changes = [
        Change(element=key, name=_name(key, after), kind="added", details=_main(after[key]))
        for key in after.keys() - before.keys()
        if _is_step(after[key])
    ]
    changes += [
        Change(element=key, name=_name(key, before), kind="removed")
        for key in before.keys() - after.keys()
        if _is_step(before[key])
    ]
    changes += [
        Change(element=key, name=_name(key, after), kind="changed", details=details)
        for key in before.keys() & after.keys()
        if (details := _differences(before[key], after[key]))
    ]
    return sorted(changes, key=lambda change: (change.name.casefold(), change.element))


def marks(old: str, new: str) -> dict[str, str]:
    """States for the picture of the new version: what is new or different stands out."""
    return {change.element: "changed" for change in between(old, new) if change.kind != "removed"}


def names(bpmn: str) -> dict[str, str]:
    """What each step of a diagram is called."""
    facts = _facts(bpmn)
    return {key: _name(key, facts) for key in facts}


def _facts(bpmn: str) -> dict[str, Facts]:
    """Everything said of each element, by its id."""
    root = read("diagram.bpmn", bpmn).xml
    found = {info.id: {"kind": info.type, **_said(info)} for info in read_elements(root)}
    declared = {each.get("id", ""): each for each in root if is_bpmn(each)}
    defaults = {each.get("default") for each in root.iter() if is_bpmn(each)}
    for element in _parts(root):
        facts = found.setdefault(element.get("id", ""), {"kind": local(element)})
        facts |= {"sort": _sort(element), "told_of": _told_of(element, declared)}
        facts |= {"repeats": _repeats(element), "interrupts": _interrupts(element)}
        facts["default"] = _("ja") if element.get("id") in defaults else ""
        facts |= {name: text for name, path in CHILDREN.items() if (text := text_of(element, path))}
        facts |= {"name": element.get("name", ""), "called": element.get("calledElement", "")}
    return found


def _sort(element: etree._Element) -> str:
    """What kind of step it is, with what triggers it when it is an event."""
    kind = KINDS[local(element)]() if local(element) in KINDS else ""
    triggers = [local(each).removesuffix("EventDefinition") for each in _definitions(element)]
    return ", ".join(filter(None, [kind, *(trigger_names().get(each, each) for each in triggers)]))


def _definitions(element: etree._Element) -> list[etree._Element]:
    return [each for each in element if is_bpmn(each) and local(each).endswith("EventDefinition")]


def _told_of(element: etree._Element, declared: dict[str, etree._Element]) -> str:
    """The name of the message, signal, error, escalation or link."""
    for holder in (element, *_definitions(element)):
        for kind in TOLD_OF:
            found = declared.get(holder.get(f"{kind}Ref", ""))
            if found is not None:
                return found.get(f"{kind}Code", "") or found.get("name", "")
        if local(holder) == "linkEventDefinition":
            return holder.get("name", "")
    return ""


def _repeats(element: etree._Element) -> str:
    for each in element:
        if is_bpmn(each) and local(each) == "multiInstanceLoopCharacteristics":
            in_turn = each.get("isSequential") == "true"
            return _("en för var, i tur och ordning") if in_turn else _("en för var, samtidigt")
        if is_bpmn(each) and local(each) == "standardLoopCharacteristics":
            most = each.get("loopMaximum", "")
            return _("högst %(most)s gånger", most=most) if most else _("om och om igen")
    return ""


def _interrupts(element: etree._Element) -> str:
    if local(element) != "boundaryEvent":
        return ""
    return _("nej") if element.get("cancelActivity") == "false" else _("ja")


def _said(info: object) -> Facts:
    named = ("role", "deadline", "form", "operation", "retries", "backoff", "rule", "help")
    return {name: getattr(info, name) for name in (*named, "nyckel", "innehall", "documentation")}


def _parts(root: etree._Element) -> Iterator[etree._Element]:
    for element in root.iter():
        if is_bpmn(element) and (local(element) in FLOW_NODES or local(element) == "sequenceFlow"):
            yield element


def _is_step(facts: Facts) -> bool:
    return facts["kind"] != "sequenceFlow"


def _labels() -> dict[str, str]:
    return {
        "name": _("namn"),
        "sort": _("slag"),
        "told_of": _("gäller"),
        "interrupts": _("avbryter steget"),
        "default": _("standardväg"),
        "repeats": _("görs flera gånger"),
        "items": _("för var och en i"),
        "number": _("antal gånger"),
        "collected": _("samlas i"),
        "enough": _("räcker när"),
        "again": _("görs om så länge"),
        "role": _("roll"),
        "deadline": _("tidsfrist"),
        "form": _("formulär"),
        "operation": _("åtgärd"),
        "retries": _("nya försök"),
        "backoff": _("första pausen"),
        "called": _("anropad process"),
        "time": _("tidsfrist"),
        "condition": _("villkor"),
        "script": _("beräkning"),
        "rule": _("regel"),
        "help": _("hjälptext"),
        "nyckel": _("nyckel"),
        "innehall": _("innehåll"),
        "documentation": _("beskrivning"),
    }


def _differences(before: Facts, after: Facts) -> list[str]:
    nothing = _("inget")
    return [
        _("%(label)s: %(old)s → %(new)s", label=label, old=old or nothing, new=new or nothing)
        for name, label in _labels().items()
        if (old := before.get(name, "")) != (new := after.get(name, ""))
    ]


def _main(facts: Facts) -> list[str]:
    """What a new step is told to be."""
    labels = _labels()
    wanted = ("role", "deadline", "time", "form", "operation", "called")
    return [f"{labels[name]}: {facts[name]}" for name in wanted if facts.get(name)]


def _name(key: str, facts: dict[str, Facts]) -> str:
    found = facts[key]
    if found.get("name"):
        return found["name"]
    return _("pil utan text") if not _is_step(found) else _("steg utan namn")
