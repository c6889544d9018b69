"""Operations of a delegated decision (B1–B11): drawn up, signed, registered, told and listed."""

from __future__ import annotations

from sqlalchemy.orm import Session

from engine.errors import Invalid
from engine.host import OperationCall
from engine.tables import new_id
from engine.texts import gettext as _
from engine.texts import untranslated
from processes import agenda, appeals, cases, delegation, meetings, organisation, records
from processes.cases import Case, CaseStatus, Decision
from processes.deadline_words import short_day
from processes.delegation import LEGALITY_REVIEW, DelegatedDecision
from processes.operations import days
from processes.operations.case import case_of
from processes.operations.registry import Operations
from processes.records import Direction, NewRecord
from processes.swedish_calendar import local_date

ADMINISTRATIVE_APPEAL = "forvaltningsbesvar"
YES, NO = "ja", "nej"
SIGNED = "undertecknas"

operations = Operations()


def decision_of(call: OperationCall) -> DelegatedDecision:
    return delegation.latest(call.session, case_of(call).number)


@operations.inside("spara_beslutanderatt", "Spara delegationspunkten")
def save_authority(call: OperationCall) -> None:
    """B1: which point of the delegation rules the decision is made under."""
    case_of(call).delegation_point = call.answers.get("punkt") or ""


@operations.inside("spara_bradskande", "Låt ordföranden besluta")
def save_urgent(call: OperationCall) -> None:
    """B1u: the chair takes the decision on (KL 6:39)."""
    if call.answers["kan_inte_vanta"] == YES:
        case_of(call).delegate = call.actor.on_behalf_of or call.actor.id


@operations.inside("uppratta_delegationsbeslut", "Upprätta delegationsbeslutet")
def draw_up(call: OperationCall) -> None:
    """B3: what the delegate is asked to sign."""
    case, answers = case_of(call), call.answers
    if answers["delegat"] in delegation.disqualified(call.session, case.number):
        raise Invalid.field("delegat", _("Den delegaten är jävig. Välj en annan."))
    said = call.scope.data.get("ange_beslutanderatt") or {}
    case.delegate, case.delegation_point = answers["delegat"], answers["punkt"]
    delegation.draw_up(
        call.session,
        DelegatedDecision(
            id=new_id(),
            case_number=case.number,
            delegate=answers["delegat"],
            point=answers["punkt"],
            kind=said.get("slag") or "",
            decision=answers["beslut"],
            reasons=answers["skal"],
            appeal=answers["overklagande"],
            urgent=_is_urgent(call),
            referral_reply=bool(answers.get("remissvar")),
            report_to=_body_that_delegated(call.session, case),
            is_reported=True,
            drawn_up_at=call.now,
        ),
    )


def _is_urgent(call: OperationCall) -> bool:
    """Only the chair's own step says so: what was asked for may have been refused."""
    urgent = call.scope.data.get("bradskande_beslut") or {}
    return bool(urgent.get("kan_inte_vanta") == YES)


def _body_that_delegated(session: Session, case: Case) -> str:
    """The organ on the case's path, else the one that keeps its registry, else the board."""
    for code in (case.organ, case.registry_code):
        if code and organisation.organ(session, code) is not None:
            return code
    return organisation.board(session).code


@operations.inside("spara_javskontroll", "Spara jävsprövningen")
def check_conflict(call: OperationCall) -> None:
    """B4: who has a conflict of interest leaves the decision to another (KL 7:4)."""
    decision = decision_of(call)
    decision.conflict_checked_at = call.now
    if call.answers["jav"] == YES:
        decision.conflict = call.answers["grund"]


@operations.inside("underteckna_beslut", "Underteckna beslutet")
def sign(call: OperationCall) -> None:
    """B5: the logged-in delegate's confirmation is the signature."""
    case, decision = case_of(call), decision_of(call)
    if call.answers["beslut"] != SIGNED:
        delegation.refuse(decision, call.answers["kommentar"])
        return
    today = local_date(call.now)
    delegation.sign(decision, by=call.actor.id, now=call.now, on=today)
    decided = Decision(
        decided_by=decision.delegate,
        decided_on=today,
        text=decision.decision,
        outcome=agenda.Outcome.DECIDED,
        appealable=decision.appeal == LEGALITY_REVIEW,
    )
    cases.record_decision(call.session, call.engine, case.number, decided, actor=call.actor)
    _set_status(call, case, CaseStatus.DECIDED)


