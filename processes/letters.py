"""What the product writes to people. A secret case goes by its public heading here too."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy.orm import Session

from engine.tables import NO_DEADLINE, Task
from engine.texts import untranslated as _  # read by others than the one who caused it
from processes import accounts, case_dates, casework, organisation
from processes.cases.tables import Case, DecisionForm
from processes.consultations import Consultation
from processes.deadline_words import MONTHS, WEEKDAYS
from processes.mail import NO_CASE, Letter
from processes.meetings import Meeting
from processes.records.tables import Record
from processes.swedish_calendar import deadline_day, local_date, working_days_between


def allocated(session: Session, case: Case, *, public_url: str) -> Letter:
    """To the case officer at allocation: the facts that chapter 4 lists."""
    said = casework.said_at_allocation(session, case.number)
    lines = [
        _("Du är handläggare för ärende %(case)s.", case=_named(case)),
        "",
        _fact(_("Beslutas av"), _who_decides(session, case)),
        _fact(_("Beslut"), _decision_days(session, case)),
        _fact(_("Handläggningen ska vara klar senast"), _day_or_not_set(case.ready_by_on)),
        _fact(_("Föredragning"), _listed(_presentations(session, case)) or _("ingen bestämd")),
        _fact(_("Medhandläggare"), _people(session, case.co_officers) or _("ingen")),
        _fact(_("Ansvarig chef"), _people(session, [case.responsible_manager])),
        _fact(_("Från fördelaren"), "" if case.secret else said),
        *_end(case, public_url),
    ]
    return _letter(case, _("Nytt ärende till dig: %(case)s", case=_named(case)), lines)


def co_officer(session: Session, case: Case, *, public_url: str) -> Letter:
    lines = [
        _("Du är medhandläggare i ärende %(case)s.", case=_named(case)),
        "",
        _fact(_("Handläggare"), _people(session, [case.case_officer])),
        _fact(_("Beslutas av"), _who_decides(session, case)),
        _fact(_("Handläggningen ska vara klar senast"), _day_or_not_set(case.ready_by_on)),
        *_end(case, public_url),
    ]
    return _letter(case, _("Du är medhandläggare: %(case)s", case=_named(case)), lines)


def to_allocate(case: Case, *, allocate_by: date | None, public_url: str) -> Letter:
    """To whoever allocates: a case has been registered (A9)."""
    lines = [
        _("Ärende %(case)s är registrerat och ska fördelas.", case=_named(case)),
        "",
        _fact(_("Kom in"), long_day(case.received_on)),
        _fact(_("Från"), "" if case.secret else case.initiator),
        _fact(_("Fördelas senast"), long_day(allocate_by) if allocate_by else ""),
        *_end(case, public_url),
    ]
    return _letter(case, _("Ärende att fördela: %(case)s", case=_named(case)), lines)


def ready(session: Session, case: Case, *, public_url: str) -> Letter:
    """To the secretary: the case is ready to be decided (A26)."""
    lines = [
        _("Ärende %(case)s är klart för beslut.", case=_named(case)),
        "",
        _fact(_("Handläggare"), _people(session, [case.case_officer])),
        _fact(_("Beslutas av"), _who_decides(session, case)),
        _fact(_("Beslut"), _decision_days(session, case)),
        *_end(case, public_url),
    ]
    return _letter(case, _("Klart för beslut: %(case)s", case=_named(case)), lines)


def reminder(case: Case, task: Task, *, now: datetime, public_url: str) -> Letter:
    """A task is due, or already late."""
    due = "" if task.due_at == NO_DEADLINE else long_day(deadline_day(task.due_at))
    lines = [
        _("Uppgiften ”%(task)s” i ärende %(case)s väntar.", task=task.name, case=_named(case)),
        "",
        _fact(_("Ligger hos"), task.candidate_label),
        _fact(_("Skulle vara klar") if task.due_at < now else _("Klart senast"), due),
        _fact(_("Försenad"), _lateness(task, now)),
        *_end(case, public_url),
    ]
    return _letter(
        case, _("Påminnelse: %(task)s, %(number)s", task=task.name, number=case.number), lines
    )


def new_record(case: Case, record: Record, *, public_url: str) -> Letter:
    """To the case officer, who is to watch for what comes in (chapter 4)."""
    hidden = case.secret or record.secret
    lines = [
        _("En handling har kommit in i ärende %(case)s.", case=_named(case)),
        "",
        _fact(_("Handling"), record.public_subject if hidden else record.subject),
        _fact(_("Från"), "" if hidden else record.sender),
        _fact(_("Kom in"), long_day(record.dated_on)),
        *_end(case, public_url),
    ]
    return _letter(case, _("Ny handling i %(case)s", case=_named(case)), lines)


def withdrawn(case: Case, *, public_url: str) -> Letter:
    lines = [
        _("Ärende %(case)s är återkallat.", case=_named(case)),
        "",
        _fact(_("Skäl"), "" if case.secret else case.withdrawal_reason),
        *_end(case, public_url),
    ]
    return _letter(case, _("Återkallat: %(case)s", case=_named(case)), lines)


def consultation(case: Case, asked: Consultation, *, public_url: str) -> Letter:
    """To the one whose view is wanted (A18)."""
    lines = [
        _("Du tillfrågas i ärende %(case)s.", case=_named(case)),
        "",
        _fact(_("Fråga"), "" if case.secret else asked.question),
        _fact(_("Svar senast"), long_day(asked.reply_by_on)),
        *_end(case, public_url),
    ]
    return _letter(case, _("Du tillfrågas: %(case)s", case=_named(case)), lines)


def to_send(case: Case, asked: Consultation, *, public_url: str) -> Letter:
    """To the case officer: somebody outside is asked, and has no inbox here."""
    lines = [
        _("Skicka frågan i ärende %(case)s.", case=_named(case)),
        _("När svaret kommer skriver du in det i uppgiften Lämna svar."),
        "",
        _fact(_("Till"), asked.recipient),
        _fact(_("Fråga"), "" if case.secret else asked.question),
        _fact(_("Svar senast"), long_day(asked.reply_by_on)),
        *_end(case, public_url),
    ]
    return _letter(case, _("Att skicka: %(case)s", case=_named(case)), lines)


def consultation_late(case: Case, asked: Consultation, *, public_url: str) -> Letter:
    """To the one asked and to the case officer: the day of the reply has passed."""
    lines = [
        _("Svaret i ärende %(case)s har inte kommit.", case=_named(case)),
        "",
        _fact(_("Tillfrågad"), asked.recipient),
        _fact(_("Skulle ha kommit"), long_day(asked.reply_by_on)),
        *_end(case, public_url),
    ]
    return _letter(case, _("Svar saknas: %(case)s", case=_named(case)), lines)


def meeting_cancelled(session: Session, case: Case, *, public_url: str) -> Letter:
    lines = [
        _("Sammanträdet som skulle behandla ärende %(case)s är inställt.", case=_named(case)),
        _("Ärendet tas upp på nästa sammanträde."),
        "",
        _fact(_("Beslutas av"), _who_decides(session, case)),
        *_end(case, public_url),
    ]
    return _letter(case, _("Sammanträdet är inställt: %(case)s", case=_named(case)), lines)


def registered(case: Case, record: Record, *, public_url: str) -> Letter:
    """To whoever sent the record for registration (A19)."""
    lines = [
        _("Handlingen är diarieförd i ärende %(case)s.", case=_named(case)),
        "",
        _fact(_("Beteckning"), record.designation),
        *_end(case, public_url),
    ]
    return _letter(case, _("Diarieförd: %(designation)s", designation=record.designation), lines)


def changed(case: Case, comment: str, *, public_url: str) -> Letter:
    """To the secretary: the decided documents are as the organ wanted them (A44)."""
    lines = [
        _("Handläggaren har ändrat i handlingarna i ärende %(case)s.", case=_named(case)),
        _("De kan diarieföras."),
        "",
        _fact(_("Handläggaren skriver"), "" if case.secret else comment),
        *_end(case, public_url),
    ]
    return _letter(case, _("Ändrat och klart: %(case)s", case=_named(case)), lines)


def followed_up(case: Case, action: str, result: str, *, public_url: str) -> Letter:
    """To the secretary of an organ that wants to know what came of a decision (A43)."""
    lines = [
        _("En åtgärd i ärende %(case)s är uppföljd.", case=_named(case)),
        "",
        _fact(_("Åtgärd"), "" if case.secret else action),
        _fact(_("Resultat"), "" if case.secret else result),
        _("Ta upp det bland meddelandena på nästa sammanträde."),
        *_end(case, public_url),
    ]
    return _letter(case, _("Återrapport: %(case)s", case=_named(case)), lines)


def late_for_meeting(
    case: Case, on: date | None, reason: str, *, moved: bool, public_url: str
) -> Letter:
    """What the secretary decided of a case that was not ready on the submission day (A25)."""
    taken = _("Ärende %(case)s tas upp som extra ärende.", case=_named(case))
    lines = [
        _("Ärende %(case)s är flyttat.", case=_named(case)) if moved else taken,
        "",
        _fact(_("Sammanträde"), _day_or_not_set(on)),
        _fact(_("Skäl"), "" if case.secret else reason),
        *_end(case, public_url),
    ]
    subject = _("Flyttat: %(case)s") if moved else _("Extra ärende: %(case)s")
    return _letter(case, subject % {"case": _named(case)}, lines)


def to_attest(organ: str, held_on: date, last: date, *, public_url: str) -> Letter:
    """Two days are left to attest the minutes (A37)."""
    lines = [
        _(
            "Protokollet från sammanträdet %(day)s med %(organ)s väntar på justering.",
            day=long_day(held_on),
            organ=organ,
        ),
        "",
        _fact(_("Ska vara justerat senast"), long_day(last)),
        "",
        f"{public_url}/inkorg",
    ]
    return _letter(None, _("Protokoll att justera: %(organ)s", organ=organ), lines)


def to_managers(case: Case, text: str, *, public_url: str) -> Letter:
    """A42b: the message to the region's managers, in the words it was given."""
    heading = case.public_heading or case.heading
    return _letter(case, _("Beslut: %(heading)s", heading=heading), [text, *_end(case, public_url)])


