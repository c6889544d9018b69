"""Operations on the minutes (A36–A39): drawn up, attested, posted, taken down, legal force."""

from __future__ import annotations

from datetime import date

from engine.errors import Invalid
from engine.host import OperationCall
from engine.texts import gettext as _
from processes import agenda, cases, delegation, mail, meetings, minutes, organisation
from processes.agenda import AgendaItem
from processes.cases import CaseStatus
from processes.mail import Letter
from processes.operations.meeting import (
    advance,
    happened,
    judged,
    meeting_id,
    meeting_of,
    organ_of,
)
from processes.operations.registry import Operations
from processes.swedish_calendar import local_date

operations = Operations()

HANDED_OVER = "overlamnas"
QUASHED = "upphavt"


@operations.inside("uppratta_protokoll", "Registrera protokollet")
def draw_up(call: OperationCall) -> None:
    meeting = meeting_of(call)
    drawn_up = _day(call, "upprattat", not_before=meeting.on)
    minutes.of(call.session, meeting.id).drawn_up_on = drawn_up


@operations.inside("justera_omedelbart", "Justera paragrafer omedelbart")
def attest_at_once(call: OperationCall) -> None:
    """A36b: paragraphs that could not wait for the minutes."""
    meeting = meeting_of(call)
    on = _day(call, "justerat", not_before=meeting.on)
    for item, _row in judged(call, _immediate(call)):
        item.attested_on = on
        advance(call, item.case_number, CaseStatus.ATTESTED)


@operations.inside("ansla_omedelbart", "Anslå omedelbart justerade paragrafer")
def post_at_once(call: OperationCall) -> None:
    """Appeal time for these paragraphs runs from their own notice (KL 8:12, 13:5)."""
    items = _immediate(call)
    attested = max((item.attested_on for item in items if item.attested_on), default=None)
    on = _posted(call, attested or meeting_of(call).on)
    for item in items:
        item.posted_on = on
        item.appeal_ends_on = meetings.appeal_ends_on(on) if item.appealable else None


@operations.inside("justera_protokoll", "Justera protokollet")
def attest(call: OperationCall) -> None:
    """A37: the chair and the attesters agree, note a differing view or hand over."""
    kept = minutes.of(call.session, meeting_id(call))
    kept.differing_view = call.answers.get("skiljaktig_mening") or ""
    kept.handed_over = call.answers["utfall"] == HANDED_OVER
    if not kept.handed_over:
        kept.attested_by = call.answers["justerat_av"]
        _attested(call)


@operations.inside("justera_vid_nasta", "Justera vid nästa sammanträde")
def attest_at_next(call: OperationCall) -> None:
    """The body itself attested what its attesters could not agree on."""
    kept = minutes.of(call.session, meeting_id(call))
    kept.attested_by = _("Organet, %(paragraph)s", paragraph=call.answers["paragraf"])
    _attested(call)


def _attested(call: OperationCall) -> None:
    meeting = meeting_of(call)
    meeting.attested_on = _day(call, "justerat", not_before=meeting.on)
    happened(call, meeting, "meeting_attested", meeting.attested_on)
    for item in agenda.treated(call.session, meeting.id):
        item.attested_on = item.attested_on or meeting.attested_on
        advance(call, item.case_number, CaseStatus.ATTESTED)


@operations.inside("paminn_justerare", "Påminn justerarna")
def remind_attesters(call: OperationCall) -> None:
    """Two days are left of the fourteen (KL 5:69)."""
    meeting = meeting_of(call)
    organ = organ_of(call, meeting)
    letter = Letter(
        subject=_("Protokollet från %(on)s väntar på justering", on=meeting.on),
        body=_(
            "Protokollet från %(organ)s sammanträde %(on)s ska vara justerat senast %(last)s.",
            organ=organ.name,
            on=meeting.on,
            last=meetings.attest_by(meeting),
        ),
    )
    today = local_date(call.now)
    for role in ("Justerare", "Sekreterare"):
        for user in organisation.holders(call.session, role, organ.code, today):
            mail.tell(call.session, call.engine, user.id, letter)


