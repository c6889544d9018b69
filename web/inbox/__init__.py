"""What waits for me, and what I can take."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("inbox", __name__, template_folder="templates")

from web.inbox import views  # noqa: E402, F401 - the views hang themselves on the blueprint
