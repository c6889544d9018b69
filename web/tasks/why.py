"""Why a step is there: what the rules ask, in our own words, with the chapter."""

from __future__ import annotations

from dataclasses import dataclass

from engine.spiff import ElementInfo
from processes import rule_steps
from web.texts import gettext as _

FEW = 2  # a step that gathers more of the rules' steps is told by its own documentation


@dataclass(frozen=True, kw_only=True)
class Why:
    to_do: str  # what to do here, as the step's own documentation says
    sentences: tuple[str, ...]  # what the rules ask
    source: str  # "Regler för ärendehantering, kapitel 4 Fördelning, steg A10."


def why(info: ElementInfo, *, asked: str) -> Why | None:
    """None for a step that carries no rule and says nothing of itself.

    `asked` stands above the form already, and is not said twice.
    """
    found = rule_steps.of_reference(info.rule)
    to_do = "" if info.documentation == asked else info.documentation
    told = found if len(found) <= FEW or not info.documentation else []
    sentences = tuple(dict.fromkeys(step.sentence for step in told[:FEW]))
    if not sentences and not to_do:
        return None
    return Why(to_do=to_do, sentences=sentences, source=_source(info.rule, found))


def _source(reference: str, found: list[rule_steps.RuleStep]) -> str:
    if not found:
        return _("Regel: %(rule)s.", rule=reference) if reference else ""
    steps = ", ".join(step.id for step in found)
    chapters = ", ".join(dict.fromkeys(step.chapter for step in found))
    return _(
        "Regler för ärendehantering, kapitel %(chapters)s, steg %(steps)s.",
        chapters=chapters,
        steps=steps,
    )
