"""Meetings: the year at a glance, one meeting with its dates and cases, and changes of both."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("meetings", __name__, url_prefix="/sammantraden", template_folder="templates")

from web.meetings import changing, one, views  # noqa: E402, F401 - they hang themselves on it
