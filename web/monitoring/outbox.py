"""The outbox: to whom the product has written, and whether it got there."""

from __future__ import annotations

from collections.abc import Callable

from flask import render_template, request, url_for

from processes import outbox as letters
from processes.outbox import MailStatus
from web import transactions
from web.monitoring import blueprint
from web.permissions import Permission, permission
from web.reader import reader
from web.subjects import case_address
from web.texts import gettext as _

STATUS_WORDS: dict[MailStatus, Callable[[], str]] = {
    MailStatus.SENT: lambda: _("Skickat"),
    MailStatus.WAITING: lambda: _("Väntar"),
    MailStatus.FAILED: lambda: _("Misslyckat"),
    MailStatus.NO_SERVER: lambda: _("Sparat här"),
    MailStatus.NO_ADDRESS: lambda: _("Sparat här: ingen e-postadress"),
}


@blueprint.get("/utkorg")
@permission(Permission.ADMINISTRATOR)
def outbox() -> str:
    cursor = request.args.get("fran") or None
    page = letters.latest(transactions.reading(), reader(), cursor=cursor)
    return render_template(
        "monitoring/outbox.html",
        title=_("Utkorg"),
        crumbs=[(_("Drift"), url_for("monitoring.index")), (_("Utkorg"), "")],
        items=page.items,
        no_server=any(mail.status == MailStatus.NO_SERVER for mail in page.items),
        case_address=case_address,
        status_words={status: words() for status, words in STATUS_WORDS.items()},
        next_address=url_for("monitoring.outbox", fran=page.next) if page.next else "",
        first_address=url_for("monitoring.outbox") if cursor else "",
    )
