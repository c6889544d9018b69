"""The version in force of a process, and its file."""

from __future__ import annotations

from engine import deployments
from engine.errors import NotFound
from engine.tables import ProcessVersion
from web import transactions


def find_current(key: str) -> ProcessVersion | None:
    try:
        return deployments.current(transactions.reading(), key)
    except NotFound:
        return None


def file_name(key: str) -> str:
    """The file that the next version replaces."""
    version = find_current(key)
    return version.file_name if version else f"{key}.bpmn"


def bpmn_of(version: ProcessVersion) -> str:
    text: str = version.files[version.file_name]
    return text
