"""A tiny diagram for every element of BPMN, under the name that docs/bpmn.md gives it."""

from __future__ import annotations

from dataclasses import dataclass

from tests.engine.bpmn import (
    NAMESPACES,
    boundary_timer,
    catch,
    chain,
    end,
    flow,
    fork,
    message_event,
    node,
    script,
    service,
    start,
    task,
    throw,
    timer,
)
from tests.engine.generated import CHANCE, LOOP
from tests.engine.spiff.drawing import boundary, decision, io, several, sub

ROOTS = (
    '<bpmn:message id="m_svar" name="svar"/><bpmn:signal id="sig" name="sig"/>'
    '<bpmn:error id="fel" name="fel" errorCode="fel"/>'
    '<bpmn:escalation id="larm" name="larm" escalationCode="larm"/>'
)


@dataclass(frozen=True, kw_only=True)
class Tiny:
    """`passes`: the elements that some walk must come by; none when it is refused."""

    files: dict[str, str]
    passes: frozenset[str] = frozenset()


def drawn(body: str, *, passes: str = "", roots: str = ROOTS, **others: str) -> Tiny:
    text = (
        f'<bpmn:definitions {NAMESPACES} id="d" targetNamespace="http://example.se">'
        f'<bpmn:process id="p" name="p" isExecutable="true">{body}</bpmn:process>{roots}'
        "</bpmn:definitions>"
    )
    files = {name.replace("__", "."): text for name, text in others.items()}
    return Tiny(files={"p.bpmn": text, **files}, passes=frozenset(passes.split()))


def one(element: str, *others: str, passes: str = "x", **files: str) -> Tiny:
    """start → x → slut."""
    body = start() + element + end() + chain("start", "x", "slut") + "".join(others)
    return drawn(body, passes=passes, **files)


def definition(kind: str, reference: str = "", inside: str = "") -> str:
    return f"<bpmn:{kind}EventDefinition{reference}>{inside}</bpmn:{kind}EventDefinition>"


SIGNAL = definition("signal", ' signalRef="sig"')
ERROR = definition("error", ' errorRef="fel"')
ALARM = definition("escalation", ' escalationRef="larm"')
CANCEL, TERMINATE = definition("cancel"), definition("terminate")
CONDITION = definition("conditional", inside="<bpmn:condition>arende.om</bpmn:condition>")
COMPENSATE = definition("compensate")


def begun_by(inside: str) -> Tiny:
    return drawn(node("startEvent", "start", inside) + task("a") + end()
                 + chain("start", "a", "slut"), passes="start")  # fmt: skip


def ended_by(inside: str, **more: str) -> Tiny:
    return drawn(start() + task("a") + node("endEvent", "x", inside, **more)
                 + chain("start", "a", "x"), passes="x")  # fmt: skip


def ended_inside(inside: str, kind: str = "subProcess") -> Tiny:
    """A subprocess that ends so, what it throws being caught on its edge."""
    inner = start("s") + task("i") + node("endEvent", "x", inside) + chain("s", "i", "x")
    edge = boundary("kant", "sub", inside) + task("efter") + chain("kant", "efter", "slut")
    edge = "" if inside == TERMINATE else edge
    return drawn(start() + node(kind, "sub", inner) + edge + end()
                 + chain("start", "sub", "slut"), passes="x kant" if edge else "x")  # fmt: skip


def on_the_edge(inside: str, *, cancel: bool = True, thrown: str = "", **props: str) -> Tiny:
    """Something that happens beside a task, or is thrown on another branch."""
    edge = f' attachedToRef="a" cancelActivity="{str(cancel).lower()}"'
    throws = node("intermediateThrowEvent", "kast", thrown) if thrown else task("kast")
    after = script("efter", "b = 1") + end("e") + chain("x", "efter", "e")
    return drawn(start() + fork("f") + task("a") + task("b") + throws + after + end()
                 + node("boundaryEvent", "x", inside, attach=edge, **props)
                 + chain("start", "f", "a", "slut")
                 + chain("f", "b", "kast", "slut"), passes="x efter")  # fmt: skip


