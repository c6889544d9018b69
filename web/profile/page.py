"""The one page that all of a person's own settings stand on."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from engine.errors import Invalid
from processes import accounts, organisation, substitutes
from processes.organisation import candidate_label
from web import transactions
from web.current import now, today, user
from web.form_widgets import by_field


def page(*, refused: Invalid | None = None, new_token: str = "") -> str:
    session = transactions.reading()
    people = accounts.everyone(session)
    return render_template(
        "profile/show.html",
        account=user(),
        roles=_roles(),
        absences=substitutes.of(session, user().id, from_on=today()),
        names={one.id: one.name for one in people},
        people=[(one.id, one.name) for one in people if one.active and one.id != user().id],
        tokens=accounts.tokens(session, user().id),
        new_token=new_token,
        facts=request.form,
        today=today(),
        now=now(),
        **by_field(refused),
    )


def _roles() -> list[Any]:
    session = transactions.reading()
    names = {role.slug: role.name for role in organisation.roles(session)}
    return [
        candidate_label(names.get(row.role_slug, row.role_slug), row.scope_code)
        for row in organisation.held_by(session, [user().id], today())
    ]
