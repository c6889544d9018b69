"""A secret case with a trace of it in every place that a page or a call may read."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from engine import deployments, incidents, instances, tasks
from engine.host import SYSTEM, Actor
from processes import agenda, cases, delegation, mail, meetings, records
from processes.cases import Case, CaseKind, NewCase
from processes.delegation import DelegatedDecision
from processes.product import Product
from processes.records import Direction, NewRecord
from tests.engine import bpmn

WORD = "hemligord"  # in everything that only those with a part in the case may read
REGISTRAR = Actor(id="registrator_rs")
OFFICER = "handlaggare_1"

MEETING_FORM = """{"type": "object", "properties": {
  "arenden": {"title": "Ärenden", "type": "array", "x-rows": "fixed",
    "x-default": "mote.arenden", "items": {"type": "object", "properties": {
      "dnr": {"title": "Nummer", "type": "string", "readOnly": true},
      "rubrik": {"title": "Rubrik", "type": "string", "readOnly": true}}}},
  "anmalningar": {"title": "Anmälningar", "type": "array", "x-rows": "fixed",
    "x-default": "mote.delegationsbeslut", "items": {"type": "object", "properties": {
      "punkt": {"title": "Punkt", "type": "string", "readOnly": true}}}}}}"""


@dataclass(frozen=True, kw_only=True)
class SecretWorld:
    number: str
    alias: str
    instance_id: str
    task_id: str
    handed_back_id: str  # the case officer's task, given back to everyone who may be one
    record_id: str
    file_id: str
    open_number: str  # of a case without secrecy, with one secret record
    hidden_record_id: str
    hidden_file_id: str
    incident_id: str
    meeting_id: str
    meeting_task_id: str
    meeting_instance_id: str

    @property
    def hidden_addresses(self) -> list[str]:
        """What is not there for those outside."""
        return [
            *(
                f"/arenden/{self.number}{page}"
                for page in ("", "/andra", "/ny-handling", "/underlag")
            ),
            f"/arenden/{self.alias}",
            *(f"/arenden/handling/{one}" for one in (self.record_id, self.hidden_record_id)),
            *(f"/arenden/fil/{one}" for one in (self.file_id, self.hidden_file_id)),
            *(f"/uppgift/{one}" for one in (self.task_id, self.handed_back_id)),
        ]


def make(product: Product) -> SecretWorld:
    with product.database.writing() as session:
        _deploy(session, product)
        case = cases.register(session, product.engine, _new_case(secret=True), actor=REGISTRAR)
        session.flush()
        case.case_officer, case.path = OFFICER, ["RS"]
        alias = cases.add_alias(session, product.engine, case.number, "RUN", actor=REGISTRAR)
        record_id, file_id = _record(session, product, case, secret=False)
        open_case = cases.register(
            session, product.engine, _new_case(secret=False), actor=REGISTRAR
        )
        hidden_record_id, hidden_file_id = _record(session, product, open_case, secret=True)
        task_id, handed_back_id = _tasks(session, product, case)
        (instance,) = instances.of_business_key(session, case.number)[:1]
        incident_id = _incident(session, product, instance.id)
        meeting_id, meeting_instance_id = _meeting(session, product, case)
        mail.tell(
            session, product.engine, OFFICER, mail.Letter(subject="Personalärende", body="Öppet")
        )
        session.flush()
        return SecretWorld(
            number=case.number,
            alias=alias,
            instance_id=instance.id,
            task_id=task_id,
            handed_back_id=handed_back_id,
            record_id=record_id,
            file_id=file_id,
            open_number=open_case.number,
            hidden_record_id=hidden_record_id,
            hidden_file_id=hidden_file_id,
            incident_id=incident_id,
            meeting_id=meeting_id,
            meeting_task_id=tasks.of_business_key(session, f"mote:{meeting_id}")[0].id,
            meeting_instance_id=meeting_instance_id,
        )


def _deploy(session: Session, product: Product) -> None:
    case_process = bpmn.diagram(
        "arende",
        bpmn.start(), bpmn.fork("delning"),
        bpmn.task("fordela_arende", role="Fördelare", deadline="3 arbetsdagar"),
        bpmn.task("handlagg", role="Handläggare", deadline="3 arbetsdagar"),
        bpmn.end("ett"), bpmn.end("tva"),
        bpmn.chain("start", "delning", "fordela_arende", "ett"),
        bpmn.chain("delning", "handlagg", "tva"),
    )  # fmt: skip
    meeting_process = bpmn.diagram(
        "sammantrade",
        bpmn.start(),
        bpmn.task("bered_motet", role="Presidium", form="motet", deadline="3 arbetsdagar"),
        bpmn.end(),
        bpmn.chain("start", "bered_motet", "slut"),
    )
    files = {"arende.bpmn": case_process, "sammantrade.bpmn": meeting_process}
    files["motet.json"] = MEETING_FORM
    deployments.deploy(session, product.engine, files, actor=SYSTEM)


def _new_case(*, secret: bool) -> NewCase:
    return NewCase(
        registry_code="RS",
        heading=f"{WORD.title()} om viskningar på kansliet" if secret else "Öppet om nattåg",
        public_heading="Personalärende" if secret else "",
        initiator=f"{WORD.title()} Svensson" if secret else "Region Norr",
        kind=CaseKind.LETTER,
        received_on=date(2026, 1, 28),
        secret=secret,
        legal_ground="39 kap. 2 § OSL" if secret else "",
    )


def _record(session: Session, product: Product, case: Case, *, secret: bool) -> tuple[str, str]:
    stored = product.files.save(io.BytesIO(f"{WORD} i filen".encode()), f"{WORD}.txt")
    new = NewRecord(
        direction=Direction.IN,
        dated_on=date(2026, 1, 28),
        subject=f"{WORD.title()} i brevet",
        sender=f"{WORD.title()} Karlsson",
        public_subject="Brev",
        secret=secret,
        legal_ground="39 kap. 2 § OSL" if secret else "",
    )
    record = records.add(session, product.engine, case.number, new, actor=REGISTRAR, files=[stored])
    session.flush()
    (file,) = records.files(session, [record.id])[record.id]
    return record.id, file.id


def _tasks(session: Session, product: Product, case: Case) -> tuple[str, str]:
    """What is to be allocated, and the officer's, begun and given back."""
    found = {task.element: task for task in tasks.of_business_key(session, case.number)}
    taken = found["fordela_arende"]
    handed_back = found["handlagg"]
    handed_back.candidate, handed_back.role = "handlaggare@region", "Handläggare"
    handed_back.candidate_label, handed_back.assignee = "Handläggare", None
    answers = {"meddelande": f"{WORD} i utkastet"}
    tasks.save_draft(session, product.engine, taken.id, answers, actor=REGISTRAR)
    return taken.id, handed_back.id


