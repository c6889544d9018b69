"""One instance: what it waits for, the button, the diagram, the log."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from engine import deployments, history, instances
from engine.spiff import SpecSet
from engine.tables import Instance, InstanceStatus
from processes import access
from web import transactions
from web.current import engine, now, user
from web.monitoring import blueprint, headings, log_words, views
from web.permissions import Permission, permission
from web.texts import gettext as _


@dataclass(frozen=True, kw_only=True)
class Picture:
    key: str
    name: str
    data: dict[str, object]
    active: bool


@blueprint.get("/floden/<instance_id>")
@permission(Permission.ADMINISTRATOR)
def show(instance_id: str) -> str:
    session = transactions.reading()
    found = instances.view(session, engine(), instance_id)
    heading = headings.of(session, found.instance)
    log = history.of_instance(session, instance_id, cursor=request.args.get("fran") or None)
    return render_template(
        "monitoring/instance.html",
        title=heading,
        crumbs=[(_("Drift"), url_for("monitoring.index")), (heading, "")],
        found=found,
        instance=found.instance,
        version=deployments.get(session, found.instance.process_version_id),
        status=views.STATUS_WORDS[InstanceStatus(found.instance.status)](),
        pictures=_pictures(session, found.instance),
        answers=found.data if _may_see_content(session, found.instance) else None,
        log=[log_words.row(entry) for entry in log.items],
        next_address=_log_address(instance_id, log.next) if log.next else "",
        first_address=_log_address(instance_id, None) if request.args.get("fran") else "",
    )


def _pictures(session: Session, instance: Instance) -> list[Picture]:
    """The instance's own diagram first, then the called ones that it has been in."""
    specs = engine().specs_of(session, instance.process_version_id)
    version = deployments.get(session, instance.process_version_id)
    states = instances.element_states(session, instance.id)
    keys = [instance.process_key]
    keys += [key for key, _element in states if key not in keys]
    keys = list(dict.fromkeys(keys))
    pictures = []
    for key in keys:
        here = {element: str(state) for (at, element), state in states.items() if at == key}
        pictures.append(
            Picture(
                key=key,
                name=_name(specs, key),
                data={"xml": deployments.bpmn_of(version, key), "states": here},
                active=any(state in {"here", "fault"} for state in here.values()),
            )
        )
    return pictures


def _name(specs: SpecSet, key: str) -> str:
    return specs.process_names.get(key, key)


def _may_see_content(session: Session, instance: Instance) -> bool:
    reader = access.reader(session, user().id, now())
    return access.may_see_key(session, reader, instance.business_key)


def _log_address(instance_id: str, cursor: str | None) -> str:
    return url_for("monitoring.show", instance_id=instance_id, fran=cursor) + "#logg"
