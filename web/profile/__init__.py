"""One's own account: absence and substitutes, tokens for the API, password."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("profile", __name__, template_folder="templates", url_prefix="/min-sida")

# The views hang themselves on the blueprint.
from web.profile import absence, account, tokens  # noqa: E402, F401
