"""When: deadlines in words, ISO 8601 and expressions, on tasks and timers."""

from __future__ import annotations

import re

from engine import expressions
from engine.gate.finding import GateContext
from engine.gate.model import HUMAN_TASKS, Node, Process, text_of
from engine.gate.rule import Findings, World, error
from engine.spiff import iso8601
from engine.texts import gettext as _

_NEARLY_ISO = re.compile(r"-?P\d|-?PT\d|R\d*/|\d{4}-\d|\d+T", re.ASCII)
_CRON = re.compile(r"(?:[\d*/,?LW#A-Z-]+\s+){4,6}[\d*/,?LW#A-Z-]+", re.ASCII)


def tasks(process: Process, world: World) -> Findings:
    for node in process.nodes:
        text = node.properties.get("deadline")
        if text and node.type in HUMAN_TASKS:
            problem = problem_on_task(text, world.context)
            if problem:
                yield error(process, node.id, "deadline", problem)


def timers(process: Process, world: World) -> Findings:
    """A timer says one time: in the panel, or as BPMN's own date, duration or cycle."""
    for node in process.nodes:
        if node.trigger != "timer":
            continue
        words = node.properties.get("deadline", "")
        text, kind = (words, "deadline") if words else _drawn(node)
        if not text:
            yield error(
                process,
                node.id,
                "no_time",
                _(
                    "%(node)s saknar tid. Skriv en tidsfrist, till exempel 3 arbetsdagar eller "
                    "P5D.",
                    node=node.label,
                ),
            )
            continue
        problem = (
            problem_with(text, world.context)
            if words
            else _cycle_problem(text, world.context)
            if kind == "timeCycle"
            else problem_with(text, world.context, may_be_name=True)
        )
        if problem:
            yield error(process, node.id, "timer", problem)


def problem_on_task(text: str, context: GateContext) -> str | None:
    """A task is due once."""
    if iso8601.cycle(text.strip("\"'")) is not None:
        return _(
            "%(text)s upprepas. Det kan en tidshändelse göra, men inte en tidsfrist.", text=text
        )
    return problem_with(text, context)


def problem_on_event(text: str, context: GateContext) -> str | None:
    """As `timers` would judge it when the editor has put it where it belongs."""
    if text.startswith("R") and "/" in text:
        return _cycle_problem(text, context)
    return problem_with(text, context, may_be_name=True)


def _too_often(text: str, cycle: iso8601.Cycle) -> str | None:
    every = iso8601.duration(cycle.every)
    if every and every.days_in_all * 86_400 < iso8601.SHORTEST_CYCLE:
        return _("%(text)s upprepas för tätt. Låt det gå minst en minut emellan.", text=text)
    if cycle.times == 0:
        return _("%(text)s upprepas ingen gång. Skriv hur många, till exempel R3/P2D.", text=text)
    return None


def _drawn(node: Node) -> tuple[str, str]:
    for kind in ("timeDate", "timeDuration", "timeCycle"):
        text = text_of(node.definitions[0], kind) or ""
        if text:
            return text, kind
    return "", ""


def problem_with(text: str, context: GateContext, *, may_be_name: bool = False) -> str | None:
    """None for ISO 8601, words that the host can read, and expressions; else what is wrong.

    A single word is an expression only where BPMN's own elements hold it: in the panel it is
    a deadline misspelt.
    """
    unquoted = text.strip("\"'")
    length = iso8601.duration(unquoted)
    if length is not None:
        return _unreasonable(unquoted, length)
    if iso8601.is_iso(unquoted):
        return None
    problem = context.check_deadline(text)
    if problem is None:
        return None
    foreign = _foreign(unquoted)
    if foreign:
        return foreign
    is_word = text.isidentifier() and not may_be_name
    if not is_word and expressions.check(text, context.functions.keys()) is None:
        return None
    return problem


def _unreasonable(text: str, length: iso8601.Duration) -> str | None:
    """A duration that is none, or longer than anybody waits."""
    if length.days_in_all == 0:
        return _("%(text)s är ingen tid alls. Skriv hur länge, till exempel P5D.", text=text)
    if length.is_too_long:
        return _(
            "%(text)s är för långt. En tid får vara högst %(years)s år.",
            text=text,
            years=iso8601.LONGEST_YEARS,
        )
    return None


def _foreign(text: str) -> str | None:
    """What other tools write, and times that ISO 8601 nearly knows."""
    if _CRON.fullmatch(text) and len(text.split()) >= 5:
        return _("Cron kan inte användas. Skriv en tidsfrist i ord eller R/P1D för varje dag.")
    if text.startswith(("${", "#{")):
        return _("Uttryck skrivs utan ${ }. Skriv det som står innanför, eller en tidsfrist i ord.")
    if text.startswith("-P"):
        return _(
            "%(text)s är en negativ tid. Skriv till exempel P5D, eller 5 dagar före och det som "
            "den räknas från.",
            text=text,
        )
    if _NEARLY_ISO.match(text):
        return _(
            "%(text)s är ingen giltig tid enligt ISO 8601. Skriv till exempel P5D, PT2H eller "
            "2026-12-01.",
            text=text,
        )
    return None


def _cycle_problem(text: str, context: GateContext) -> str | None:
    """`R3/P2D`, `R/2030-01-01T08:00/P1D`: how often, perhaps from when, how far apart."""
    unquoted = text.strip("\"'")
    cycle = iso8601.cycle(unquoted)
    if cycle is not None:
        problems = [problem_with(part, context) for part in (cycle.every, cycle.at) if part]
        if not any(problems):
            return _too_often(unquoted, cycle)
        if iso8601.is_iso(cycle.every):
            return next(filter(None, problems))
    if _foreign(unquoted) or iso8601.is_iso(unquoted) or unquoted.startswith("R"):
        return _(
            "%(text)s är ingen upprepning enligt ISO 8601. Skriv till exempel R3/P2D: tre gånger "
            "med två dagars mellanrum. Cron kan inte användas.",
            text=text,
        )
    return expressions.check(text, context.functions.keys())
