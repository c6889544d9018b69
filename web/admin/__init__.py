"""Users, who holds which role, substitutes and the meeting calendar."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("admin", __name__, template_folder="templates", url_prefix="/administration")

# The views hang themselves on the blueprint.
from web.admin import absences, calendar, roles, users  # noqa: E402, F401
