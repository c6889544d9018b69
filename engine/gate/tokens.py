"""How tokens move through one level of a process, every choice and every event left open.

A token stands where something is to be decided: before a gateway or an end, or in an activity with
events on its edge. What does nothing but pass a token on is passed at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain, combinations
from typing import NamedTuple

from engine.gate.model import Flow, Node, Scope

JOINING = frozenset({"parallelGateway", "inclusiveGateway"})
CHOOSING = frozenset({"exclusiveGateway", "eventBasedGateway"})
ENDS_ALL = frozenset({"terminate", "error", "cancel"})
FAILS = frozenset({"error", "cancel"})
MOST_CHOICES = 8  # flows out of an inclusive gateway that are tried in every combination


class Place(NamedTuple):
    """Before `node`, having come by `flow`; or inside it (`flow` -1), `fired` events past."""

    node: str
    flow: int = -1
    fired: tuple[str, ...] = ()


Marking = tuple[Place, ...]  # sorted, one for each token
Moved = tuple[Place, ...] | None  # where one token goes on; None when it ends everything


class Net:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._number = {flow: number for number, flow in enumerate(scope.flows)}
        self._options: dict[Place, list[Moved]] = {}
        self._splits: dict[str, list[tuple[Place, ...]]] = {}
        self._reaches: dict[tuple[str, str], set[int]] = {}

    def start(self) -> list[Marking]:
        """One for each way that the level can begin."""
        starts = self.scope.of_type("startEvent")
        return [moved((), option) for node in starts for option in self.split(node)]

    @cached_property
    def may_end_all(self) -> bool:
        return any(node.trigger in ENDS_ALL for node in self.scope.of_type("endEvent"))

    @cached_property
    def order(self) -> dict[str, int]:
        """The nodes as they are come to, one branch after the other."""
        found: dict[str, int] = {}
        ahead = [node.id for node in self.scope.of_type("startEvent")]
        while ahead:
            node = self.scope.nodes[ahead.pop()]
            if node.id not in found:
                found[node.id] = len(found)
                ahead += [flow.target for flow in node.outgoing]
                ahead += [event.id for event in node.boundaries]
        return found

    def waits(self, place: Place) -> bool:
        return place.node in self.joins

    @cached_property
    def joins(self) -> dict[str, frozenset[int]]:
        """The flows into each node that waits for more than one."""
        return {
            node.id: frozenset(self._number[flow] for flow in node.incoming)
            for node in self.scope.nodes.values()
            if node.type in JOINING and len(node.incoming) > 1
        }

    def options(self, place: Place) -> list[Moved]:
        """What a token there can do, whatever the others do; it doesn't wait for them."""
        if place not in self._options:
            node = self.scope.nodes[place.node]
            self._options[place] = (
                list(self._inside(place, node)) if place.flow < 0 else self._outside(node)
            )
        return self._options[place]

    def passed(self, marking: Marking, key: str) -> list[Marking]:
        """What `marking` becomes when the join lets through what has come; [] if it waits."""
        here = [place for place in marking if place.node == key]
        if self.scope.nodes[key].type == "parallelGateway":
            used = list({place.flow: place for place in here}.values())
            if len(used) < len(self.joins[key]):
                return []
        else:
            used = here
            if any(self._is_waited_for(place, marking, key) for place in marking):
                return []
        rest = list(marking)
        for place in used:
            rest.remove(place)
        return [moved(rest, each) for each in self.split(self.scope.nodes[key])]

    def may_pass_early(self, marking: Marking, key: str) -> bool:
        """Whether it hangs on the order what an inclusive join lets through together."""
        if self.scope.nodes[key].type != "inclusiveGateway":
            return False
        return bool(self._before(marking, key) & self.joins[key])

    def _before(self, marking: Marking, key: str) -> set[int]:
        """The flows that may be taken before the join `key` lets anything through.

        A parallel join that needs what comes from there is not passed, whatever leads to it.
        """
        here = {place.flow for place in marking if self.waits(place)}
        ahead = [place.node for place in marking if self._is_free(place.node, key, here)]
        flows: set[int] = set()
        gone: set[str] = set()
        while ahead:
            node = self.scope.nodes[ahead.pop()]
            if node.id in gone:
                continue
            gone.add(node.id)
            leaving = [flow for each in (node, *node.boundaries) for flow in each.outgoing]
            flows.update(self._number[flow] for flow in leaving)
            come = flows | here
            ahead += [flow.target for flow in leaving if self._is_free(flow.target, key, come)]
        return flows

    def _is_free(self, node: str, key: str, flows: set[int]) -> bool:
        """Whether a token may go on from `node` once `flows` have been taken."""
        if node not in self.joins or self.scope.nodes[node].type != "parallelGateway":
            return node != key
        return self.joins[node] <= flows

    def missing(self, marking: Marking, key: str) -> frozenset[int]:
        """The flows along which nothing has come."""
        return self.joins[key] - {place.flow for place in marking if place.node == key}

    def source(self, flow: int) -> Node:
        return self.scope.nodes[self.scope.flows[flow].source]

    def goes_round(self, key: str) -> bool:
        """Whether a token that leaves the node may come back to it."""
        incoming = {self._number[flow] for flow in self.scope.nodes[key].incoming}
        return bool(self._reach(key, key) & incoming)

    def _is_waited_for(self, place: Place, marking: Marking, key: str) -> bool:
        """As BPMN has it: a token that may also come along a flow that has been used isn't."""
        if place.node == key:
            return False
        reach = self._reach(place.node, key) & self.joins[key]
        return bool(reach) and reach <= self.missing(marking, key)

    def _inside(self, place: Place, node: Node) -> Iterator[Moved]:
        """Done, interrupted, or something beside it begun."""
        if self.can_be_done(node):
            yield from self.split(node)
        for event in self.free_events(node):
            if event.interrupting:
                yield from self.split(event)
            elif event.id not in place.fired:
                still = Place(node.id, fired=tuple(sorted((*place.fired, event.id))))
                yield from ((still, *option) for option in self.split(event))

    def can_be_done(self, node: Node) -> bool:
        """Whether a subprocess has an end that isn't a failure."""
        ends = node.inner.of_type("endEvent") if node.inner else []
        return not ends or any(end.trigger not in FAILS for end in ends)

    def free_events(self, node: Node) -> list[Node]:
        """Those on its edge that may happen at any time."""
        return node.boundaries

    def _outside(self, node: Node) -> list[Moved]:
        if node.type == "endEvent":
            return [None]
        if node.boundaries:
            return [(Place(node.id),)]
        return list(self.split(node))

    def split(self, node: Node) -> list[tuple[Place, ...]]:
        if node.id not in self._splits:
            self._splits[node.id] = [
                tuple(chain.from_iterable(map(self.place, flows))) for flows in _choices(node)
            ]
        return self._splits[node.id]

    def place(self, flow: Flow) -> list[Place]:
        """Where a token on that flow comes to stand; nowhere when it has come to an end."""
        gone: set[Flow] = set()
        node = self.scope.nodes[flow.target]
        while flow not in gone and self.is_only_passed(node):
            gone.add(flow)
            flow = node.outgoing[0]
            node = self.scope.nodes[flow.target]
        if self.is_quiet_end(node):
            return []
        return [Place(node.id, self._number[flow])]

    def is_quiet_end(self, node: Node) -> bool:
        """Whether a token is gone there, and nothing else happens."""
        return node.type == "endEvent" and node.trigger not in ENDS_ALL

    def is_only_passed(self, node: Node) -> bool:
        return len(node.outgoing) == 1 and not node.boundaries and node.id not in self.joins

    def _reach(self, key: str, stop: str) -> set[int]:
        """The flows that a token leaving `key` may take without passing `stop`."""
        if (key, stop) not in self._reaches:
            flows: set[int] = set()
            seen: set[str] = set()
            ahead = [key]
            while ahead:
                node = self.scope.nodes[ahead.pop()]
                if node.id in seen:
                    continue
                seen.add(node.id)
                for leaving in (node, *node.boundaries):
                    flows.update(self._number[flow] for flow in leaving.outgoing)
                    ahead += [flow.target for flow in leaving.outgoing if flow.target != stop]
            self._reaches[key, stop] = flows
        return self._reaches[key, stop]


def moved(rest: Iterable[Place], option: Moved) -> Marking:
    return () if option is None else tuple(sorted((*rest, *option)))


def _choices(node: Node) -> Iterator[Iterable[Flow]]:
    """The flows that a token may leave by, together."""
    if node.type in CHOOSING:
        yield from ([flow] for flow in node.outgoing)
    elif len(node.outgoing) == 1 or not _has_conditions(node):
        yield node.outgoing
    else:
        said = [flow for flow in node.outgoing if flow.id != node.default]
        yield from ([flow] for flow in node.outgoing if flow.id == node.default)
        for many in range(1, len(said) + 1):
            if many in (1, 2, len(said)) or len(said) <= MOST_CHOICES:
                yield from combinations(said, many)


def _has_conditions(node: Node) -> bool:
    return node.type != "parallelGateway" and any(flow.condition for flow in node.outgoing)
