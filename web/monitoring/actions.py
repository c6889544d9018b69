"""What an administrator may do to what runs. Each asks for a reason where it can't be undone."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug import Response

from engine import incidents, instances
from engine.commands import CommandFailed
from engine.errors import FieldError, Refusal, Stale
from engine.tables import Incident
from web import security, transactions
from web.current import actor, engine
from web.monitoring import blueprint, causes, headings, instance
from web.permissions import Permission, permission
from web.texts import gettext as _
from web.texts import ngettext

ADMINISTRATOR = Permission.ADMINISTRATOR


@blueprint.post("/fel/<incident_id>/forsok")
@permission(ADMINISTRATOR)
def retry(incident_id: str) -> Response:
    """Do what failed once more; the incident is resolved if it works."""
    try:
        found = _retry(incident_id)
    except (CommandFailed, Refusal) as failure:
        flash(_failed_again(incident_id, failure), "danger")
    else:
        flash(_again() if found.job_id else _went_well(), "success")
    back = security.safe_next(request.form.get("back"))
    return redirect(back or url_for("monitoring.index"))


@blueprint.post("/orsak/<key>/forsok")
@permission(ADMINISTRATOR)
def retry_all(key: str) -> Response:
    """Every incident of one cause, each in a transaction of its own."""
    ids = [incident.id for incident in causes.get(transactions.reading(), key).incidents]
    mended = sum(_mends(incident_id) for incident_id in ids)
    left = len(ids) - mended
    said = ngettext("%(num)s försöks igen nu.", "%(num)s försöks igen nu.", mended)
    if left:
        said += " " + ngettext("%(num)s står kvar.", "%(num)s står kvar.", left)
    flash(said, "warning" if left else "success")
    return redirect(url_for("monitoring.index"))


@blueprint.post("/floden/<instance_id>/avbryt")
@permission(ADMINISTRATOR)
def cancel(instance_id: str) -> ResponseReturnValue:
    instance.require_visible(transactions.reading(), instance_id)
    reason = request.form.get("reason", "").strip()
    if not reason:
        missing = _("Skriv varför flödet avbryts. Det står sedan i loggen.")
        return instance.page(instance_id, [FieldError(field="reason", message=missing)]), 422

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


def _retry(incident_id: str) -> Incident:
    """A new failure belongs to the same flow, and is as secret as its case."""
    instance_id = incidents.get(transactions.reading(), incident_id).instance_id
    return transactions.perform(
        lambda session: incidents.retry(session, engine(), incident_id, actor()),
        instance_id=instance_id,
    )


def _mends(incident_id: str) -> bool:
    try:
        _retry(incident_id)
    except Stale:  # somebody else just did
        return True
    except (CommandFailed, Refusal):
        return False
    return True


def _failed_again(incident_id: str, failure: Exception) -> str:
    """Why, unless that could tell of a case that the reader may not know of."""
    session = transactions.reading()
    instance_id = incidents.get(session, incident_id).instance_id
    if instance_id and headings.is_hidden(session, instance_id):
        return _("Det gick inte den här gången heller. Felet står kvar.")
    return _("Det gick inte den här gången heller: %(why)s", why=failure)


def _failed(incident_id: str, failure: CommandFailed) -> str:
    """Of a secret case nothing is told: what failed may hold its words."""
    session = transactions.reading()
    instance_id = incidents.get(session, incident_id).instance_id
    if instance_id and headings.is_hidden(session, instance_id):
        return _("Det gick inte den här gången heller. Inget har ändrats.")
    return _("Det gick inte den här gången heller: %(why)s", why=failure)


def _went_well() -> str:
    return _("Det gick bra den här gången. Flödet går vidare.")


def _again() -> str:
    return _("Försöket görs om nu. Misslyckas det igen kommer felet tillbaka hit.")
