"""A small region with a case process of two tasks: what the tests of cases stand on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.engine import Engine
from engine.host import Actor, Candidate, Operation, OperationCall, OperationKind, Option, Scope
from engine.tables import NO_DEADLINE
from processes import accounts, cases, organisation
from processes.cases import Allocation, NewCase
from processes.organisation import Organ, OrganKind, Registry, Role, RoleHolder, ScopeKind

SINCE = date(2020, 1, 1)
TODAY = date(2026, 2, 4)

PEOPLE = {
    "registrator_rs": "Registrator RS",
    "registrator_run": "Registrator RUN",
    "regionstabschef": "Regionstabschef",
    "handlaggare_1": "Handläggare 1",
    "handlaggare_2": "Handläggare 2",
    "chef": "Områdeschef",
    "sekreterare_rs": "Sekreterare RS",
    "administrator": "Administratör",
}
ROLES = {
    "Registrator": ScopeKind.REGISTRY,
    "Fördelare": ScopeKind.REGISTRY,
    "Sekreterare": ScopeKind.ORGAN,
    "Handläggare": ScopeKind.CASE,
}
HELD = (
    ("Registrator", "RS", "registrator_rs"),
    ("Registrator", "RUN", "registrator_run"),
    ("Fördelare", "RS", "regionstabschef"),
    ("Sekreterare", "RS", "sekreterare_rs"),
    ("Handläggare", "region", "handlaggare_1"),
    ("Handläggare", "region", "handlaggare_2"),
)
ORGANS = (
    ("RF", OrganKind.ASSEMBLY, None, "RS"),
    ("RS", OrganKind.BOARD, "RF", "RS"),
    ("RUN", OrganKind.COMMITTEE, "RF", "RUN"),
    ("UE", OrganKind.SUBCOMMITTEE, "RS", "RS"),
    ("BB", OrganKind.DRAFTING, "RF", "RS"),
)


class CaseHost:
    """The least a case process asks of the domain."""

    def operations(self) -> Mapping[str, Operation]:
        return {
            "fordela": Operation(
                name="fordela", label="Fördela", kind=OperationKind.INSIDE, run=self._allocate
            )
        }

    def functions(self) -> Mapping[str, Callable[..., Any]]:
        return {}

    def fact_names(self) -> frozenset[str]:
        return frozenset()

    def fact(self, session: Session, name: str, scope: Scope) -> Mapping[str, Any] | None:
        return None

    def roles(self, session: Session | None = None) -> frozenset[str]:
        return frozenset(ROLES)

    def ahead(self, session: Session, business_key: str) -> None:
        pass

    def candidate(self, session: Session, role: str, scope: Scope) -> Candidate:
        case = cases.get(session, scope.business_key or "")
        if role == "Handläggare":
            return Candidate(
                key="handlaggare@region", label="Handläggare", assignee=case.case_officer
            )
        key = organisation.candidate_key(role, case.registry_code)
        return Candidate(key=key, label=f"{role} {case.registry_code}")

    def check_deadline(self, text: str) -> str | None:
        return None

    def deadline(self, session: Session, text: str, scope: Scope, start: datetime) -> datetime:
        return NO_DEADLINE

    def options(self, session: Session, source: str, scope: Scope) -> Sequence[Option]:
        return []

    def _allocate(self, call: OperationCall) -> None:
        cases.allocate(
            call.session,
            self.engine,
            call.scope.business_key or "",
            allocation(case_officer=call.answers["handlaggare"]),
            actor=call.actor,
        )

    engine: Engine


def build_region(session: Session, now: datetime) -> None:
    for code in ("RS", "RUN"):
        session.add(Registry(code=code, name=f"{code}:s diarium", series=code, valid_from_on=SINCE))
    for name, kind in ROLES.items():
        session.add(Role(slug=organisation.slug(name), name=name, scope_kind=kind))
    for user_id, name in PEOPLE.items():
        accounts.create(
            session,
            username=user_id.replace("_", "-"),
            name=name,
            email=f"{user_id}@example.se",
            now=now,
            is_administrator=user_id == "administrator",
        ).id = user_id
    session.flush()
    for code, kind, superior, registry in ORGANS:
        session.add(
            Organ(
                code=code,
                name=f"Organet {code}",
                kind=kind,
                superior_code=superior,
                registry_code=registry,
                valid_from_on=SINCE,
            )
        )
    for role, scope, user_id in HELD:
        session.add(
            RoleHolder(
                role_slug=organisation.slug(role),
                scope_code=scope,
                user_id=user_id,
                valid_from_on=SINCE,
            )
        )


REGISTRAR = Actor(id="registrator_rs")
ALLOCATOR = Actor(id="regionstabschef")
OFFICER = Actor(id="handlaggare_1")


def new_case(**changes: Any) -> NewCase:
    usual = NewCase(
        registry_code="RS",
        heading="Ambulansberedskap i glesbygden",
        kind="skrivelse",
        received_on=TODAY,
        initiator="Pensionärsföreningen",
    )
    return replace(usual, **changes)


def allocation(**changes: Any) -> Allocation:
    usual = Allocation(
        case_officer="handlaggare_1",
        decision_form="politiskt",
        path=("RS",),
        responsible_manager="chef",
        ready_by_on=date(2026, 3, 2),
        decide_by_on=date(2026, 4, 8),
    )
    return replace(usual, **changes)
