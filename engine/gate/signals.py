"""That whoever waits for a signal is there when it comes: nobody keeps it for who comes late.

On the level where a signal's throws are, every order is tried in which people, clocks and calls
may be done. What needs none of them goes on at once, and a signal leaves when nothing else can, as
in `engine/spiff/workflow.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from engine.gate.model import HUMAN_TASKS, Node, Process, Scope
from engine.gate.rule import Findings, World, error
from engine.gate.soundness import Exploration, tangled
from engine.gate.throws import signals_of, together
from engine.gate.tokens import Marking, Moved, Net, Place, moved
from engine.host import OperationKind
from engine.texts import gettext as _


def missed(process: Process, world: World) -> Findings:
    if not signals_of(process):
        return
    around = _Around(process, world)
    for scope in process.scopes:
        net = _SignalNet(scope, around)
        if not net.awaited:
            continue
        listening = _Listening(net)
        if listening.run().unfinished:
            yield tangled(process, scope)
            return
        for key in sorted(listening.missed):
            yield error(
                process,
                key,
                "signal_missed",
                _(
                    "%(node)s väntar på signalen %(name)s, men den kan ha skickats innan någon "
                    "väntar på den, eller utebli, och då blir ärendet stående. Ingen sparar en "
                    "signal. Låt i stället grenarna mötas i ”Vägval: alla vägar samtidigt”.",
                    node=scope.nodes[key].label,
                    name=net.awaited[key],
                ),
            )


class _Around:
    """What runs together with a process: who throws which signal, and what lies inside what."""

    def __init__(self, process: Process, world: World) -> None:
        self._world = world
        signals = [found for part in together(process, world) for found in signals_of(part)]
        self._names = {id(node): name for node, name in signals}
        self._throws = [(node, name) for node, name in signals if not node.catches]

    def name_of(self, node: Node) -> str:
        return self._names.get(id(node), "")

    def thrown_by(self, node: Node) -> set[str]:
        """By the event itself, or somewhere inside the activity."""
        inside = {id(scope) for scope in self._inside(node)}
        return {
            name for thrower, name in self._throws
            if thrower is node or id(thrower.scope) in inside
        }  # fmt: skip

    def thrown_outside(self, scope: Scope) -> set[str]:
        """Signals that may come from elsewhere: from who called this, or what stands around it."""
        within = {id(scope)}
        for node in scope.nodes.values():
            within |= {id(each) for each in self._inside(node)}
        return {name for thrower, name in self._throws if id(thrower.scope) not in within}

    def needed_by(self, node: Node, seen: frozenset[int] = frozenset()) -> str:
        """The signal without which it is never done; "" if there is none."""
        if node.type == "intermediateCatchEvent":
            return self.name_of(node)
        for scope in self._directly_inside(node):
            if id(scope) not in seen:
                needs = {
                    each.id: self.needed_by(each, seen | {id(scope)})
                    for each in scope.nodes.values()
                }
                for name in sorted(set(needs.values()) - {"", *self.thrown_by(node)}):
                    if not _comes_past(scope, {key for key in needs if needs[key] == name}):
                        return name
        return ""

    def rests(self, node: Node) -> bool:
        """Whether people, a clock, a message or a call outside is waited for there."""
        return self._waits(node) or any(
            self._waits(each) for scope in self._inside(node) for each in scope.nodes.values()
        )

    def _waits(self, node: Node) -> bool:
        if node.type == "serviceTask":
            operation = self._world.context.operations.get(node.properties.get("operation", ""))
            return operation is not None and operation.kind == OperationKind.OUTSIDE
        if node.type == "callActivity":
            return node.called not in self._world.bundle.processes
        if node.type == "intermediateCatchEvent":
            return node.trigger != "link"
        return node.type in HUMAN_TASKS | {"receiveTask", "eventBasedGateway"}

    def _inside(self, node: Node) -> list[Scope]:
        found: dict[int, Scope] = {}
        ahead = self._directly_inside(node)
        while ahead:
            scope = ahead.pop()
            if id(scope) not in found:
                found[id(scope)] = scope
                for each in scope.nodes.values():
                    ahead += self._directly_inside(each)
        return list(found.values())

    def _directly_inside(self, node: Node) -> list[Scope]:
        called = self._world.bundle.processes.get(node.called) if node.called else None
        return [scope for scope in (node.inner, called.top if called else None) if scope]


def _comes_past(scope: Scope, without: set[str]) -> bool:
    """Whether an end can be come to without any of those nodes."""
    ahead = [node.id for node in scope.of_type("startEvent")]
    seen = set(without)
    while ahead:
        key = ahead.pop()
        if key in seen:
            continue
        seen.add(key)
        node = scope.nodes[key]
        if not node.outgoing:
            return True
        ahead += [flow.target for each in (node, *node.boundaries) for flow in each.outgoing]
    return False


class _SignalNet(Net):
    """One where a token also stands where something is waited for, and where signals leave."""

    def __init__(self, scope: Scope, around: _Around) -> None:
        super().__init__(scope)
        nodes = scope.nodes.values()
        elsewhere = around.thrown_outside(scope)
        self.thrown = {node.id: around.thrown_by(node) - elsewhere for node in nodes}
        here = {name for names in self.thrown.values() for name in names}
        needed = {node.id: around.needed_by(node) for node in nodes}
        self.awaited = {key: name for key, name in needed.items() if name in here}
        self.on_edges = {
            event.id: around.name_of(event)
            for node in nodes for event in node.boundaries if around.name_of(event) in here
        }  # fmt: skip
        self._resting = {node.id for node in nodes if around.rests(node)}

    def rests(self, place: Place) -> bool:
        """Whether it stands there until somebody, or something outside the case, goes on."""
        node = self.scope.nodes[place.node]
        return node.id in self._resting and (place.flow < 0 or not node.boundaries)

    def throws(self, place: Place) -> set[str]:
        """What leaves when a token goes on from there."""
        node = self.scope.nodes[place.node]
        return self.thrown[node.id] if place.flow < 0 or not node.boundaries else set()

    def told(self, marking: Iterable[Place], name: str) -> list[Marking]:
        """What `marking` becomes when the signal comes."""
        ways = product(*(self._hearing(place, name) for place in marking))
        return [tuple(sorted(place for places in way for place in places)) for way in ways]

    def _hearing(self, place: Place, name: str) -> list[tuple[Place, ...]]:
        node = self.scope.nodes[place.node]
        if place.flow < 0:
            for event in node.boundaries:
                if self.on_edges.get(event.id) == name:
                    kept = () if event.interrupting else (place,)
                    return [(*kept, *option) for option in self.split(event)]
        if self.awaited.get(node.id) == name and (place.flow < 0 or not node.boundaries):
            return self.split(node)
        if node.type == "eventBasedGateway":
            for flow in node.outgoing:
                if self.awaited.get(flow.target) == name:
                    return self.split(self.scope.nodes[flow.target])
        return [(place,)]

    def is_only_passed(self, node: Node) -> bool:
        stays = node.id in self._resting or node.id in self.awaited or self.thrown[node.id]
        return not stays and super().is_only_passed(node)

    def is_quiet_end(self, node: Node) -> bool:
        return not self.thrown[node.id] and super().is_quiet_end(node)

    def can_be_done(self, node: Node) -> bool:
        return node.id not in self.awaited and super().can_be_done(node)

    def free_events(self, node: Node) -> list[Node]:
        return [event for event in node.boundaries if event.id not in self.on_edges]

    def options(self, place: Place) -> list[Moved]:
        node = self.scope.nodes[place.node]
        if node.type == "endEvent" and super().is_quiet_end(node):
            return [()]
        if place.flow >= 0 and not node.boundaries:
            if node.id in self.awaited:
                return []
            if node.type == "eventBasedGateway":
                flows = [flow for flow in node.outgoing if flow.target not in self.awaited]
                return [tuple(self.place(flow)) for flow in flows]
        return super().options(place)


class _Listening(Exploration):
    """Every order in which what rests may be done."""

    net: _SignalNet

    def __init__(self, net: _SignalNet) -> None:
        super().__init__(net)
        self.missed: set[str] = set()

    def following(self, marking: Marking) -> Iterator[Marking]:
        if not marking:
            return
        found = self._at_once(marking) or self._signalled(marking) or self._done(marking)
        if not found:
            self.missed |= {place.node for place in marking if place.node in self.net.awaited}
            self.missed |= set(self._of_races(marking))
        yield from map(self.bounded, found)

    def _at_once(self, marking: Marking) -> list[Marking]:
        free = []
        for place in dict.fromkeys(marking):
            if self.net.waits(place):
                self.moves += len(marking)
                passed = self.net.passed(marking, place.node)
                if passed:
                    return passed
            elif not (self.net.rests(place) or self.net.throws(place)):
                free.append(place)
        for place in free:
            if options := self.net.options(place):
                rest = _without(marking, place)
                return [moved(rest, option) for option in options]
        return []

    def _signalled(self, marking: Marking) -> list[Marking]:
        ready = [place for place in dict.fromkeys(marking) if not self.net.rests(place)]
        return self._going_on(marking, (place for place in ready if self.net.throws(place)))

    def _done(self, marking: Marking) -> list[Marking]:
        resting = (place for place in dict.fromkeys(marking) if self.net.rests(place))
        return self._going_on(marking, resting)

    def _going_on(self, marking: Marking, places: Iterable[Place]) -> list[Marking]:
        found = []
        for place in places:
            if not (options := self.net.options(place)):
                continue
            ways: list[Marking] = [_without(marking, place)]
            for name in sorted(self.net.throws(place)):
                ways = [told for way in ways for told in self.net.told(way, name)]
            found += [moved(way, option) for way in ways for option in options]
        return found

    def _of_races(self, marking: Marking) -> Iterator[str]:
        """What an event-based gateway that nothing else lets go on from waits for."""
        for place in marking:
            node = self.net.scope.nodes[place.node]
            if node.type == "eventBasedGateway":
                yield from (f.target for f in node.outgoing if f.target in self.net.awaited)


def _without(marking: Marking, place: Place) -> Marking:
    rest = list(marking)
    rest.remove(place)
    return tuple(rest)
