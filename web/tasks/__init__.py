"""One task: what is asked, the form, and the case beside it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("tasks", __name__, template_folder="templates")

from web.tasks import views  # noqa: E402, F401 - the views hang themselves on the blueprint
