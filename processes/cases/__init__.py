"""Cases: the facts that every diagram, page and letter reads."""

from __future__ import annotations

from processes.cases.ahead import ahead
from processes.cases.allocation import Allocation, allocate
from processes.cases.changes import change, preview_change
from processes.cases.decisions import Decision, record_decision
from processes.cases.lookup import (
    CaseNotFound,
    aliases,
    get,
    headings,
    public_headings,
    resolve,
    secret_ones,
)
from processes.cases.path import check_path, complete_path, move_on, set_path
from processes.cases.people import (
    add_member,
    change_officer,
    members,
    possible_officers,
    remove_member,
    set_co_officers,
)
from processes.cases.registration import NewCase, add_alias, problems, register
from processes.cases.status import (
    Phase,
    PhaseState,
    StatusRefused,
    changes,
    phases,
    set_status,
    withdraw,
)
from processes.cases.tables import (
    Case,
    CaseAlias,
    CaseKind,
    CaseMember,
    CaseStatus,
    CaseStatusChange,
    DecisionForm,
)

__all__ = [
    "Allocation",
    "Case",
    "CaseAlias",
    "CaseKind",
    "CaseMember",
    "CaseNotFound",
    "CaseStatus",
    "CaseStatusChange",
    "Decision",
    "DecisionForm",
    "NewCase",
    "Phase",
    "PhaseState",
    "StatusRefused",
    "add_alias",
    "add_member",
    "ahead",
    "aliases",
    "allocate",
    "change",
    "change_officer",
    "changes",
    "check_path",
    "complete_path",
    "get",
    "headings",
    "members",
    "move_on",
    "phases",
    "possible_officers",
    "preview_change",
    "problems",
    "public_headings",
    "record_decision",
    "register",
    "remove_member",
    "resolve",
    "secret_ones",
    "set_co_officers",
    "set_path",
    "set_status",
    "withdraw",
]