def _incident(session: Session, product: Product, instance_id: str) -> str:
    place = incidents.Place(instance_id=instance_id)
    try:
        raise RuntimeError(f"{WORD} i felet")
    except RuntimeError as error:
        return incidents.open_(session, product.engine, error, place).id


def _meeting(session: Session, product: Product, case: Case) -> tuple[str, str]:
    now = product.clock.now()
    meeting = meetings.upcoming(session, "RS", on_or_after=date(2026, 3, 1), limit=1)[0]
    item = agenda.book(session, meeting.id, case.number, now=now)
    item.status, item.ready_at = agenda.ItemStatus.READY, now
    item.decision = f"{WORD} i paragrafen"
    delegation.draw_up(
        session,
        DelegatedDecision(
            case_number=case.number, delegate=OFFICER, point="3.2", report_to="RS",
            decision=f"{WORD.title()} i beslutet", drawn_up_at=now, signed_at=now,
            signed_by=OFFICER, decided_on=date(2026, 2, 2), listed_meeting_id=meeting.id,
        ),
    )  # fmt: skip
    started = instances.start(
        session, product.engine, "sammantrade", business_key=f"mote:{meeting.id}",
        data={"mote_id": meeting.id}, actor=SYSTEM,
    )  # fmt: skip
    return meeting.id, started.id
