"""What is sent and answered. Names are the contract's; times are ISO 8601 with offset."""

from __future__ import annotations

from web.api.schemas.base import LockVersion, Paging, Problem, Reason, paged
from web.api.schemas.cases import (
    Case,
    CaseDetail,
    CaseQuery,
    NewCase,
    NewRecord,
    Record,
)
from web.api.schemas.flows import (
    Event,
    Incident,
    Instance,
    InstanceDetail,
    InstanceQuery,
    Message,
    NewInstance,
    NewMessage,
    RetryReason,
    Timer,
    TimerQuery,
)
from web.api.schemas.meetings import Meeting, MeetingChange, MeetingQuery, NewMeeting
from web.api.schemas.processes import Deployment, DeploymentFiles, DryRun, Process
from web.api.schemas.tasks import (
    Answers,
    Completed,
    Completion,
    Delegation,
    Task,
    TaskDetail,
    TaskQuery,
)

__all__ = [
    "Answers",
    "Case",
    "CaseDetail",
    "CaseQuery",
    "Completed",
    "Completion",
    "Delegation",
    "Deployment",
    "DeploymentFiles",
    "DryRun",
    "Event",
    "Incident",
    "Instance",
    "InstanceDetail",
    "InstanceQuery",
    "LockVersion",
    "Meeting",
    "MeetingChange",
    "MeetingQuery",
    "Message",
    "NewCase",
    "NewInstance",
    "NewMeeting",
    "NewMessage",
    "NewRecord",
    "Paging",
    "Problem",
    "Process",
    "Reason",
    "Record",
    "RetryReason",
    "Task",
    "TaskDetail",
    "TaskQuery",
    "Timer",
    "TimerQuery",
    "paged",
]
