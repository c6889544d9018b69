"""Changing who holds which role; each change is logged with its author."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from engine import history
from engine.engine import Engine
from engine.errors import Invalid, NotFound
from engine.host import Actor
from engine.tables import new_id
from engine.texts import gettext as _
from processes import accounts, organisation
from processes.organisation import REGION, RoleHolder, ScopeKind, candidate_label, slug
from processes.swedish_calendar import local_date


def appoint(
    session: Session,
    engine: Engine,
    user_id: str,
    role: str,
    scope_code: str = REGION,
    *,
    actor: Actor,
    from_on: date | None = None,
    to_on: date | None = None,
) -> RoleHolder:
    """Let somebody hold a role from that day (today when not said)."""
    user, found = accounts.get(session, user_id), organisation.role(session, role)
    session.refresh(user, with_for_update=True)  # appointed twice at once: once is enough
    from_on = from_on or local_date(engine.clock.now())
    if found is None:
        raise Invalid.field("role", _("Välj en roll som finns."))
    if scope_code not in scopes_of(session, found.scope_kind, from_on):
        raise Invalid.field("scope", _("Välj var rollen ska gälla."))
    if to_on is not None and to_on < from_on:
        raise Invalid.field("to_on", _("Sista dagen kommer före den första."))
    held = organisation.held_by(session, [user.id], from_on)
    if any((row.role_slug, row.scope_code) == (found.slug, scope_code) for row in held):
        label = candidate_label(found.name, scope_code)
        message = _("%(name)s är redan %(role)s.", name=user.name, role=label)
        raise Invalid.field("user", message)
    holder = RoleHolder(
        id=new_id(),
        role_slug=slug(role),
        scope_code=scope_code,
        user_id=user.id,
        valid_from_on=from_on,
        valid_to_on=to_on,
    )
    session.add(holder)
    session.flush()
    _log(session, engine, "role_given", actor, user=user.id, role=found.slug, scope=scope_code)
    return holder


def dismiss(
    session: Session,
    engine: Engine,
    holder_id: str,
    *,
    actor: Actor,
    last_day_on: date | None = None,
) -> None:
    """End a holding with that day (yesterday when not said); what never began is forgotten."""
    holder = session.get(RoleHolder, holder_id)
    if holder is None:
        raise NotFound(_("Innehavet finns inte."))
    last_day_on = last_day_on or local_date(engine.clock.now()) - timedelta(days=1)
    if holder.valid_from_on > last_day_on:
        session.delete(holder)
    else:
        holder.valid_to_on = last_day_on
    session.flush()
    _log(
        session, engine, "role_taken", actor,
        user=holder.user_id, role=holder.role_slug, scope=holder.scope_code,
    )  # fmt: skip


def scopes_of(session: Session, kind: str, on: date) -> list[str]:
    """Within what a role of that kind can be held that day."""
    if kind == ScopeKind.ORGAN:
        return [organ.code for organ in organisation.organs(session, on)]
    if kind == ScopeKind.REGISTRY:
        return [registry.code for registry in organisation.registries(session, on)]
    return [REGION]


def _log(session: Session, engine: Engine, kind: str, actor: Actor, **detail: object) -> None:
    history.append(session, engine, kind=kind, actor=actor, detail=detail)