def _listed(parts: list[str]) -> str:
    """ "HSN, RS och RF"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} och {parts[-1]}"


def long_day(day: date) -> str:
    """ "torsdag 12 februari 2026": a letter is read another year too."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def _letter(case: Case | None, subject: str, lines: Iterable[str]) -> Letter:
    """A letter about no case (None) is about a meeting, of which everybody may know."""
    kept = [line for line in lines if line != _EMPTY_FACT]
    about = case.number if case else NO_CASE
    return Letter(subject=subject, body="\n".join(kept) + "\n", about=about)


_EMPTY_FACT = "\0"  # a fact that isn't known takes no line


def _fact(label: str, value: str) -> str:
    return f"{label}: {value}" if value else _EMPTY_FACT


def _named(case: Case) -> str:
    return f"{case.number} {case.public_heading if case.secret else case.heading}"


def _end(case: Case, public_url: str) -> list[str]:
    return ["", f"{public_url}/arenden/{case.number}"]


def _who_decides(session: Session, case: Case) -> str:
    if case.decision_form == DecisionForm.DELEGATION:
        name = _people(session, [case.delegate]) or _("tjänsteman")
        point = (
            _(" (punkt %(point)s)", point=case.delegation_point) if case.delegation_point else ""
        )
        return _("%(name)s på delegation%(point)s", name=name, point=point)
    if case.decision_form == DecisionForm.ANSWER_ONLY:
        return _("inget beslut, frågan ska besvaras")
    organs = [organisation.organ(session, code) for code in case.path]
    return _(" efter beredning i ").join(
        part
        for part in (
            organs[-1].name if organs and organs[-1] else "",
            _listed([organ.name for organ in organs[:-1] if organ]),
        )
        if part
    )


