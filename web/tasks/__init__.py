"""One task: what is asked, the form, and the case beside it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("tasks", __name__, template_folder="templates")

import web.tasks.views  # noqa: E402, F401 - its views hang themselves on the blueprint
