"""Operations of consultations and referrals (A17–A18): asked, answered, left unanswered, ended."""

from __future__ import annotations

from datetime import date
from typing import Any

from engine.errors import FieldError, Invalid
from engine.host import OperationCall
from engine.texts import gettext as _
from engine.texts import untranslated
from processes import accounts, consultations, letters, mail, records
from processes.cases import CaseStatus
from processes.consultations import Consultation, ConsultationKind
from processes.operations.case import advance, case_of, day, in_form
from processes.operations.registry import Operations
from processes.records import Direction, NewRecord
from processes.records.registration import MAX_SUBJECT
from processes.swedish_calendar import local_date

operations = Operations()


def asked(call: OperationCall) -> Consultation:
    return consultations.get(call.session, call.scope.data["tillfragad"]["id"])


@operations.inside("spara_avstamningar", "Spara vilka som ska tillfrågas")
def save_consultations(call: OperationCall) -> dict[str, Any]:
    """A17: each row becomes a consultation; the diagram carries only its keys and its day."""
    rows = call.answers.get("avstamningar") or []
    errors = _faults(rows, today=local_date(call.now))
    concerned = call.answers["medarbetare_berors"] == "ja"
    if concerned and not any(row.get("slag") == ConsultationKind.UNIONS for row in rows):
        text = _("Ärendet berör medarbetare: lägg till facklig samverkan.")
        errors.append(FieldError(field="avstamningar", message=text))
    if errors:
        raise Invalid(errors)
    asked_for = [consultations.ask(call.session, _consultation(call, row)) for row in rows]
    if any(one.kind == ConsultationKind.REFERRAL for one in asked_for):
        advance(call, CaseStatus.REFERRED)
    return {"avstamningar": [consultations.as_data(one) for one in asked_for]}


@operations.inside("skicka_avstamning", "Skicka frågan")
def send_question(call: OperationCall) -> None:
    """A18: a referral to somebody outside leaves the authority, so it is a record of the case."""
    one, case = asked(call), case_of(call)
    if one.user_id is not None:
        letter = letters.consultation(case, one, public_url=public_url(call))
        mail.tell(call.session, call.engine, one.user_id, letter)
    elif case.case_officer is not None:  # nobody outside reads an inbox here
        letter = letters.to_send(case, one, public_url=public_url(call))
        mail.tell(call.session, call.engine, case.case_officer, letter)
    if one.kind == ConsultationKind.REFERRAL:
        new = NewRecord(
            direction=Direction.OUT,
            dated_on=local_date(call.now),
            subject=untranslated("Remiss till %(whom)s", whom=one.recipient)[:MAX_SUBJECT],
            recipient=one.recipient,
            kind="remiss",
            secret=case.secret,
            legal_ground=case.legal_ground,
        )
        records.add(call.session, call.engine, case.number, new, actor=call.actor)


@operations.inside("spara_avstamningssvar", "Spara svaret")
def save_reply(call: OperationCall) -> None:
    consultations.answer(asked(call), call.answers["svar"], by=call.actor.id, now=call.now)


@operations.inside("spara_uteblivet_svar", "Spara varför ärendet går vidare utan svar")
def save_missing_reply(call: OperationCall) -> None:
    consultations.leave_unanswered(asked(call), call.answers["motivering"])


@operations.inside("registrera_avstamningssvar", "Registrera remissvaret")
def register_reply(call: OperationCall) -> None:
    """A18g: a reply to a referral is a received record."""
    answers, one = call.answers, asked(call)
    new = NewRecord(
        direction=Direction.DRAWN_UP if one.user_id else Direction.IN,
        dated_on=day(answers["inkom"]) or local_date(call.now),
        subject=answers["rubrik"],
        sender=answers["avsandare"],
        kind="remissvar",
        secret=bool(answers.get("sekretess")),
        legal_ground=answers.get("lagrum") or "",
    )
    try:
        record = records.add(call.session, call.engine, case_of(call).number, new, actor=call.actor)
    except Invalid as error:
        raise in_form(error) from error
    one.record_id = record.id


@operations.inside("avsluta_avstamning", "Anteckna avstämningen på ärendekortet")
def end_consultation(call: OperationCall) -> dict[str, Any]:
    """However it ended; the reply itself stays in its table."""
    one = asked(call)
    consultations.close(one)
    return {"id": one.id, "slag": one.kind, "hur": one.state}


def public_url(call: OperationCall) -> str:
    """Where links in letters lead; a host without pages has none."""
    return str(getattr(call.engine.host, "public_url", ""))


def _consultation(call: OperationCall, row: dict[str, Any]) -> Consultation:
    user_id = row.get("till") or None
    user = accounts.find(call.session, user_id) if user_id else None
    return Consultation(
        case_number=case_of(call).number,
        kind=row["slag"],
        user_id=user_id,
        recipient=user.name if user else row["mottagare"].strip(),
        question=row["fraga"],
        reply_by_on=date.fromisoformat(row["svar_senast"]),
        asked_at=call.now,
        asked_by=call.actor.id,
    )


def _faults(rows: list[dict[str, Any]], *, today: date) -> list[FieldError]:
    errors = []
    for number, row in enumerate(rows):
        if not row.get("till") and not (row.get("mottagare") or "").strip():
            errors.append(
                FieldError(
                    field=f"avstamningar.{number}.till", message=_("Välj vem som ska tillfrågas.")
                )
            )
        if date.fromisoformat(row["svar_senast"]) < today:
            errors.append(
                FieldError(
                    field=f"avstamningar.{number}.svar_senast", message=_("Dagen har redan varit.")
                )
            )
    return errors
