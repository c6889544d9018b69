"""The processes: what is deployed, their versions, and the editor."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("definitions", __name__, url_prefix="/processer", template_folder="templates")

from web.definitions import beginning, deploying, editing, views  # noqa: E402, F401 - they hang on it
