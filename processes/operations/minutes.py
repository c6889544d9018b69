"""Operations on the minutes (A36–A39): drawn up, attested, posted, taken down, legal force."""

from __future__ import annotations

from datetime import date

from engine.errors import Invalid
from engine.host import OperationCall
from engine.texts import gettext as _
from engine.texts import untranslated
from processes import accounts, agenda, appeals, letters, mail, meetings, minutes
from processes import role_resolution as roles
from processes.agenda import AgendaItem
from processes.cases import CaseStatus
from processes.deadline_words import short_day
from processes.operations import days
from processes.operations.consultation import public_url
from processes.operations.meeting import (
    ROWS,
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
# Where the diagram keeps whom each attesting task is for.
ATTESTS, ATTESTS_AT_ONCE = "justerar", "justerar_genast"


@operations.inside("uppratta_protokoll", "Registrera protokollet")
def draw_up(call: OperationCall) -> None:
    meeting = meeting_of(call)
    drawn_up = days.stated(call, "upprattat", not_before=meeting.on)
    minutes.of(call.session, meeting.id).drawn_up_on = drawn_up


@operations.inside("justera_omedelbart", "Justera paragrafer omedelbart")
def attest_at_once(call: OperationCall) -> None:
    """A36b: paragraphs that could not wait for the minutes, when all who attest have done so."""
    kept, on = minutes.of(call.session, meeting_id(call)), local_date(call.now)
    person = _attesting(call, ATTESTS_AT_ONCE)
    minutes.attest(kept, person, by=call.actor.id, on=on, immediate=True)
    if minutes.outstanding(kept, immediate=True):
        return
    for item in _immediate(call):
        item.attested_on = on
        advance(call, item.case_number, CaseStatus.ATTESTED)


@operations.inside("ansla_omedelbart", "Anslå omedelbart justerade paragrafer")
def post_at_once(call: OperationCall) -> None:
    """Appeal time for these paragraphs runs from their own notice (KL 8:12, 13:5)."""
    items = _immediate(call)
    attested = max((item.attested_on for item in items if item.attested_on), default=None)
    on = _posted(call, attested or meeting_of(call).on)
    ends_on = meetings.appeal_ends_on(_appeal_runs_from(call, on))
    for item in items:
        item.posted_on = on
        item.appeal_ends_on = ends_on if item.appealable else None


@operations.inside("justera_protokoll", "Justera protokollet")
def attest(call: OperationCall) -> None:
    """A37: each for themselves; the last one's word makes the minutes attested, or hands over."""
    kept, today = minutes.of(call.session, meeting_id(call)), local_date(call.now)
    minutes.attest(
        kept,
        _attesting(call, ATTESTS),
        by=call.actor.id,
        on=today,
        agrees=call.answers["utfall"] != HANDED_OVER,
        view=call.answers.get("skiljaktig_mening") or "",
    )
    if minutes.outstanding(kept):
        return
    minutes.conclude(kept)
    if not kept.handed_over:
        _attested(call, today)


def _attesting(call: OperationCall, item: str) -> str:
    """KL 5:69: whom the meeting chose, or who stands in for them; in no other's name."""
    person = str(call.scope.data[item]["person"])
    if person not in (call.actor.id, call.actor.on_behalf_of):
        name = accounts.names(call.session, [person]).get(person, person)
        raise Invalid.field("", _("Bara %(name)s själv kan justera här.", name=name))
    return person


@operations.inside("justera_vid_nasta", "Justera vid nästa sammanträde")
def attest_at_next(call: OperationCall) -> None:
    """The body itself attested what its attesters could not agree on."""
    meeting = meeting_of(call)
    kept = minutes.of(call.session, meeting.id)
    kept.attested_by = untranslated("Organet, %(paragraph)s", paragraph=call.answers["paragraf"])
    _attested(call, days.stated(call, "justerat", not_before=meeting.on))


def _attested(call: OperationCall, on: date) -> None:
    meeting = meeting_of(call)
    meeting.attested_on = on
    happened(call, meeting, "meeting_attested", on)
    for item in agenda.treated(call.session, meeting.id):
        item.attested_on = item.attested_on or on
        advance(call, item.case_number, CaseStatus.ATTESTED)


@operations.inside("paminn_justerare", "Påminn justerarna")
def remind_attesters(call: OperationCall) -> None:
    """Two days are left of the fourteen (KL 5:69): for attesters and secretary."""
    meeting = meeting_of(call)
    organ = organ_of(call, meeting)
    letter = letters.to_attest(
        organ.name, meeting.on, meetings.attest_by(meeting), public_url=public_url(call)
    )
    waiting = minutes.outstanding(minutes.of(call.session, meeting.id))
    secretaries = roles.holders(call.session, "Sekreterare", call.scope, local_date(call.now))
    for person in dict.fromkeys([*waiting, *(user.id for user in secretaries)]):
        mail.tell(call.session, call.engine, person, letter)


@operations.inside("ansla_protokoll", "Anslå protokollet")
def post(call: OperationCall) -> None:
    """A38: the notice is up, and the time to appeal begins to run."""
    meeting = meeting_of(call)
    assert meeting.attested_on is not None, "posted after it was attested"
    on = _posted(call, meeting.attested_on)
    minutes.of(call.session, meeting.id).kept_at = call.answers["finns"]
    meeting.posted_on, meeting.appeal_from_on = on, _appeal_runs_from(call, on)
    meeting.appeal_ends_on = meetings.appeal_ends_on(meeting.appeal_from_on)
    happened(call, meeting, "meeting_posted", on)
    for item in agenda.treated(call.session, meeting.id):
        item.posted_on = item.posted_on or on  # some were attested and posted at once
    for decision in appeals.of_meeting(call.session, meeting.id):
        decision.posted_on = decision.posted_on or on
        decision.appeal_ends_on = decision.appeal_ends_on or meeting.appeal_ends_on


def _appeal_runs_from(call: OperationCall, posted_on: date) -> date:
    """KL 13:5: for a joint body from the last of its members' notice boards."""
    if not organ_of(call, meeting_of(call)).joint:
        return posted_on
    if not call.answers.get("sista_anslaget"):
        text = _("Skriv när protokollet anslogs hos den sista medlemmen (KL 13 kap. 5 §).")
        raise Invalid.field("sista_anslaget", text)
    return days.stated(call, "sista_anslaget", not_before=posted_on)


def _posted(call: OperationCall, attested_on: date) -> date:
    on = days.stated(call, "anslaget", not_before=attested_on)
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
    on = days.stated(call, "nedtaget")
    if on <= meeting.appeal_ends_on:
        raise Invalid.field(
            "nedtaget",
            _(
                "Anslaget ska sitta uppe till och med %(last)s.",
                last=short_day(meeting.appeal_ends_on),
            ),
        )
    meeting.taken_down_on = on
    happened(call, meeting, "meeting_taken_down", on)


@operations.inside("bekrafta_laga_kraft", "Bekräfta laga kraft")
def confirm_legal_force(call: OperationCall) -> None:
    """A39: what nobody appealed has legal force from the day its time had ended."""
    meeting = meeting_of(call)
    for decision, row in judged(call, appeals.of_meeting(call.session, meeting.id)):
        appeals.confirm(call.session, decision, appealed=bool(row.get("overklagat")))
    if not appeals.unsettled(call.session, meeting.id):
        assert meeting.appeal_ends_on is not None, "the timer before hangs on it"
        meeting.legal_force_on = meeting.appeal_ends_on
        happened(call, meeting, "meeting_legal_force", meeting.legal_force_on)


@operations.inside("avsluta_overklagande", "Registrera domstolens avgörande")
def conclude_appeals(call: OperationCall) -> None:
    """The court settles them one by one: whatever row is left empty is followed further."""
    meeting = meeting_of(call)
    rows = judged(call, appeals.unsettled(call.session, meeting.id))
    if not any(row.get("utgang") for _decision, row in rows):
        raise Invalid.field(ROWS, _("Skriv utgången för minst ett av besluten."))
    places = [str(row["dnr"]) for row in call.answers[ROWS]]
    for decision, row in rows:
        if not row.get("utgang"):
            continue
        field = f"{ROWS}.{places.index(decision.case_number)}.avgorande"
        settled_on = days.checked(call, row["avgorande"], field, not_before=decision.appeal_ends_on)
        appeals.settle(call.session, decision, row["utgang"], on=settled_on)
        meeting.legal_force_on = max(meeting.legal_force_on or settled_on, settled_on)
        happened(call, meeting, "meeting_legal_force", meeting.legal_force_on)


def _immediate(call: OperationCall) -> list[AgendaItem]:
    return [item for item in agenda.treated(call.session, meeting_id(call)) if item.immediate]
