"""A domain that knows meetings only: a task and a timer that hang on their dates."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.host import Candidate, Operation, Option, Scope
from engine.tables import ProcessVersion
from processes import meetings
from processes.deadline_language import due, parse
from tests.engine import bpmn


class MeetingHost:
    def operations(self) -> Mapping[str, Operation]:
        return {}

    def functions(self) -> Mapping[str, Callable[..., Any]]:
        return {}

    def fact_names(self) -> frozenset[str]:
        return frozenset()

    def fact(self, session: Session, name: str, scope: Scope) -> Mapping[str, Any] | None:
        return None

    def roles(self, session: Session | None = None) -> frozenset[str]:
        return frozenset({"Sekreterare"})

    def ahead(self, session: Session, business_key: str) -> None:
        pass

    def candidate(self, session: Session, role: str, scope: Scope) -> Candidate:
        meeting = meetings.get(session, scope.data["mote_id"])
        return Candidate(
            key=f"sekreterare@{meeting.organ_code}", label=f"Sekreterare {meeting.organ_code}"
        )

    def check_deadline(self, text: str) -> str | None:
        return None

    def deadline(self, session: Session, text: str, scope: Scope, start: datetime) -> datetime:
        meeting = meetings.get(session, scope.data["mote_id"])
        return due(parse(text), meetings.anchors(meeting), start)

    def options(self, session: Session, source: str, scope: Scope) -> Sequence[Option]:
        return []


PREPARE, TAKE_PLACE = "forbered", "sammantradet"


def deploy_meeting_process(session: Session, now: datetime) -> None:
    """`sammantrade` of one task, due three weeks before, and one timer, on the day itself."""
    text = bpmn.diagram(
        "sammantrade",
        bpmn.start(),
        bpmn.fork("dela"),
        bpmn.task(PREPARE, "Sekreterare", deadline="21 dagar före sammanträdet"),
        bpmn.timer(TAKE_PLACE, "senast sammanträdet", kind="timeDate"),
        bpmn.fork("samla"),
        bpmn.end(),
        bpmn.chain("start", "dela", PREPARE, "samla", "slut"),
        bpmn.chain("dela", TAKE_PLACE, "samla"),
    )
    session.add(
        ProcessVersion(
            key="sammantrade",
            version=1,
            name="Sammanträde",
            deployment_id="1",
            files={"sammantrade.bpmn": text},
            file_name="sammantrade.bpmn",
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            current=True,
            deployed_at=now,
            deployed_by="test",
        )
    )
    session.flush()
