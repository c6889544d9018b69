"""Logging in and out, and the choice of language."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("login", __name__, template_folder="templates")

import web.login.views  # noqa: E402, F401 - its views hang themselves on the blueprint