def split(kind: str, *, condition: str = CHANCE, default: str = "f_x_a") -> Tiny:
    attach = f' default="{default}"' if default else ""
    return drawn(start() + node(kind, "x", attach=attach) + task("a") + task("b")
                 + node(kind, "ihop") + end() + chain("start", "x", "a", "ihop", "slut")
                 + flow("x", "b", condition) + flow("b", "ihop"), passes="a b ihop")  # fmt: skip


def race(*arms: str) -> Tiny:
    return drawn(start() + node("eventBasedGateway", "x") + "".join(arms) + end()
                 + chain("start", "x", "a1", "slut") + chain("x", "a2", "slut"),
                 passes="x a1")  # fmt: skip


def by_signal() -> Tiny:
    return drawn(start() + fork("f") + node("intermediateCatchEvent", "x", SIGNAL) + task("a")
                 + node("intermediateThrowEvent", "kast", SIGNAL) + end()
                 + chain("start", "f", "x", "slut") + chain("f", "a", "kast", "slut"),
                 passes="x")  # fmt: skip


def signal_end() -> Tiny:
    return drawn(start() + fork("f") + node("intermediateCatchEvent", "v", SIGNAL) + task("a")
                 + node("endEvent", "x", SIGNAL) + end() + chain("start", "f", "v", "slut")
                 + chain("f", "a", "x"), passes="x v")  # fmt: skip


def link() -> Tiny:
    def half(kind: str, id_: str) -> str:
        return node(f"intermediate{kind}Event", id_, '<bpmn:linkEventDefinition name="L"/>')

    return drawn(start() + half("Throw", "x") + half("Catch", "dit") + task("a") + end()
                 + chain("start", "x") + chain("dit", "a", "slut"), passes="x dit a")  # fmt: skip


def alarm(cancel: bool) -> Tiny:
    inner = (start("s") + node("intermediateThrowEvent", "kast", ALARM) + task("i") + end("e")
             + chain("s", "kast", "i", "e"))  # fmt: skip
    after = script("efter", "b = 1") + end("e2") + chain("x", "efter", "e2")
    passes = "x efter" if cancel else "x efter i"
    return drawn(start() + sub("sub", inner) + boundary("x", "sub", ALARM, cancel=cancel) + after
                 + end() + chain("start", "sub", "slut"), passes=passes)  # fmt: skip


def called() -> str:
    return (
        drawn(start("qs") + task("qa") + end("qe") + chain("qs", "qa", "qe"))
        .files["p.bpmn"]
        .replace('id="p"', 'id="q"')
        .replace('id="m_svar"', 'id="mq"')
    )


def beside(element: str) -> Tiny:
    """What is only drawn."""
    return drawn(start() + task("x") + end() + chain("start", "x", "slut") + element, passes="x")


CALL = node("callActivity", "x", attach=' calledElement="q"')
RULE = (
    "<bpmn:extensionElements><spiffworkflow:calledDecisionId>vem"
    "</spiffworkflow:calledDecisionId></bpmn:extensionElements>"
)
AD_HOC = '<bpmn:adHocSubProcess id="x"><bpmn:task id="t"/></bpmn:adHocSubProcess>'
DAY = "<bpmn:timeDuration>P1D</bpmn:timeDuration>"
DECIDES = decision("FIRST", ('"ny"', "-", '"chef"'), ("-", "-", '"nämnd"'))
SENT, AWAITED = (
    node(kind, "x", attach=' messageRef="m_svar"', nyckel="['1']")
    for kind in ("sendTask", "receiveTask")
)
INNER = start("s") + task("i") + end("e") + chain("s", "i", "e")
EVENT_SUB = node("subProcess", "x", start("s") + task("i") + end("e") + chain("s", "i", "e"),
                 attach=' triggeredByEvent="true"')  # fmt: skip
