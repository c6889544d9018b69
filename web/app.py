"""The Flask application.

A page group is one package under `web/` with `blueprint` in its `__init__`, its pages in
`views.py` and its templates in `templates/<group>/`. To add one:

1. `blueprint = Blueprint("cases", __name__, template_folder="templates")`, and every view under it
   carries `@permission(...)` (web/permissions.py): without it the page is closed to everyone;
2. add the blueprint to `BLUEPRINTS` below, and its place in the menu to web/navigation.py;
3. add its addresses to the table in tests/web/test_permissions.py.

A view reads with `transactions.reading()`, changes with `transactions.perform(...)`, raises what
engine and domain refuse (web/errors.py makes the page) and renders a template that extends
`base.html`. Templates take their pieces from `components/`.
"""

from __future__ import annotations

from flask import Blueprint, Flask, redirect, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from werkzeug import Response

from processes.product import Product
from web import (
    admin,
    api,
    cases,
    dates,
    definitions,
    errors,
    form_widgets,
    health,
    inbox,
    login,
    meetings,
    monitoring,
    names,
    navigation,
    permissions,
    profile,
    received,
    security,
    tasks,
    texts,
    transactions,
)
from web.configuration import Configuration
from web.current import PRODUCT
from web.permissions import Permission, permission

BLUEPRINTS: tuple[Blueprint, ...] = (
    login.blueprint,
    inbox.blueprint,
    tasks.blueprint,
    admin.blueprint,
    profile.blueprint,
    cases.blueprint,
    cases.search_blueprint,
    meetings.blueprint,
    definitions.blueprint,
    monitoring.blueprint,
    health.blueprint,
)


def create_app(product: Product, configuration: Configuration | None = None) -> Flask:
    configuration = configuration or Configuration.from_settings(product.settings)
    app = Flask(__name__)
    app.extensions[PRODUCT] = product
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["csrf"] = _csrf
    transactions.set_up(app)
    texts.set_up(app)
    received.set_up(app)
    security.set_up(app, configuration)
    permissions.set_up(app)  # after security: it must know who asks
    errors.set_up(app)
    dates.set_up(app)
    names.set_up(app)
    form_widgets.set_up(app)
    navigation.set_up(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    api.set_up(app)
    app.add_url_rule("/", "start", _start)
    return app


@permission(Permission.PUBLIC)
def _start() -> Response:
    return redirect(url_for("inbox.show"))


def _csrf() -> Markup:
    """The hidden field that shows a form to be ours; every POST form carries it."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())
