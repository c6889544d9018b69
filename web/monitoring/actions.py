"""What an administrator may do to what runs. Each asks for a reason where it can't be undone."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug import Response

from engine import incidents, instances, statistics
from engine.commands import CommandFailed
from engine.errors import Invalid
from web import security, transactions
from web.current import actor, engine
from web.monitoring import blueprint
from web.permissions import Permission, permission
from web.texts import gettext as _
from web.texts import ngettext

ADMINISTRATOR = Permission.ADMINISTRATOR


@blueprint.post("/fel/<incident_id>/forsok")
@permission(ADMINISTRATOR)
def retry(incident_id: str) -> Response:
    """Do what failed once more; the incident is resolved if it works."""
    if _try(incident_id):
        flash(_("Det gick bra den här gången. Flödet går vidare."), "success")
    back = security.safe_next(request.form.get("back"))
    return redirect(back or url_for("monitoring.index"))


@blueprint.post("/fel/forsok-alla")
@permission(ADMINISTRATOR)
def retry_all() -> Response:
    """Every incident of one cause, each in a transaction of its own."""
    wanted = request.form.get("message"), request.form.get("element_name")
    causes = statistics.causes(transactions.reading())
    ids = [
        incident_id
        for cause in causes
        if (cause.message, cause.element_name) == wanted
        for incident_id in cause.incident_ids
    ]
    mended = sum(_try(incident_id) for incident_id in ids)
    flash(
        ngettext("%(num)s gick vidare.", "%(num)s gick vidare.", mended)
        + " "
        + ngettext("%(num)s står kvar.", "%(num)s står kvar.", len(ids) - mended),
        "success" if mended == len(ids) else "warning",
    )
    return redirect(url_for("monitoring.index"))


@blueprint.post("/floden/<instance_id>/avbryt")
@permission(ADMINISTRATOR)
def cancel(instance_id: str) -> Response:
    reason = request.form.get("reason", "").strip()
    if not reason:
        raise Invalid.field("reason", _("Skriv varför flödet avbryts. Det står sedan i loggen."))

    def work(session: Session) -> None:
        instances.cancel(
            session,
            engine(),
            instance_id,
            reason=reason,
            actor=actor(),
            lock_version=request.form.get("lock_version", type=int),
        )

    transactions.perform(work, instance_id=instance_id)
    flash(_("Flödet är avbrutet och dess uppgifter är borta ur inkorgarna."), "success")
    return redirect(url_for("monitoring.show", instance_id=instance_id))


def _try(incident_id: str) -> bool:
    try:
        transactions.perform(
            lambda session: incidents.retry(session, engine(), incident_id, actor())
        )
    except CommandFailed as failure:
        flash(_("Det gick inte den här gången heller: %(why)s", why=failure), "danger")
        return False
    return True
