"""Who holds which role, and until when: all roles at a glance, and one with its holders."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug import Response

from engine.errors import Invalid, NotFound
from processes import accounts, appointments, organisation
from processes.organisation import Role, RoleHolder, ScopeKind, candidate_label
from web import transactions
from web.admin import blueprint
from web.admin.fields import given_day, given_person
from web.current import actor, engine, today
from web.form_widgets import by_field
from web.permissions import Permission, permission
from web.texts import gettext as _


@dataclass(frozen=True, kw_only=True)
class Overview:
    """One role: how many hold it, and where nobody does."""

    role: Role
    count: int
    names: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Line:
    holding: RoleHolder
    label: str  # "Sekreterare RS"
    name: str


@blueprint.get("/roller")
@permission(Permission.ADMINISTRATOR)
def roles() -> str:
    session = transactions.reading()
    return render_template("admin/roles.html", overviews=_overviews(session))


@blueprint.get("/roller/<slug>")
@permission(Permission.ADMINISTRATOR)
def role(slug: str) -> str:
    return _page(slug)


@blueprint.post("/roller/<slug>")
@permission(Permission.ADMINISTRATOR)
def give_role(slug: str) -> Response | tuple[str, int]:
    def work(session: Session) -> str:
        person = given_person(session, "user")
        appointments.appoint(
            session,
            engine(),
            person.id,
            slug,
            request.form.get("scope", ""),
            actor=actor(),
            from_on=given_day("from_on"),
            to_on=given_day("to_on"),
        )
        return person.name

    try:
        name = transactions.perform(work)
    except Invalid as refused:
        return _page(slug, refused=refused), 422
    flash(_("%(name)s har fått rollen.", name=name), "success")
    return redirect(url_for("admin.role", slug=slug))


@blueprint.post("/roller/<slug>/<holding_id>/avsluta")
@permission(Permission.ADMINISTRATOR)
def end_role(slug: str, holding_id: str) -> Response:
    last_on = given_day("last_on") or today()

    def work(session: Session) -> None:
        appointments.dismiss(session, engine(), holding_id, actor=actor(), last_day_on=last_on)

    transactions.perform(work)
    flash(_("Uppdraget upphör. Uppgifterna ligger kvar hos rollen."), "success")
    return redirect(url_for("admin.role", slug=slug))


def _overviews(session: Session) -> list[Overview]:
    held = organisation.holdings(session, today())
    names = accounts.names(session, [row.user_id for row in held])
    return [
        _overview(session, role, [row for row in held if row.role_slug == role.slug], names)
        for role in organisation.roles(session)
    ]


def _overview(
    session: Session, role: Role, held: list[RoleHolder], names: dict[str, str]
) -> Overview:
    now_at = {row.scope_code for row in held if row.holds(today())}
    scopes = appointments.scopes_of(session, role.scope_kind, today())
    return Overview(
        role=role,
        count=len(held),
        names=tuple(sorted({names.get(row.user_id, row.user_id) for row in held})),
        missing=tuple(scope for scope in scopes if scope not in now_at),
    )


def _page(slug: str, *, refused: Invalid | None = None) -> str:
    session = transactions.reading()
    found = organisation.role(session, slug)
    if found is None:
        raise NotFound(_("Rollen finns inte."))
    scopes = appointments.scopes_of(session, found.scope_kind, today())
    return render_template(
        "admin/role.html",
        role=found,
        lines=_lines(session, found),
        people=[(one.id, one.name) for one in accounts.everyone(session, active_only=True)],
        scopes=[(scope, candidate_label(found.name, scope)) for scope in scopes],
        is_scoped=found.scope_kind in (ScopeKind.ORGAN, ScopeKind.REGISTRY),
        facts=request.form,
        today=today(),
        **by_field(refused),
    )


def _lines(session: Session, role: Role) -> list[Line]:
    found = [row for row in organisation.holdings(session, today()) if row.role_slug == role.slug]
    names = accounts.names(session, [row.user_id for row in found])
    return [
        Line(
            holding=row,
            label=candidate_label(role.name, row.scope_code),
            name=names.get(row.user_id, row.user_id),
        )
        for row in found
    ]
