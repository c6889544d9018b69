"""BPMN 2.0's token game for the elements that are let through, told as plainly as can be.

Small, slow, and made without a look at the engine: what both say of a course of events is
compared. It knows no data and no time: who asks says which conditions hold and which event happens.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
LEVELS = {"subProcess", "transaction", "callActivity"}
PEOPLE = {"task", "userTask", "manualTask"}
JOINS = {"parallelGateway", "inclusiveGateway"}
CHOICES = {"exclusiveGateway", "inclusiveGateway"}
MANY = 10**6

Items = tuple[tuple[str, int], ...]  # which of several it is, one in another
Wait = tuple[str, str, Items]  # "task", "timer" or "message", the element, and which of several


class Ambiguous(Exception):
    """BPMN leaves open which of two things comes first, and the outcome hangs on it."""


@dataclass(eq=False)
class Part:
    """One doing of an activity: open to somebody, or with a level of its own inside."""

    items: Items
    inner: Scope | None = None


@dataclass(eq=False)
class Going:
    """Something that goes on: an activity, or an event that is waited for."""

    node: Any
    scope: Scope
    parts: list[Part] = field(default_factory=list)
    left: list[Items] = field(default_factory=list)  # still to be done, one after another
    edges: dict[str, int] = field(default_factory=dict)  # how often each may still happen
    arms: list[str] = field(default_factory=list)  # of an event-based gateway, or itself


@dataclass(eq=False)
class Scope:
    """A process or a subprocess while it runs."""

    xml: Any
    host: Going | None
    items: Items
    going: list[Going] = field(default_factory=list)
    waiting: list[tuple[str, str]] = field(default_factory=list)  # join, flow it has come by
    over: bool = False


class Reference:
    def __init__(self, text: str, key: str, holds: Callable[[str], bool], items: list[int]) -> None:
        self.root = etree.fromstring(text.encode())
        self.processes = {each.get("id"): each for each in self.root.iter(f"{BPMN}process")}
        self.nodes = {each.get("id"): each for each in self.root.iter() if each.get("id")}
        self.holds, self.items = holds, items
        self.entered: list[str] = []
        self.moves: deque[tuple[Scope, str, str]] = deque()
        self.top = Scope(self.processes[key], None, ())
        self._begin(self.top)
        self._settle()

    @property
    def completed(self) -> bool:
        return self.top.over

    def waits(self) -> list[Wait]:
        return [wait for wait, _going, _part in self._waits(self.top)]

    def happen(self, wait: Wait) -> None:
        _wait, going, part = next(each for each in self._waits(self.top) if each[0] == wait)
        _kind, element, _items = wait
        if element in going.edges:
            self._edge(going, element)
        elif part is not None:
            self._part_done(going, part)
        else:
            going.scope.going.remove(going)
            if going.arms != [element] or tag(going.node) == "eventBasedGateway":
                self.entered.append(element)
            self._leave(going.scope, element)
        self._settle()

    # what stands open

    def _waits(self, scope: Scope) -> Iterator[tuple[Wait, Going, Part | None]]:
        for going in scope.going:
            for edge in going.edges:
                kind = trigger(self.nodes[edge])
                if kind in ("timer", "message") and going.edges[edge]:
                    yield (kind, edge, scope.items), going, None
            for arm in going.arms:
                yield (_awaited(self.nodes[arm]), arm, scope.items), going, None
            for part in going.parts:
                if part.inner:
                    yield from self._waits(part.inner)
                else:
                    kind = "task" if tag(going.node) in PEOPLE else "message"
                    yield (kind, going.node.get("id"), part.items), going, part

    # how tokens move

    def _begin(self, scope: Scope) -> None:
        for start in scope.xml.iterchildren(f"{BPMN}startEvent"):
            self.moves.append((scope, start.get("id"), ""))

    def _settle(self) -> None:
        while True:
            if self.moves:
                scope, key, flow = self.moves.popleft()
                if not scope.over:
                    self._arrive(scope, self.nodes[key], flow)
            elif not self._finish_one(self.top) and not self._pass_inclusive(self.top):
                return

    def _arrive(self, scope: Scope, node: Any, flow: str) -> None:
        if tag(node) in JOINS and len(_into(scope, node)) > 1:
            scope.waiting.append((node.get("id"), flow))
            if tag(node) == "parallelGateway":
                self._pass_parallel(scope, node)
            return
        self.entered.append(node.get("id"))
        self._do(scope, node)

    def _do(self, scope: Scope, node: Any) -> None:
        key, kind, why = node.get("id"), tag(node), trigger(node)
        if kind in PEOPLE | LEVELS | {"receiveTask"}:
            self._activity(scope, node)
        elif kind == "intermediateCatchEvent" and why != "link":
            scope.going.append(Going(node, scope, arms=[key]))
        elif kind == "eventBasedGateway":
            arms = [flow.get("targetRef") for flow in _out(scope, key)]
            scope.going.append(Going(node, scope, arms=arms))
        elif kind == "endEvent":
            self._end(scope, why)
        else:
            if kind == "intermediateThrowEvent" and why == "escalation":
                self._throw(scope, why)
            self._leave(scope, key)

    def _leave(self, scope: Scope, key: str) -> None:
        if scope.over:
            return
        node = self.nodes[key]
        if trigger(node) == "link" and tag(node) == "intermediateThrowEvent":
            self.moves.append((scope, _caught(scope, node), ""))
            return
        for flow in self._chosen(scope, node):
            self.moves.append((scope, flow.get("targetRef"), flow.get("id")))

    def _chosen(self, scope: Scope, node: Any) -> list[Any]:
        flows = _out(scope, node.get("id"))
        conditions = {flow: self._condition(flow) for flow in flows}
        if len(flows) < 2 or not any(conditions.values()):
            return flows
        true = [flow for flow in flows if conditions[flow] and self.holds(conditions[flow])]
        if tag(node) == "exclusiveGateway":
            true = true[:1]
        return true or [flow for flow in flows if flow.get("id") == node.get("default")]

    @staticmethod
    def _condition(flow: Any) -> str:
        text = "".join(flow.itertext())
        found = re.search(r"'(\w+)'", text)
        return found[1] if found else ""

    def _pass_parallel(self, scope: Scope, node: Any) -> None:
        key, flows = node.get("id"), {flow.get("id") for flow in _into(scope, node)}
        if flows <= {flow for join, flow in scope.waiting if join == key}:
            for flow in flows:
                scope.waiting.remove((key, flow))
            self.entered.append(key)
            self._leave(scope, key)

    def _pass_inclusive(self, scope: Scope) -> bool:
        for key in dict.fromkeys(join for join, _flow in scope.waiting):
            if self._may_pass(scope, key):
                scope.waiting = [each for each in scope.waiting if each[0] != key]
                self.entered.append(key)
                self._leave(scope, key)
                return True
        return any(self._pass_inclusive(inner) for inner in _inside(scope))

    def _may_pass(self, scope: Scope, key: str) -> bool:
        """Whether no token is awaited at an inclusive join."""
        if tag(self.nodes[key]) != "inclusiveGateway":
            return False
        flows = {flow.get("id") for flow in _into(scope, self.nodes[key])}
        come = {flow for other, flow in scope.waiting if other == key}
        elsewhere = [going.node for going in scope.going]
        elsewhere += [self.nodes[other] for other, _flow in scope.waiting if other != key]
        late = False
        for node in elsewhere:
            ahead = self._paths(scope, node, key) & flows
            if ahead and not ahead & come:
                return False
            late |= bool(ahead)
        if late:
            raise Ambiguous
        return True

    def _paths(self, scope: Scope, node: Any, stop: str) -> set[str]:
        flows: set[str] = set()
        seen: set[str] = set()
        ahead = [node.get("id")]
        while ahead:
            key = ahead.pop()
            if key in seen or key == stop:
                continue
            seen.add(key)
            ahead += [edge.get("id") for edge in _edges(scope, key)]
            if trigger(self.nodes[key]) == "link" and not _out(scope, key):
                ahead.append(_caught(scope, self.nodes[key]))
            for flow in _out(scope, key):
                flows.add(flow.get("id"))
                ahead.append(flow.get("targetRef"))
        return flows

    # activities

    def _activity(self, scope: Scope, node: Any) -> None:
        edges = {edge.get("id"): _times(edge) for edge in _edges(scope, node.get("id"))}
        going = Going(node, scope, edges=edges)
        scope.going.append(going)
        several = node.find(f"{BPMN}multiInstanceLoopCharacteristics")
        repeated = node.find(f"{BPMN}standardLoopCharacteristics")
        if several is not None:
            name = several.find(f"{BPMN}inputDataItem").get("id")
            items = scope.items
            going.left = [tuple(sorted((*items, (name, item)))) for item in self.items]
            at_once = len(going.left) if several.get("isSequential") != "true" else 1
        elif repeated is not None:
            going.left, at_once = [scope.items] * int(repeated.get("loopMaximum")), 1
        else:
            self._part(going, scope.items)
            return
        for _number in range(at_once):
            self._next_part(going)

    def _next_part(self, going: Going) -> None:
        self.entered.append(going.node.get("id"))
        self._part(going, going.left.pop(0))

    def _part(self, going: Going, items: Items) -> None:
        part = Part(items)
        going.parts.append(part)
        if tag(going.node) in LEVELS:
            called = going.node.get("calledElement")
            part.inner = Scope(self.processes[called] if called else going.node, going, items)
            self._begin(part.inner)

    def _part_done(self, going: Going, part: Part) -> None:
        going.parts.remove(part)
        if going.left and not going.parts:
            self._next_part(going)
        elif not going.parts:
            going.scope.going.remove(going)
            self._leave(going.scope, going.node.get("id"))

    def _finish_one(self, scope: Scope) -> bool:
        """A level is done when no token is left in it."""
        for inner in _inside(scope):
            if self._finish_one(inner):
                return True
        if scope.over or scope.going or scope.waiting:
            return False
        self._finish(scope)
        return True

    def _finish(self, scope: Scope) -> None:
        scope.over = True
        if scope.host:
            part = next(part for part in scope.host.parts if part.inner is scope)
            self._part_done(scope.host, part)

    # what ends and interrupts

    def _end(self, scope: Scope, why: str) -> None:
        if why == "terminate":
            self._call_off(scope)
            self._finish(scope)
        elif why in ("error", "escalation", "cancel"):
            self._throw(scope, why)

    def _throw(self, scope: Scope, why: str) -> None:
        host = scope.host
        while host is not None:
            for edge in host.edges:
                if trigger(self.nodes[edge]) == why:
                    self._edge(host, edge)
                    return
            host = host.scope.host

    def _edge(self, going: Going, key: str) -> None:
        self.entered.append(key)
        going.edges[key] -= 1
        if self.nodes[key].get("cancelActivity") != "false":
            for part in going.parts:
                if part.inner:
                    self._call_off(part.inner)
            going.scope.going.remove(going)
        self._leave(going.scope, key)

    def _call_off(self, scope: Scope) -> None:
        if any(moving is scope for moving, _key, _flow in self.moves):
            raise Ambiguous
        if any(self._may_pass(scope, key) for key, _flow in scope.waiting):
            raise Ambiguous
        scope.over = True
        for inner in _inside(scope):
            self._call_off(inner)
        scope.going.clear()
        scope.waiting.clear()


def tag(node: Any) -> str:
    return etree.QName(node).localname


def trigger(node: Any) -> str:
    found = [tag(child) for child in node if tag(child).endswith("EventDefinition")]
    return found[0].removesuffix("EventDefinition") if found else ""


def _awaited(node: Any) -> str:
    return "message" if tag(node) == "receiveTask" else trigger(node)


def _out(scope: Scope, key: str) -> list[Any]:
    flows = scope.xml.iterchildren(f"{BPMN}sequenceFlow")
    return [flow for flow in flows if flow.get("sourceRef") == key]


def _into(scope: Scope, node: Any) -> list[Any]:
    flows = scope.xml.iterchildren(f"{BPMN}sequenceFlow")
    return [flow for flow in flows if flow.get("targetRef") == node.get("id")]


def _edges(scope: Scope, key: str) -> list[Any]:
    events = scope.xml.iterchildren(f"{BPMN}boundaryEvent")
    return [event for event in events if event.get("attachedToRef") == key]


def _caught(scope: Scope, throw: Any) -> str:
    name = throw.find(f"{BPMN}linkEventDefinition").get("name")
    return next(
        str(link.getparent().get("id"))
        for link in scope.xml.iterfind(f"{BPMN}intermediateCatchEvent/{BPMN}linkEventDefinition")
        if link.get("name") == name
    )


def _times(edge: Any) -> int:
    """How often it may happen while its activity goes on."""
    if edge.get("cancelActivity") != "false" or trigger(edge) != "timer":
        return MANY
    cycle = edge.findtext(f"{BPMN}timerEventDefinition/{BPMN}timeCycle")
    return int(cycle[1 : cycle.index("/")]) if cycle else 1


def _inside(scope: Scope) -> list[Scope]:
    return [part.inner for going in scope.going for part in going.parts if part.inner]
