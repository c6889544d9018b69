"""Two drawings of one process: what the one who comes second is told, so that both stay."""

from __future__ import annotations

from typing import Any

from flask import render_template

from engine import drafts
from web import transactions
from web.definitions import comparison
from web.definitions.versions import bpmn_of, find_current


def told(key: str, mine: str) -> dict[str, Any]:
    """Who saved what when, how it differs from `mine`, and what either is to be saved over."""
    session = transactions.reading()
    draft = drafts.get(session, key)
    version = find_current(key)
    beside = draft.bpmn if draft else bpmn_of(version) if version else ""
    return {
        "theirs": draft.bpmn if draft else None,
        "lock_version": draft.lock_version if draft else None,
        "html": render_template(
            "definitions/_conflict.html",
            draft=draft,
            version=version,
            changes=comparison.between(beside, mine) if beside else [],
        ),
    }