@operations.inside("ansla_protokoll", "Anslå protokollet")
def post(call: OperationCall) -> None:
    """A38: the notice is up, and the time to appeal begins to run."""
    meeting = meeting_of(call)
    assert meeting.attested_on is not None, "posted after it was attested"
    on = _posted(call, meeting.attested_on)
    minutes.of(call.session, meeting.id).kept_at = call.answers["finns"]
    meeting.posted_on = on
    meeting.appeal_ends_on = meetings.appeal_ends_on(on)
    happened(call, meeting, "meeting_posted", on)
    for item in agenda.treated(call.session, meeting.id):
        if item.posted_on is None:
            item.posted_on = on
            item.appeal_ends_on = meeting.appeal_ends_on if item.appealable else None
    for decision in delegation.appealable_reports(call.session, meeting.id):
        decision.posted_on = on


def _posted(call: OperationCall, attested_on: date) -> date:
    on = _day(call, "anslaget", not_before=attested_on)
    reason = call.answers.get("sen_orsak") or ""
    if on > meetings.post_by(attested_on) and not reason:
        raise Invalid.field(
            "sen_orsak",
            _("Anslaget ska upp senast andra dagen efter justeringen. Skriv varför det är sent."),
        )
    kept = minutes.of(call.session, meeting_id(call))
    kept.posted_late_reason = reason or kept.posted_late_reason
    return on


@operations.inside("ta_ned_anslag", "Ta ned anslaget")
def take_down(call: OperationCall) -> None:
    """The day after the time has ended, never before: else it never runs out (KL 13:5)."""
    meeting = meeting_of(call)
    assert meeting.appeal_ends_on is not None, "the timer before hangs on it"
    on = _day(call, "nedtaget")
    if on <= meeting.appeal_ends_on:
        raise Invalid.field(
            "nedtaget",
            _("Anslaget ska sitta uppe till och med %(last)s.", last=meeting.appeal_ends_on),
        )
    meeting.taken_down_on = on
    happened(call, meeting, "meeting_taken_down", on)


@operations.inside("bekrafta_laga_kraft", "Bekräfta laga kraft")
def confirm_legal_force(call: OperationCall) -> None:
    """A39: what nobody appealed has legal force from the day its time had ended."""
    meeting = meeting_of(call)
    appealable = [item for item in agenda.treated(call.session, meeting.id) if item.appealable]
    for item, row in judged(call, appealable):
        item.appealed = bool(row.get("overklagat"))
        if not item.appealed:
            assert item.appeal_ends_on is not None, "set when the notice was posted"
            _give_legal_force(call, item, item.appeal_ends_on)
    for decision in delegation.appealable_reports(call.session, meeting.id):
        decision.legal_force_on = meeting.appeal_ends_on
        cases.get(call.session, decision.case_number).legal_force_on = meeting.appeal_ends_on
    if not any(item.appealed for item in appealable):
        assert meeting.appeal_ends_on is not None, "the timer before hangs on it"
        meeting.legal_force_on = meeting.appeal_ends_on
        happened(call, meeting, "meeting_legal_force", meeting.legal_force_on)


@operations.inside("avsluta_overklagande", "Registrera domstolens avgörande")
def conclude_appeals(call: OperationCall) -> None:
    """The court quashes a decision or lets it stand, nothing else (KL 13:8–9)."""
    meeting = meeting_of(call)
    treated = agenda.treated(call.session, meeting.id)
    appealed = [item for item in treated if item.appealed and not item.appeal_result]
    for item, row in judged(call, appealed):
        item.appeal_result = row["utgang"]
        item.quashed = row["utgang"] == QUASHED
        settled_on = date.fromisoformat(row["avgorande"])
        if not item.quashed:
            _give_legal_force(call, item, settled_on)
        meeting.legal_force_on = max(meeting.legal_force_on or settled_on, settled_on)
        happened(call, meeting, "meeting_legal_force", meeting.legal_force_on)


def _give_legal_force(call: OperationCall, item: AgendaItem, on: date) -> None:
    item.legal_force_on = on
    cases.get(call.session, item.case_number).legal_force_on = on


def _immediate(call: OperationCall) -> list[AgendaItem]:
    return [item for item in agenda.treated(call.session, meeting_id(call)) if item.immediate]


def _day(call: OperationCall, name: str, *, not_before: date | None = None) -> date:
    day = date.fromisoformat(call.answers[name])
    if day > local_date(call.now):
        raise Invalid.field(name, _("Dagen kan inte ligga i framtiden."))
    if not_before is not None and day < not_before:
        raise Invalid.field(name, _("Dagen kan inte ligga före %(first)s.", first=not_before))
    return day
