"""The provision that makes something secret; TF 2:20 wants it named."""

from __future__ import annotations

import re

from engine.texts import gettext as _

# "25 kap. 1 § OSL", "OSL 25:1", "21 kap 3 a §", "offentlighets- och sekretesslagen 25 kap 1 §"
_CHAPTER = re.compile(r"(\d{1,2})\s*kap\.?\s*(\d{1,2})\s*([a-z])?\s*§", re.IGNORECASE)
_SHORT = re.compile(r"\bOSL\s*(\d{1,2})\s*:\s*(\d{1,2})\s*([a-z])?\b", re.IGNORECASE)
LAST_CHAPTER = 44  # of offentlighets- och sekretesslagen (2009:400)


def ground_problem(text: str) -> str | None:
    """What is wrong with a legal ground, in Swedish; None when it names a provision."""
    if not text.strip():
        return _("Skriv vilken paragraf som gör uppgiften hemlig, till exempel 25 kap. 1 § OSL.")
    found = _find(text)
    if found is None or not 1 <= int(found[1]) <= LAST_CHAPTER:
        return _("Ange kapitel och paragraf i OSL, till exempel 25 kap. 1 § OSL.")
    return None


def normal_ground(text: str) -> str:
    """`text` as the rules write it, "25 kap. 1 § OSL"; as it stands when it says more."""
    found = _find(text)
    rest = text if found is None else text[: found.start()] + text[found.end() :]
    if found is None or re.sub(r"[\s.,()]|OSL", "", rest, flags=re.IGNORECASE):
        return " ".join(text.split())
    letter = f" {found[3].lower()}" if found[3] else ""
    return f"{int(found[1])} kap. {int(found[2])}{letter} § OSL"


def _find(text: str) -> re.Match[str] | None:
    return _CHAPTER.search(text) or _SHORT.search(text)
