"""Findings as lines for a terminal, in the form that editors make links of."""

from __future__ import annotations

from collections.abc import Iterable

from engine.gate.finding import Finding
from engine.texts import gettext as _


def line(finding: Finding) -> str:
    """`file:element: message`, warnings marked as such."""
    place = ":".join(part for part in (finding.file, finding.element) if part)
    mark = "" if finding.refuses else _("varning: ")
    return f"{place}: {mark}{finding.message}"


def text(findings: Iterable[Finding]) -> str:
    return "\n".join(line(finding) for finding in findings)