def _decision_days(session: Session, case: Case) -> str:
    """Each body with its meeting, or the day the decision is to be made by."""
    stops = case_dates.path_stops(session, case)
    days = [
        _("%(organ)s %(day)s", organ=stop.organ, day=long_day(stop.on)) for stop in stops if stop.on
    ]
    if days:
        return _listed(days)
    return _("senast %(day)s", day=long_day(case.decide_by_on)) if case.decide_by_on else ""


def _presentations(session: Session, case: Case) -> list[str]:
    """Where it is to be presented, each with its day at the first meeting on the path."""
    stops = [stop for stop in case_dates.path_stops(session, case) if stop.meeting_id]
    meeting = session.get(Meeting, stops[0].meeting_id) if stops else None
    last = stops[-1].on if stops else None
    known = {
        "ledningsgruppen": (_("regiondirektörens ledningsgrupp"), None),
        "kansliberedningen": (_("kansliberedningen"), meeting.review_on if meeting else None),
        "presidiet": (_("presidiet"), meeting.presidium_on if meeting else None),
        "organet": (_("det organ som beslutar"), last),
    }
    found = [known.get(one, (one, None)) for one in case.presentations]
    return [f"{words} {long_day(on)}" if on else words for words, on in found]


def _day_or_not_set(day: date | None) -> str:
    return long_day(day) if day else _("ingen dag bestämd")


def _people(session: Session, user_ids: Iterable[str | None]) -> str:
    found = [(user_id, accounts.find(session, user_id)) for user_id in user_ids if user_id]
    return _listed([user.name if user else user_id for user_id, user in found])


def _lateness(task: Task, now: datetime) -> str:
    if task.due_at >= now:
        return ""
    days = working_days_between(deadline_day(task.due_at), local_date(now))
    return _("%(days)s arbetsdagar", days=days) if days > 1 else _("en arbetsdag") if days else ""
