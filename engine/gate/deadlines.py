"""When: deadlines in words, ISO 8601 and expressions, on tasks and timers."""

from __future__ import annotations

import re
from datetime import date, datetime

from engine import expressions
from engine.gate.model import HUMAN_TASKS, Node, Process, text_of
from engine.gate.rule import Findings, World, error
from engine.texts import gettext as _

_TIME = r"(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:[.,]\d+)?S)?)?"
_DURATION = re.compile(rf"P(?:\d+W|(?=[\dT])(?:\d+Y)?(?:\d+M)?(?:\d+D)?{_TIME})", re.ASCII)
_CYCLE = re.compile(r"R(\d*)(?:/([^/]+))?/([^/]+)(?:/([^/]+))?", re.ASCII)
_CRON = re.compile(r"(?:[\d*/,?LW#A-Z-]+\s+){4,6}[\d*/,?LW#A-Z-]+", re.ASCII)


def tasks(process: Process, world: World) -> Findings:
    for node in process.nodes:
        text = node.properties.get("deadline")
        if text and node.type in HUMAN_TASKS:
            problem = problem_with(text, world)
            if problem:
                yield error(process, node.id, "deadline", problem)


def timers(process: Process, world: World) -> Findings:
    """A timer says one time: in the panel, or as BPMN's own date, duration or cycle."""
    for node in process.nodes:
        if node.trigger != "timer":
            continue
        text, kind = _time_of(node)
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
        problem = _cycle_problem(text) if kind == "timeCycle" else problem_with(text, world)
        if problem and kind == "timeCycle" and not _looks_like_time(text):
            problem = expressions.check(text, world.context.functions.keys())
        if problem:
            yield error(process, node.id, "timer", problem)


def _time_of(node: Node) -> tuple[str, str]:
    if node.properties.get("deadline"):
        text = node.properties["deadline"]
        return text, "timeCycle" if text.startswith("R") and "/" in text else "deadline"
    for kind in ("timeDate", "timeDuration", "timeCycle"):
        text = text_of(node.definitions[0], kind) or ""
        if text:
            return text, kind
    return "", ""


def problem_with(text: str, world: World) -> str | None:
    """None for ISO 8601, words that the host can read, and expressions; else what is wrong."""
    unquoted = text.strip("\"'")
    if is_iso(unquoted):
        return None
    words = world.context.check_deadline(text)
    if words is None:
        return None
    if _CRON.fullmatch(text.strip()) and len(text.split()) >= 5:
        return _("Cron kan inte användas. Skriv en tidsfrist i ord eller R/P1D för varje dag.")
    if text.lstrip().startswith(("${", "#{")):
        return _("Uttryck skrivs utan ${ }. Skriv det som står innanför, eller en tidsfrist i ord.")
    if _looks_like_time(unquoted):
        return _(
            "%(text)s är ingen giltig tid enligt ISO 8601. Skriv till exempel P5D, PT2H eller "
            "2026-12-01.",
            text=text,
        )
    if expressions.check(text, world.context.functions.keys()) is None:
        return None
    return words


def is_iso(text: str) -> bool:
    return bool(_DURATION.fullmatch(text)) or _is_date(text)


def _is_date(text: str) -> bool:
    for reader in (date.fromisoformat, datetime.fromisoformat):
        try:
            reader(text)
        except ValueError:
            continue
        return True
    return False


def _cycle_problem(text: str) -> str | None:
    """`R3/P2D`, `R/2030-01-01T08:00/P1D`: how often, perhaps from when, how far apart."""
    found = _CYCLE.fullmatch(text.strip("\"'"))
    if found:
        parts = [part for part in found.groups()[1:] if part]
        durations = [part for part in parts if _DURATION.fullmatch(part)]
        if len(durations) == 1 and len(parts) <= 2 and all(map(is_iso, parts)):
            return None
    return _(
        "%(text)s är ingen upprepning enligt ISO 8601. Skriv till exempel R3/P2D: tre gånger med "
        "två dagars mellanrum. Cron kan inte användas.",
        text=text,
    )


def _looks_like_time(text: str) -> bool:
    return bool(re.match(r"-?P\d|-?PT\d|R\d*/|\d{4}-\d|\d+T", text)) or bool(
        _CRON.fullmatch(text) and len(text.split()) >= 5
    )
