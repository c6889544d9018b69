"""Operations: what runs, what is stuck and why, with the button that mends it beside it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("monitoring", __name__, url_prefix="/drift", template_folder="templates")

from web.monitoring import actions, instance, outbox, views  # noqa: E402, F401 - they hang on it
