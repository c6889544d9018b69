"""How each kind of event in a case is said in Swedish. None: nothing worth saying."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.host import SYSTEM_ACTOR
from engine.tables import EventLog
from engine.texts import gettext as _
from engine.texts import marked
from processes.case_events import CaseEvent
from processes.cases.tables import CaseStatus
from processes.organisation import candidate_label
from processes.records.tables import Record


@dataclass(frozen=True, kw_only=True)
class Words:
    """What sentences are made of, looked up once for the whole history."""

    names: Mapping[str, str]  # user id: name
    records: Mapping[str, Record]  # those the reader may see
    tasks: Mapping[tuple[str, str], str]  # human tasks: (process, element): name
    cases: frozenset[str]  # numbers of other cases that the reader may see

    def name(self, user_id: str | None) -> str:
        if user_id is None:
            return _("ingen")
        return _("Ärendegång") if user_id == SYSTEM_ACTOR else member_name(user_id, self.names)


Phrase = Callable[[EventLog, Words], str | None]

FIELDS = {
    "heading": marked("ärendemeningen"),
    "public_heading": marked("den offentliga ärendemeningen"),
    "kind": marked("ärendets slag"),
    "initiator": marked("vem som väckt ärendet"),
    "classification": marked("klassificeringen"),
    "received_on": marked("dagen då ärendet kom in"),
    "responsible_manager": marked("ansvarig chef"),
    "ready_by_on": marked("när handläggningen ska vara klar"),
    "decide_by_on": marked("när beslutet ska fattas"),
    "significant": marked("ärendets betydelse"),
}
_STATUSES = {
    CaseStatus.READY: marked("Ärendet blev klart för beslut."),
    CaseStatus.ATTESTED: marked("Protokollet justerades."),
    CaseStatus.DISPATCHED: marked("Beslutet expedierades."),
    CaseStatus.CLOSED: marked("Ärendet avslutades."),
    CaseStatus.ARCHIVED: marked("Ärendet arkiverades."),
    CaseStatus.WRITTEN_OFF: marked("Ärendet skrevs av."),
}
_OUTCOMES = {
    "avgjort": marked("%(by)s beslutade i ärendet%(item)s."),
    "vidare": marked("%(by)s lade fram sitt förslag%(item)s."),
    "aterremiss": marked("%(by)s återremitterade ärendet%(item)s."),
    "bordlaggning": marked("%(by)s bordlade ärendet%(item)s."),
    "utgar": marked("%(by)s lät ärendet utgå%(item)s."),
}


def member_name(member: str, names: Mapping[str, str]) -> str:
    """A person's name, or the group that a role with its scope is: "Sekreterare RS"."""
    role, at, scope = member.partition("@")
    if not at:
        return names.get(member, member)
    return candidate_label(role.replace("_", " ").capitalize(), scope)


def listed(parts: list[str]) -> str:
    """ "HSN, RS och RF"."""
    if len(parts) < 2:
        return "".join(parts)
    return _("%(first)s och %(last)s", first=", ".join(parts[:-1]), last=parts[-1])


def _says(text: str, **parts: Phrase) -> Phrase:
    """A sentence that begins with who did it; not said when a part of it can't be."""

    def phrase(row: EventLog, words: Words) -> str | None:
        said = {name: part(row, words) for name, part in parts.items()}
        if None in said.values():
            return None
        reason = str(row.detail.get("reason") or "").strip().rstrip(".")
        sentence = _(text, who=_who(row, words), **said)
        return f"{sentence[:-1]}: {reason}." if reason else sentence

    return phrase


def _who(row: EventLog, words: Words) -> str:
    name = words.name(row.actor)
    if row.on_behalf_of is None:
        return name
    return _("%(name)s, för %(absent)s,", name=name, absent=words.name(row.on_behalf_of))


def _detail(field: str) -> Phrase:
    return lambda row, _words: str(row.detail[field])


def _person(field: str) -> Phrase:
    return lambda row, words: words.name(row.detail.get(field))


def _people(field: str) -> Phrase:
    return lambda row, words: listed([words.name(each) for each in row.detail[field]]) or _("ingen")


def _codes(field: str) -> Phrase:
    return lambda row, _words: listed(row.detail[field])


def _number(row: EventLog, _words: Words) -> str | None:
    return row.business_key


def _fields(row: EventLog, _words: Words) -> str:
    return listed([_(FIELDS.get(field, field)) for field in row.detail["after"]])


def _task(row: EventLog, words: Words) -> str:
    return row.name or words.tasks.get((row.process_key or "", row.element or ""), _("uppgiften"))


def _record(row: EventLog, words: Words) -> str | None:
    """How the row's record is named; None when it is hidden from the reader."""
    record = words.records.get(row.detail.get("record", ""))
    return f"{record.designation} {record.subject}".strip() if record else None


