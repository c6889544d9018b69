"""Small diagrams drawn by chance, of everything that the gate lets through.

Blocks are put one inside another. What comes of that is right by how it is drawn. Then a few flows
may be led astray: most of what comes of that is wrong, and it is the gate's to see it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from tests.engine.bpmn import NAMESPACES, flow, message_event, node, script, service, task
from tests.engine.spiff.drawing import boundary, several, terminate

CHANCE = "slump('val') == 1"
Ends = tuple[str, str]  # the first and the last element of a block
TIMER = (
    '<bpmn:timerEventDefinition><bpmn:{kind} xsi:type="bpmn:tFormalExpression">{text}'
    "</bpmn:{kind}></bpmn:timerEventDefinition>"
)
DAY = TIMER.format(kind="timeDuration", text="P1D")
TWICE = TIMER.format(kind="timeCycle", text="R2/P1D")
ERROR = '<bpmn:errorEventDefinition errorRef="fel"/>'
ESCALATION = '<bpmn:escalationEventDefinition escalationRef="larm"/>'
CANCEL = "<bpmn:cancelEventDefinition/>"
DECLARED = (
    '<bpmn:error id="fel" name="fel" errorCode="fel"/>'
    '<bpmn:escalation id="larm" name="larm" escalationCode="larm"/>'
)
LOOP = '<bpmn:standardLoopCharacteristics loopMaximum="2"/>'


@dataclass
class Level:
    """One process or subprocess while it is drawn: its elements, and its flows."""

    elements: list[str] = field(default_factory=list)
    flows: list[tuple[str, str, str]] = field(default_factory=list)  # source, target, condition
    gateways: dict[str, tuple[str, str]] = field(default_factory=dict)  # id: kind, default target
    edges: list[str] = field(default_factory=list)  # what follows an interrupting boundary event
    joined: int = 0  # parallel branches, one in another, which all are waited for

    def xml(self) -> str:
        gateways = ""
        for key, (kind, default) in self.gateways.items():
            attach = f' default="f_{key}_{default}"' if default else ""
            gateways += node(kind, key, attach=attach)
        flows = dict.fromkeys(self.flows)
        return "".join(self.elements) + gateways + "".join(flow(*each) for each in flows)


class Drawing:
    def __init__(self, chance: Random, *, calls: str = "", prefix: str = "") -> None:
        self.chance = chance
        self.calls = calls  # the process that it may call
        self.prefix = prefix
        self.number = 0
        self.messages: list[str] = []

    def process(self, key: str, *, astray: int) -> str:
        level = self._level(depth=0)
        for _time in range(astray):
            self._lead_astray(level)
        declared = "".join(f'<bpmn:message id="m_{name}" name="{name}"/>' for name in self.messages)
        return (
            f'<bpmn:process id="{key}" name="{key}" isExecutable="true">{level.xml()}'
            f"</bpmn:process>{declared}"
        )

    def _level(self, depth: int, *, ends: str = "", also: str = "") -> Level:
        """`also`: another end, which is come to by chance."""
        level = Level()
        start, end = self._id("s"), self._id("e")
        level.elements += [node("startEvent", start), node("endEvent", end, ends)]
        first, last = self._sequence(level, depth)
        level.flows.append((start, first, ""))
        if also:
            choice, other = self._id("g"), self._id("e")
            level.gateways[choice] = ("exclusiveGateway", end)
            level.elements.append(node("endEvent", other, also))
            level.flows += [(last, choice, ""), (choice, end, ""), (choice, other, self._chance())]
        else:
            level.flows.append((last, end, ""))
        return level

    def _id(self, letter: str) -> str:
        self.number += 1
        return f"{self.prefix}{letter}{self.number}"

    def _chance(self) -> str:
        """A condition with a name of its own."""
        return f"slump('{self._id('c')}') == 1"

    def _happens(self, share: float) -> bool:
        return self.chance.random() < share

    def _sequence(self, level: Level, depth: int) -> Ends:
        blocks = [self._block(level, depth) for _n in range(self.chance.randint(1, 3))]
        for (_first, last), (first, _last) in pairwise(blocks):
            level.flows.append((last, first, ""))
        return blocks[0][0], blocks[-1][1]

    def _block(self, level: Level, depth: int) -> Ends:
        simple: list[Callable[[Level], Ends]] = [
            self._task, self._task, self._task, self._script, self._wait, self._throw, self._link,
        ]  # fmt: skip
        nested: list[Callable[[Level, int], Ends]] = [
            self._branches, self._branches, self._branches, self._loop,
            self._subprocess, self._subprocess, self._race,
        ]  # fmt: skip
        if depth < 2 and self._happens(0.55):
            return self.chance.choice(nested)(level, depth)
        return self.chance.choice(simple)(level)

    # one element

    def _task(self, level: Level) -> Ends:
        key = self._id("t")
        inside = self.chance.choice((LOOP, self._several(key))) if self._happens(0.25) else ""
        level.elements.append(
            node("userTask", key, inside, role="Handläggare") if inside else task(key)
        )
        return self._with_edge(level, key, 0.3)

    def _several(self, key: str) -> str:
        return several("lista", f"i_{key}", sequential=self._happens(0.5))

    def _script(self, level: Level) -> Ends:
        key = self._id("k")
        level.elements.append(
            script(key, f"x{key} = slump('{key}')")
            if self._happens(0.7)
            else service(key, "ge_nummer")
        )
        return key, key

    def _wait(self, level: Level) -> Ends:
        key = self._id("v")
        if self._happens(0.4):
            level.elements.append(node("intermediateCatchEvent", key, DAY))
        elif self._happens(0.5):
            level.elements.append(self._listener("intermediateCatchEvent", key))
        else:
            level.elements.append(self._receiver(key))
            return self._with_edge(level, key, 0.3)
        return key, key

    def _listener(self, kind: str, key: str) -> str:
        return node(kind, key, message_event(key, self._message()), nyckel="['1']")

    def _receiver(self, key: str) -> str:
        attach = f' messageRef="m_{self._message()}"'
        return node("receiveTask", key, attach=attach, nyckel="['1']")

    def _throw(self, level: Level) -> Ends:
        key = self._id("u")
        level.elements.append(self._listener("intermediateThrowEvent", key))
        return key, key

    def _link(self, level: Level) -> Ends:
        throw, catch = self._id("l"), self._id("l")
        link = f'<bpmn:linkEventDefinition name="{throw}"/>'
        level.elements.append(node("intermediateThrowEvent", throw, link))
        level.elements.append(node("intermediateCatchEvent", catch, link))
        return throw, catch

    def _message(self) -> str:
        name = f"medd_{self.prefix}{self.number}_{len(self.messages)}"
        self.messages.append(name)
        return name

    # several

    def _branches(self, level: Level, depth: int) -> Ends:
        kind = self.chance.choice(("exclusiveGateway", "parallelGateway", "inclusiveGateway"))
        chosen = kind != "parallelGateway"
        split, join = self._id("g"), self._id("g")
        for gateway in (split, join):
            level.gateways[gateway] = (kind, "")
        if not chosen and self._happens(0.3):  # all the flows leave a step
            del level.gateways[split]
            level.elements.append(task(split))
        level.joined += kind == "parallelGateway"
        for number in range(self.chance.randint(2, 3)):
            if number == 2 and self._happens(0.4):
                first = join  # straight on
            else:
                first, last = self._sequence(level, depth + 1)
                level.flows.append((last, join, ""))
            level.flows.append((split, first, self._chance() if number and chosen else ""))
            if not number and chosen:
                level.gateways[split] = (kind, first)
        level.joined -= kind == "parallelGateway"
        return split, join

    def _loop(self, level: Level, depth: int) -> Ends:
        again, out, onward = self._id("g"), self._id("g"), self._id("k")
        first, before = self._task(level)  # so that no round is without somebody who decides
        second, last = self._sequence(level, depth + 1)
        level.flows.append((before, second, ""))
        level.elements.append(script(onward, f"x{onward} = 1"))
        level.gateways |= {
            again: ("exclusiveGateway", ""), out: ("exclusiveGateway", onward),
        }  # fmt: skip
        level.flows += [
            (again, first, ""), (last, out, ""), (out, onward, ""), (out, again, self._chance()),
        ]  # fmt: skip
        return again, onward

    def _race(self, level: Level, depth: int) -> Ends:
        split, join = self._id("g"), self._id("g")
        level.gateways |= {split: ("eventBasedGateway", ""), join: ("exclusiveGateway", "")}
        timed = self.chance.randint(0, 2)
        for arm in range(self.chance.randint(2, 3)):
            key = self._id("v")
            if arm == timed:
                level.elements.append(node("intermediateCatchEvent", key, DAY))
            elif self._happens(0.5):
                level.elements.append(self._receiver(key))
            else:
                level.elements.append(self._listener("intermediateCatchEvent", key))
            first, last = self._sequence(level, depth + 1)
            level.flows += [(split, key, ""), (key, first, ""), (last, join, "")]
        return split, join

    def _subprocess(self, level: Level, depth: int) -> Ends:
        key = self._id("d")
        if self.calls and self._happens(0.3):
            loop = self._several(key) if self._happens(0.3) else ""
            attach = f' calledElement="{self.calls}"'
            level.elements.append(node("callActivity", key, loop, attach=attach))
            return self._with_edge(level, key, 0.5)
        also = self.chance.choice(("", "", ERROR, ESCALATION, CANCEL))
        inner = self._level(
            depth + 1, ends=self.chance.choice(("", "<bpmn:terminateEventDefinition/>")), also=also
        )
        loop = self._several(key) if self._happens(0.2) else ""
        kind = "transaction" if also == CANCEL else "subProcess"
        level.elements.append(node(kind, key, loop + inner.xml(), role="Handläggare"))
        if also:
            return self._edge(level, key, also, cancel=also != ESCALATION or self._happens(0.5))
        return self._with_edge(level, key, 0.5)

    def _with_edge(self, level: Level, on: str, share: float) -> Ends:
        """Perhaps with an event on its edge, which comes from outside."""
        if not self._happens(share):
            return on, on
        cancel = self._happens(0.6)
        if self._happens(0.5):
            return self._edge(level, on, DAY if cancel else TWICE, cancel=cancel)
        return self._edge(level, on, "", cancel=cancel)

    def _edge(self, level: Level, on: str, inside: str, *, cancel: bool) -> Ends:
        """An event on the edge: what follows ends by itself, or comes back after `on`."""
        key = self._id("b")
        if inside:
            level.elements.append(boundary(key, on, inside, cancel=cancel))
        else:
            event = message_event(key, self._message())
            attach = f' attachedToRef="{on}" cancelActivity="{str(cancel).lower()}"'
            level.elements.append(node("boundaryEvent", key, event, attach=attach, nyckel="['1']"))
        first, last = self._task(level) if cancel and self._happens(0.7) else self._script(level)
        level.flows.append((key, first, ""))
        level.edges += [last] if cancel else []
        if cancel and (level.joined or self._happens(0.6)):
            merge = self._id("g")
            level.gateways[merge] = ("exclusiveGateway", "")
            level.flows += [(on, merge, ""), (last, merge, "")]
            return on, merge
        end = self._id("e")
        level.elements.append(
            terminate(end) if cancel and self._happens(0.3) else node("endEvent", end)
        )
        level.flows.append((last, end, ""))
        return on, on

    def _lead_astray(self, level: Level) -> None:
        """One flow leads to where another does; preferably one from an event on an edge."""
        targets = Counter(target for _source, target, _condition in level.flows)
        free = [n for n, (_source, target, _condition) in enumerate(level.flows)
                if targets[target] > 1]  # fmt: skip
        if not free:
            return
        from_edges = [n for n in free if level.flows[n][0] in level.edges]
        place = self.chance.choice(from_edges if from_edges and self._happens(0.7) else free)
        source, target, condition = level.flows[place]
        races = {key for key, (kind, _) in level.gateways.items() if kind == "eventBasedGateway"}
        entered = [target for source, target, _ in level.flows if source not in races]
        other = self.chance.choice(entered)
        if any((source, other) == each[:2] for each in level.flows):
            return
        level.flows[place] = (source, other, condition)
        kind, default = level.gateways.get(source, ("", ""))
        if default == target:
            level.gateways[source] = (kind, other)


def drawn(chance: Random, *, astray: int = 0) -> str:
    """A file with the process `p` and the one it calls, `q`; `astray` flows of `p` go wrong."""
    outer, inner = Drawing(chance, calls="q"), Drawing(chance, prefix="q")
    body = outer.process("p", astray=astray) + inner.process("q", astray=0) + DECLARED
    return (
        f'<bpmn:definitions {NAMESPACES} id="d" targetNamespace="http://example.se">{body}'
        "</bpmn:definitions>"
    )
