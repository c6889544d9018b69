from __future__ import annotations

from typing import Any

from flask import render_template, request
from sqlalchemy.orm import Session

from web import transactions
from web.current import now, user
from web.inbox import blueprint, coming
from web.inbox.listing import listing
from web.inbox.selection import Selection
from web.monitoring.views import open_causes
from web.permissions import Permission, permission
from web.reader import reader


@blueprint.get("/inkorg")
@permission(Permission.STAFF)
def show() -> str:
    session = transactions.reading()
    selection = Selection.of(request.args)
    shown = listing(session, reader(), selection)
    return render_template(
        "inbox/show.html",
        inbox=shown,
        selection=selection,
        now=now(),
        has_role=bool(reader().candidates),
        may_register=bool(reader().registries),
        **(_instead(session) if shown.is_empty else {}),
    )


def _instead(session: Session) -> dict[str, Any]:
    """Where to go, and what will come, when nothing waits."""
    return {
        "coming": coming.next_known(session, reader()),
        "usual": coming.usual_tasks(session, reader()),
        "kept": coming.kept(session) if user().is_process_owner else None,
        "causes": open_causes() if user().is_administrator else None,
        "done": coming.done_lately(session, reader()),
    }