def _other_case(row: EventLog, words: Words) -> str | None:
    """Its number, for those who may know that it is there."""
    number = str(row.detail["case"])
    return number if number in words.cases else None


def _case_or_record(row: EventLog, words: Words) -> str | None:
    return _record(row, words) if "record" in row.detail else _("ärendet")


def _working_material(row: EventLog, words: Words) -> str | None:
    """What is registered at once is told as registered."""
    record = words.records.get(row.detail["record"])
    return None if record is None or record.registered else record.subject


def _status_changed(row: EventLog, _words: Words) -> str | None:
    text = _STATUSES.get(row.detail["after"])
    return _(text) if text else None


def _decided(row: EventLog, words: Words) -> str:
    text = _OUTCOMES.get(row.detail.get("outcome", ""), _OUTCOMES["avgjort"])
    item = row.detail.get("item_number")
    return _(text, by=words.name(row.detail["by"]), item=f", {item}" if item else "")


def _timer_fired(row: EventLog, _words: Words) -> str | None:
    return _("Tiden gick ut: %(name)s.", name=row.name) if row.name else None


PHRASES: Mapping[str, Phrase] = {
    CaseEvent.REGISTERED: _says("%(who)s registrerade ärendet som %(number)s.", number=_number),
    CaseEvent.ALIAS_ADDED: _says(
        "%(who)s registrerade ärendet även som %(number)s.", number=_detail("number")
    ),
    CaseEvent.ALLOCATED: _says(
        "%(who)s fördelade ärendet till %(officer)s.", officer=_person("officer")
    ),
    CaseEvent.OFFICER_CHANGED: _says(
        "%(who)s bytte handläggare från %(before)s till %(after)s.",
        before=_person("before"),
        after=_person("after"),
    ),
    CaseEvent.CO_OFFICERS_CHANGED: _says(
        "%(who)s ändrade medhandläggare till %(officers)s.", officers=_people("after")
    ),
    CaseEvent.MEMBER_ADDED: _says(
        "%(who)s gav %(member)s tillgång till ärendet.", member=_person("member")
    ),
    CaseEvent.MEMBER_REMOVED: _says(
        "%(who)s tog bort tillgången till ärendet för %(member)s.", member=_person("member")
    ),
    CaseEvent.CHANGED: _says("%(who)s ändrade %(fields)s.", fields=_fields),
    CaseEvent.PATH_CHANGED: _says(
        "%(who)s ändrade beslutsvägen till %(path)s.", path=_codes("after")
    ),
    CaseEvent.MOVED_ON: _says(
        "Ärendet gick vidare från %(before)s till %(after)s.",
        before=_detail("before"),
        after=_detail("after"),
    ),
    CaseEvent.STATUS_CHANGED: _status_changed,
    CaseEvent.DECIDED: _decided,
    CaseEvent.REPORTED: _says(
        "Delegationsbeslutet anmäldes till %(to)s, %(item)s.",
        to=_detail("to"),
        item=_detail("item_number"),
    ),
    CaseEvent.RAISED: _says("%(who)s väckte ärende %(case)s ur det här.", case=_other_case),
    CaseEvent.RAISED_BY: _says("Ärendet väcktes ur ärende %(case)s.", case=_other_case),
    CaseEvent.WITHDRAWN: _says("%(who)s antecknade att ärendet är återkallat."),
    CaseEvent.SECRECY_SET: _says(
        "%(who)s sekretessmarkerade %(thing)s enligt %(ground)s.",
        thing=_case_or_record,
        ground=_detail("after"),
    ),
    CaseEvent.SECRECY_LIFTED: _says(
        "%(who)s hävde sekretessmarkeringen av %(thing)s.", thing=_case_or_record
    ),
    CaseEvent.RECORD_ADDED: _says(
        "%(who)s lade till arbetsmaterialet %(record)s.", record=_working_material
    ),
    CaseEvent.RECORD_REGISTERED: _says("%(who)s registrerade %(record)s.", record=_record),
    CaseEvent.RECORD_CORRECTED: _says("%(who)s rättade %(record)s.", record=_record),
    CaseEvent.RECORD_ANNULLED: _says("%(who)s makulerade %(record)s.", record=_record),
    CaseEvent.FILE_ADDED: _says("%(who)s lade till filer i %(record)s.", record=_record),
    "element_completed": _says("%(who)s gjorde klart %(task)s.", task=_task),
    "task_claimed": _says("%(who)s tog uppgiften %(task)s.", task=_task),
    "task_delegated": _says(
        "%(who)s lämnade över %(task)s till %(to)s.", task=_task, to=_person("to")
    ),
    "timer_fired": _timer_fired,
    "instance_cancelled": _says("%(who)s avbröt ärendets flöde."),
}