@operations.inside("diariefor_delegationsbeslut", "Diarieför delegationsbeslutet")
def register(call: OperationCall) -> None:
    """B6: the signed decision becomes a record of the case."""
    case, decision = case_of(call), decision_of(call)
    new = NewRecord(
        direction=Direction.DRAWN_UP,
        dated_on=decision.decided_on or local_date(call.now),
        subject=call.answers["rubrik"],
        kind="delegationsbeslut",
        secret=case.secret,
        legal_ground=case.legal_ground,
    )
    records.add(call.session, call.engine, case.number, new, actor=call.actor)
    decision.registered_at = call.now


@operations.inside("spara_underrattelse", "Registrera underrättelsen")
def notify(call: OperationCall) -> None:
    """B9: those concerned know, and how to appeal when a party may (FL 33 §)."""
    decision = decision_of(call)
    if decision.appeal == ADMINISTRATIVE_APPEAL and not call.answers.get("hanvisning"):
        raise Invalid.field(
            "hanvisning",
            _("Beslutet kan överklagas av en part, som ska få veta hur det går till (FL 33 §)."),
        )
    decision.notified_at = call.now
    _set_status(call, case_of(call), CaseStatus.DISPATCHED)


@operations.inside("spara_original", "Registrera att originalet är sänt")
def send_original(call: OperationCall) -> None:
    """B7, B8: the reply is dispatched to the one who asked, and becomes a record of the case."""
    case, decision = case_of(call), decision_of(call)
    new = NewRecord(
        direction=Direction.OUT,
        dated_on=days.stated(call, "sant", not_before=decision.decided_on),
        recipient=call.answers["mottagare"],
        subject=untranslated("Svar på remiss"),
        kind="remissvar",
        secret=case.secret,
        legal_ground=case.legal_ground,
    )
    records.add(call.session, call.engine, case.number, new, actor=call.actor)
    decision.notified_at = call.now
    _set_status(call, case, CaseStatus.DISPATCHED)


@operations.inside("forteckna_delegationsbeslut", "Förteckna i delegationslistan")
def put_on_list(call: OperationCall) -> None:
    """B10: reported to the next meeting unless the body has decided otherwise (KL 6:40)."""
    decision = decision_of(call)
    if call.answers["anmals"] == YES:
        return
    if decision.reported_meeting_id is not None:
        raise Invalid.field("anmals", _("Beslutet är redan anmält till organet."))
    if decision.urgent:
        raise Invalid.field(
            "anmals", _("Ett brådskande ordförandebeslut ska alltid anmälas (KL 6 kap. 40 §).")
        )
    decision.is_reported = False
    decision.listed_meeting_id = None  # the secretary may have put it on a list already
    decision.not_reported_by = call.answers["grund"]


@operations.inside("protokollfor_sarskilt", "Protokollför beslutet särskilt")
def record_separately(call: OperationCall) -> None:
    """KL 6:40, 7:8, 8:10: its own minutes, and its own notice if it can be appealed."""
    decision = decision_of(call)
    recorded_on = days.stated(call, "protokollfort", not_before=decision.decided_on)
    decision.recorded_separately_on = recorded_on
    if decision.appeal != LEGALITY_REVIEW:
        return
    if not call.answers.get("anslaget"):
        raise Invalid.field(
            "anslaget", _("Beslutet kan överklagas och ska tillkännages på anslagstavlan.")
        )
    decision.posted_on = days.stated(call, "anslaget", not_before=recorded_on)
    decision.appeal_ends_on = meetings.appeal_ends_on(decision.posted_on)


@operations.inside("bekrafta_delegation", "Bekräfta laga kraft för delegationsbeslutet")
def confirm_legal_force(call: OperationCall) -> None:
    """A39: its own notice stays up as long as its appeal time runs (KL 13:5)."""
    decision = decision_of(call)
    assert decision.appeal_ends_on is not None, "the timer before hangs on its notice"
    if days.stated(call, "nedtaget") <= decision.appeal_ends_on:
        last = short_day(decision.appeal_ends_on)
        text = _("Anslaget ska sitta uppe till och med %(last)s.", last=last)
        raise Invalid.field("nedtaget", text)
    appeals.confirm(call.session, decision, appealed=call.answers["overklagat"] == YES)


@operations.inside("avsluta_delegation", "Registrera domstolens avgörande om delegationsbeslutet")
def conclude_appeal(call: OperationCall) -> None:
    decision = decision_of(call)
    settled_on = days.stated(call, "avgorande", not_before=decision.appeal_ends_on)
    appeals.settle(call.session, decision, call.answers["utgang"], on=settled_on)


def _set_status(call: OperationCall, case: Case, status: CaseStatus) -> None:
    cases.set_status(call.session, call.engine, case.number, status, actor=call.actor)
