from __future__ import annotations

from flask import render_template, request

from web import transactions
from web.current import now
from web.inbox import blueprint
from web.inbox.coming import done_lately, next_known
from web.inbox.listing import listing
from web.inbox.selection import Selection
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
        coming=next_known(session, reader()) if shown.is_empty else None,
        done=done_lately(session, reader()) if shown.is_empty else [],
    )