RACERS = (
    catch("a1", "svar", "['1']"), timer("a1", "P1D"), timer("a2", "2031-01-01", "timeDate"),
)  # fmt: skip
DATA = '<bpmn:dataObject id="do"/><bpmn:dataObjectReference id="dor" dataObjectRef="do"/>'
NOTE = '<bpmn:textAnnotation id="n"><bpmn:text>x</bpmn:text></bpmn:textAnnotation>'
LANES = (
    '<bpmn:laneSet id="ls"><bpmn:lane id="l" name="Sekreterare"><bpmn:flowNodeRef>x'
    "</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
)
POOLS = (
    '<bpmn:collaboration id="c"><bpmn:participant id="pa" processRef="p"/><bpmn:participant '
    'id="pb" name="Medborgaren"/><bpmn:messageFlow id="mf" sourceRef="pb" targetRef="x"/>'
    "</bpmn:collaboration>"
)
WAITS_FOR_SVAR = message_event("x", "svar")

ELEMENTS: dict[str, Tiny] = {
    # activities
    "task": one(node("task", "x", role="Handläggare")),
    "userTask": one(task("x")),
    "manualTask": one(node("manualTask", "x", role="Handläggare")),
    "serviceTask": one(service("x", "ge_nummer")),
    "scriptTask": one(script("x", "a = 1")),
    "businessRuleTask": drawn(
        start() + script("s", "typ = 'ny'\nbelopp = 1") + node("businessRuleTask", "x", RULE)
        + end() + chain("start", "s", "x", "slut"), passes="x", vem__dmn=DECIDES),
    "sendTask": one(SENT),
    "receiveTask": one(AWAITED),
    "callActivity": one(CALL, passes="x qa", q__bpmn=called()),
    "subProcess": one(sub("x", INNER), passes="x i"),
    "transaction": one(node("transaction", "x", INNER), passes="x i"),
    "adHocSubProcess": one(AD_HOC),
    "event subprocess": beside(EVENT_SUB.replace('"x"', '"hs"')),
    "compensation handler": beside(
        node("task", "aterstall", attach=' isForCompensation="true"', role="Handläggare")
    ),
    "parallel multi-instance": one(
        node("userTask", "x", several("lista", "i"), role="Handläggare")
    ),
    "sequential multi-instance": one(
        node("userTask", "x", several("lista", "i", sequential=True), role="Handläggare")
    ),
    "standard loop": one(node("userTask", "x", LOOP, role="Handläggare")),
    # flows and gateways
    "several flows into a step": drawn(
        start() + fork("f") + task("a") + task("b") + task("x") + end()
        + chain("start", "f", "a", "x", "slut") + chain("f", "b", "x"), passes="x"),
    "several flows out of a step": drawn(
        start() + task("x") + task("a") + task("b") + end() + chain("start", "x", "a", "slut")
        + chain("x", "b", "slut"), passes="a b"),
    "conditional flows out of a step": drawn(
        start() + node("userTask", "x", attach=' default="f_x_a"', role="Handläggare") + task("a")
        + task("b") + end() + chain("start", "x", "a", "slut") + flow("x", "b", CHANCE)
        + flow("b", "slut"), passes="a b"),
    "exclusiveGateway": split("exclusiveGateway"),
    "inclusiveGateway": split("inclusiveGateway"),
    "parallelGateway": split("parallelGateway", condition="", default=""),
    "eventBasedGateway": race(RACERS[0], RACERS[2]),
    "eventBasedGateway with several timers": race(*RACERS[1:]),
    "instantiating eventBasedGateway": drawn(
        node("eventBasedGateway", "x", attach=' instantiate="true"') + "".join(RACERS[1:]) + end()
        + chain("x", "a1", "slut") + chain("x", "a2", "slut")),
    "complexGateway": one(node("complexGateway", "x")),
    # start
    "none start": one(task("x"), passes="start"),
    "message start": begun_by(message_event("start", "svar")),
    "timer start": begun_by(definition("timer", inside=DAY)),
    "signal start": begun_by(SIGNAL),
    "conditional start": begun_by(CONDITION),
    "none start beside a message start": drawn(
        start() + node("startEvent", "m", message_event("m", "svar")) + task("a") + end()
        + chain("start", "a", "slut") + chain("m", "a")),
    # end
    "none end": ended_by(""),
    "message end": ended_by(message_event("x", "svar"), nyckel="['1']"),
    "signal end": signal_end(),
    "error end": ended_inside(ERROR),
    "escalation end": ended_inside(ALARM),
    "cancel end": ended_inside(CANCEL, "transaction"),
    "cancel end that nobody catches": one(node(
        "transaction", "x",
        start("s") + task("i") + node("endEvent", "av", CANCEL) + chain("s", "i", "av"))),
    "terminate end": ended_inside(TERMINATE),
    "compensation end": ended_by(COMPENSATE),
    # intermediate
    "message catch": one(catch("x", "svar", "['1']")),
    "timer catch": one(timer("x", "P1D")),
    "signal catch": by_signal(),
    "conditional catch": one(node("intermediateCatchEvent", "x", CONDITION)),
    "link": link(),
    "catch without a trigger": one(node("intermediateCatchEvent", "x")),
    "none throw": one(node("intermediateThrowEvent", "x")),
    "message throw": one(throw("x", "svar", "['1']")),
    "signal throw": on_the_edge(SIGNAL, thrown=SIGNAL),
    "escalation throw": alarm(cancel=True),
    "compensation throw": one(node("intermediateThrowEvent", "x", COMPENSATE)),
    # on the edge
    "message on the edge": on_the_edge(WAITS_FOR_SVAR, nyckel="['1']"),
    "message on the edge, not interrupting": on_the_edge(
        WAITS_FOR_SVAR, cancel=False, nyckel="['1']"),
    "timer on the edge": one(
        task("x"), boundary_timer("k", "x", "P1D"), end("e"), chain("k", "e"), passes="k"),
    "timer on the edge, not interrupting": one(
        task("x"), boundary_timer("k", "x", "P1D", cancel=False), end("e"), chain("k", "e"),
        passes="k x"),
    "cycle on the edge, not interrupting": one(
        task("x"), boundary_timer("k", "x", "R2/P1D", kind="timeCycle", cancel=False), end("e"),
        chain("k", "e"), passes="k x"),
    "signal on the edge": on_the_edge(SIGNAL, thrown=SIGNAL),
    "signal on the edge, not interrupting": on_the_edge(SIGNAL, thrown=SIGNAL, cancel=False),
    "error on the edge": ended_inside(ERROR),
    "escalation on the edge": alarm(cancel=True),
    "escalation on the edge, not interrupting": alarm(cancel=False),
    "cancel on the edge": ended_inside(CANCEL, "transaction"),
    "conditional on the edge": one(
        task("x"), boundary("k", "x", CONDITION), end("e"), chain("k", "e")),
    "compensation on the edge": one(
        task("x"), boundary("k", "x", COMPENSATE), end("e"), chain("k", "e")),
    "multiple triggers": one(node(
        "intermediateCatchEvent", "x", SIGNAL + message_event("x", "svar"), nyckel="['1']")),
    "parallel multiple triggers": one(node(
        "intermediateCatchEvent", "x", SIGNAL + message_event("x", "svar"),
        attach=' parallelMultiple="true"', nyckel="['1']")),
    # what is drawn beside the flow
    "lane": beside(LANES),
    "pool, message flow": drawn(
        start() + task("x") + end() + chain("start", "x", "slut"), roots=ROOTS + POOLS, passes="x"),
    "group, text annotation, association": beside(NOTE),
    "data object": beside(DATA),
    "dataStoreReference": beside('<bpmn:dataStoreReference id="ds"/>'),
    "ioSpecification": drawn(
        io([], []).replace("<bpmn:inputSet></bpmn:inputSet>", "<bpmn:inputSet/>")
        + start() + task("x") + end() + chain("start", "x", "slut"), passes="x"),
    "correlationProperty": drawn(
        start() + task("x") + end() + chain("start", "x", "slut"),
        roots=ROOTS + '<bpmn:correlationProperty id="cp"><bpmn:correlationPropertyRetrieval '
        'messageRef="m_svar"><bpmn:messagePath>x</bpmn:messagePath>'
        "</bpmn:correlationPropertyRetrieval></bpmn:correlationProperty>"),
    "choreography": drawn(
        start() + task("x") + end() + chain("start", "x", "slut"),
        roots=ROOTS + '<bpmn:choreography id="ch"/>'),
}  # fmt: skip
