"""Cases: the list, intake, the case card, its records and files."""

from __future__ import annotations

from flask import Blueprint

blueprint: Blueprint = Blueprint(
    "cases", __name__, url_prefix="/arenden", template_folder="templates"
)

# A case number stands in the address as it is: /arenden/RS/1/2026.
NUMBER = "/<registry>/<int:seq>/<int:year>"


def number_of(registry: str, seq: int, year: int) -> str:
    return f"{registry}/{seq}/{year}"


from web.cases import card, changing, intake, papers, record_pages  # noqa: E402, F401 - they hang on it
from web.cases.listing import search_blueprint  # noqa: E402

__all__ = ["blueprint", "search_blueprint"]
