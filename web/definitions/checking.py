"""What the deployment gate would say of a draft among what is deployed now."""

from __future__ import annotations

from engine import deployments, gate
from engine.gate import Finding
from web import transactions
from web.current import engine
from web.definitions.versions import file_name


def findings_of(key: str, bpmn: str) -> list[Finding]:
    """The errors first."""
    context = deployments.gate_context(transactions.reading(), engine())
    found = gate.check({file_name(key): bpmn}, context)
    return sorted(found, key=lambda each: not each.refuses)
