"""What waits for me, and what I can take."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("inbox", __name__, template_folder="templates")

import web.inbox.views  # noqa: E402, F401 - its views hang themselves on the blueprint
