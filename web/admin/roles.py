"""Who holds which role, and until when."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug import Response

from engine.errors import Invalid
from processes import accounts, appointments, organisation
from processes.organisation import RoleHolder, candidate_label
from web import transactions
from web.admin import blueprint
from web.admin.fields import given_day, given_person
from web.current import actor, engine, today
from web.form_widgets import by_field
from web.permissions import Permission, permission
from web.texts import gettext as _


@dataclass(frozen=True, kw_only=True)
class Line:
    holding: RoleHolder
    label: str  # "Sekreterare RS"
    name: str


@blueprint.get("/roller")
@permission(Permission.ADMINISTRATOR)
def roles() -> str:
    return _page()


@blueprint.post("/roller")
@permission(Permission.ADMINISTRATOR)
def give_role() -> Response | tuple[str, int]:
    role_slug, _at, scope_code = request.form.get("role", "").partition("@")

    def work(session: Session) -> str:
        person = given_person(session, "user")
        appointments.appoint(
            session,
            engine(),
            person.id,
            role_slug,
            scope_code,
            actor=actor(),
            from_on=given_day("from_on"),
            to_on=given_day("to_on"),
        )
        return person.name

    try:
        name = transactions.perform(work)
    except Invalid as refused:
        return _page(refused=refused), 422
    flash(_("%(name)s har fått rollen.", name=name), "success")
    return redirect(url_for("admin.roles"))


@blueprint.post("/roller/<holding_id>/avsluta")
@permission(Permission.ADMINISTRATOR)
def end_role(holding_id: str) -> Response:
    last_on = given_day("last_on") or today()

    def work(session: Session) -> None:
        appointments.dismiss(session, engine(), holding_id, actor=actor(), last_day_on=last_on)

    transactions.perform(work)
    flash(_("Uppdraget upphör. Uppgifterna ligger kvar hos rollen."), "success")
    return redirect(url_for("admin.roles"))


def _page(*, refused: Invalid | None = None) -> str:
    session = transactions.reading()
    return render_template(
        "admin/roles.html",
        lines=_lines(session),
        people=[(one.id, one.name) for one in accounts.everyone(session, active_only=True)],
        places=_places(session),
        facts=request.form,
        today=today(),
        **by_field(refused),
    )


def _lines(session: Session) -> list[Line]:
    found = organisation.holdings(session, today())
    names = accounts.names(session, [row.user_id for row in found])
    roles = {role.slug: role.name for role in organisation.roles(session)}
    return [
        Line(
            holding=row,
            label=candidate_label(roles.get(row.role_slug, row.role_slug), row.scope_code),
            name=names.get(row.user_id, row.user_id),
        )
        for row in found
    ]


def _places(session: Session) -> list[tuple[str, str]]:
    """Every role with every place where it can be held, as one choice."""
    return [
        (f"{role.slug}@{scope}", candidate_label(role.name, scope))
        for role in organisation.roles(session)
        for scope in appointments.scopes_of(session, role.scope_kind, today())
    ]
