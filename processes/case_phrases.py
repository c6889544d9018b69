"""How each kind of event in a case is said in Swedish. None: nothing worth saying."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.host import SYSTEM_ACTOR
from engine.tables import EventLog
from engine.texts import gettext as _
from processes.case_events import CaseEvent
from processes.cases.tables import CaseStatus
from processes.records.tables import Record


@dataclass(frozen=True, kw_only=True)
class Words:
    """What sentences are made of, looked up once for the whole history."""

    names: Mapping[str, str]  # user id: name
    records: Mapping[str, Record]  # those the reader may see
    tasks: Mapping[tuple[str, str], str]  # human tasks: (process, element): name

    def name(self, user_id: str | None) -> str:
        if user_id is None:
            return _("ingen")
        return _("Ärendegång") if user_id == SYSTEM_ACTOR else self.names.get(user_id, user_id)

    def who(self, row: EventLog) -> str:
        name = self.name(row.actor)
        if row.on_behalf_of is None:
            return name
        return _("%(name)s, för %(absent)s,", name=name, absent=self.name(row.on_behalf_of))

    def record(self, row: EventLog) -> str | None:
        """How the row's record is named; None when it is hidden from the reader."""
        record = self.records.get(row.detail.get("record", ""))
        if record is None:
            return None
        return f"{record.designation} {record.subject}".strip()


Phrase = Callable[[EventLog, Words], str | None]


def listed(parts: list[str]) -> str:
    """ "HSN, RS och RF"."""
    if len(parts) < 2:
        return "".join(parts)
    return _("%(first)s och %(last)s", first=", ".join(parts[:-1]), last=parts[-1])


def _registered(row: EventLog, words: Words) -> str:
    return _(
        "%(who)s registrerade ärendet som %(number)s.",
        who=words.who(row),
        number=row.business_key,
    )


def _alias_added(row: EventLog, words: Words) -> str:
    return _(
        "%(who)s registrerade ärendet även som %(number)s.",
        who=words.who(row),
        number=row.detail["number"],
    )


def _allocated(row: EventLog, words: Words) -> str:
    return _(
        "%(who)s fördelade ärendet till %(officer)s.",
        who=words.who(row),
        officer=words.name(row.detail["officer"]),
    )


def _officer_changed(row: EventLog, words: Words) -> str:
    text = _(
        "%(who)s bytte handläggare från %(before)s till %(after)s.",
        who=words.who(row),
        before=words.name(row.detail["before"]),
        after=words.name(row.detail["after"]),
    )
    return _with_reason(text, row)


def _co_officers_changed(row: EventLog, words: Words) -> str:
    officers = [words.name(officer) for officer in row.detail["after"]]
    if not officers:
        return _("%(who)s tog bort medhandläggarna.", who=words.who(row))
    return _(
        "%(who)s satte %(officers)s som medhandläggare.",
        who=words.who(row),
        officers=listed(officers),
    )


def _member_added(row: EventLog, words: Words) -> str:
    return _(
        "%(who)s gav %(member)s tillgång till ärendet.",
        who=words.who(row),
        member=words.name(row.detail["member"]),
    )


def _member_removed(row: EventLog, words: Words) -> str:
    return _(
        "%(who)s tog bort tillgången till ärendet för %(member)s.",
        who=words.who(row),
        member=words.name(row.detail["member"]),
    )


FIELDS = {
    "heading": "ärendemeningen",
    "public_heading": "den offentliga ärendemeningen",
    "kind": "ärendets slag",
    "initiator": "vem som väckt ärendet",
    "classification": "klassificeringen",
    "received_on": "dagen då ärendet kom in",
    "responsible_manager": "ansvarig chef",
    "ready_by_on": "när handläggningen ska vara klar",
    "decide_by_on": "när beslutet ska fattas",
    "significant": "ärendets betydelse",
    "direction": "om handlingen är inkommen, utgående eller upprättad",
    "dated_on": "handlingens dag",
    "sender": "avsändaren",
    "recipient": "mottagaren",
    "subject": "vad handlingen rör",
    "public_subject": "den offentliga beskrivningen",
}


def _changed(row: EventLog, words: Words) -> str:
    fields = [_(FIELDS.get(field, field)) for field in row.detail["after"]]
    return _("%(who)s ändrade %(fields)s.", who=words.who(row), fields=listed(fields))


def _path_changed(row: EventLog, words: Words) -> str:
    path = listed(row.detail["after"])
    return _("%(who)s ändrade beslutsvägen till %(path)s.", who=words.who(row), path=path)


def _moved_on(row: EventLog, _words: Words) -> str:
    return _(
        "Ärendet gick vidare från %(before)s till %(after)s.",
        before=row.detail["before"],
        after=row.detail["after"],
    )


_STATUSES = {
    CaseStatus.READY: "Ärendet blev klart för beslut.",
    CaseStatus.ATTESTED: "Protokollet justerades.",
    CaseStatus.DISPATCHED: "Beslutet expedierades.",
    CaseStatus.CLOSED: "Ärendet avslutades.",
    CaseStatus.ARCHIVED: "Ärendet arkiverades.",
    CaseStatus.WRITTEN_OFF: "Ärendet skrevs av.",
}


def _status_changed(row: EventLog, _words: Words) -> str | None:
    text = _STATUSES.get(row.detail["after"])
    return _(text) if text else None


_OUTCOMES = {
    "avgjort": "%(by)s beslutade i ärendet%(item)s.",
    "vidare": "%(by)s lade fram sitt förslag%(item)s.",
    "aterremiss": "%(by)s återremitterade ärendet%(item)s.",
    "bordlaggning": "%(by)s bordlade ärendet%(item)s.",
    "utgar": "%(by)s lät ärendet utgå%(item)s.",
}


def _decided(row: EventLog, words: Words) -> str:
    text = _OUTCOMES.get(row.detail.get("outcome", ""), _OUTCOMES["avgjort"])
    item = row.detail.get("item_number")
    return _(text, by=words.name(row.detail["by"]), item=f", {item}" if item else "")


def _withdrawn(row: EventLog, words: Words) -> str:
    text = _("%(who)s antecknade att ärendet är återkallat.", who=words.who(row))
    return _with_reason(text, row)


def _secrecy_set(row: EventLog, words: Words) -> str | None:
    thing = words.record(row) if "record" in row.detail else _("ärendet")
    if thing is None:
        return None
    return _(
        "%(who)s sekretessmarkerade %(thing)s enligt %(ground)s.",
        who=words.who(row),
        thing=thing,
        ground=row.detail["after"],
    )


def _secrecy_lifted(row: EventLog, words: Words) -> str | None:
    thing = words.record(row) if "record" in row.detail else _("ärendet")
    if thing is None:
        return None
    text = _("%(who)s hävde sekretessmarkeringen av %(thing)s.", who=words.who(row), thing=thing)
    return _with_reason(text, row)


def _about_record(sentence: str) -> Phrase:
    def phrase(row: EventLog, words: Words) -> str | None:
        record = words.record(row)
        if record is None:
            return None
        return _with_reason(_(sentence, who=words.who(row), record=record), row)

    return phrase


def _record_added(row: EventLog, words: Words) -> str | None:
    """Said only of working material: what is registered at once is told as registered."""
    record = words.records.get(row.detail["record"])
    if record is None or record.registered:
        return None
    return _about_record("%(who)s lade till arbetsmaterialet %(record)s.")(row, words)


def _task_completed(row: EventLog, words: Words) -> str:
    return _("%(who)s gjorde klart %(task)s.", who=words.who(row), task=_task(row, words))


def _task_claimed(row: EventLog, words: Words) -> str:
    return _("%(who)s tog uppgiften %(task)s.", who=words.who(row), task=_task(row, words))


def _task_delegated(row: EventLog, words: Words) -> str:
    return _(
        "%(who)s lämnade över %(task)s till %(to)s.",
        who=words.who(row),
        task=_task(row, words),
        to=words.name(row.detail.get("to")),
    )


def _timer_fired(row: EventLog, _words: Words) -> str | None:
    return _("Tiden gick ut: %(name)s.", name=row.name) if row.name else None


def _instance_cancelled(row: EventLog, words: Words) -> str:
    return _with_reason(_("%(who)s avbröt ärendets flöde.", who=words.who(row)), row)


def _task(row: EventLog, words: Words) -> str:
    return row.name or words.tasks.get((row.process_key or "", row.element or ""), "uppgiften")


def _with_reason(text: str, row: EventLog) -> str:
    reason = str(row.detail.get("reason") or "").strip().rstrip(".")
    return f"{text[:-1]}: {reason}." if reason else text


PHRASES: Mapping[str, Phrase] = {
    CaseEvent.REGISTERED: _registered,
    CaseEvent.ALIAS_ADDED: _alias_added,
    CaseEvent.ALLOCATED: _allocated,
    CaseEvent.OFFICER_CHANGED: _officer_changed,
    CaseEvent.CO_OFFICERS_CHANGED: _co_officers_changed,
    CaseEvent.MEMBER_ADDED: _member_added,
    CaseEvent.MEMBER_REMOVED: _member_removed,
    CaseEvent.CHANGED: _changed,
    CaseEvent.PATH_CHANGED: _path_changed,
    CaseEvent.MOVED_ON: _moved_on,
    CaseEvent.STATUS_CHANGED: _status_changed,
    CaseEvent.DECIDED: _decided,
    CaseEvent.WITHDRAWN: _withdrawn,
    CaseEvent.SECRECY_SET: _secrecy_set,
    CaseEvent.SECRECY_LIFTED: _secrecy_lifted,
    CaseEvent.RECORD_ADDED: _record_added,
    CaseEvent.RECORD_REGISTERED: _about_record("%(who)s registrerade %(record)s."),
    CaseEvent.RECORD_CORRECTED: _about_record("%(who)s rättade %(record)s."),
    CaseEvent.RECORD_ANNULLED: _about_record("%(who)s makulerade %(record)s."),
    CaseEvent.FILE_ADDED: _about_record("%(who)s lade till filer i %(record)s."),
    "element_completed": _task_completed,
    "task_claimed": _task_claimed,
    "task_delegated": _task_delegated,
    "timer_fired": _timer_fired,
    "instance_cancelled": _instance_cancelled,
}
