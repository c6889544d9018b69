"""Whose inbox a task lands in: a role with the scope it has in this case or meeting.

*Registrator* of the registry, *Sekreterare* of the organ that treats the case now, *Handläggare*
of this case. No diagram names a person or a body.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from engine.errors import EngineError
from engine.host import Candidate, Scope
from engine.tables import Task
from engine.texts import gettext as _
from processes import accounts, facts, organisation
from processes.cases import Case
from processes.organisation import REGION, Organ, ScopeKind, candidate_key, candidate_label

OF_REGISTRY = frozenset({"Registrator", "Fördelare"})
OF_ORGAN = frozenset({"Sekreterare", "Presidium", "Justerare", "Föredragande"})
OF_CASE = frozenset({"Handläggare", "Medhandläggare", "Ansvarig chef", "Samråd", "Delegat"})
OF_REGION = frozenset(
    {
        "Regiondirektör", "Kommunikationsavdelningen", "Kvalitetsstrateg", "Regionarkivarie",
        "Kanslichef",
    }
)  # fmt: skip
# The rules themselves speak of these; an organisation may have more.
NAMES = OF_REGISTRY | OF_ORGAN | OF_CASE | OF_REGION

ATTESTER = "Justerare"

# The key in engine data that says a case is between two organs (A45).
HANDED_OVER = "ga_till_nasta_organ"
# Done by the secretary who lets the case go, when it already has a new organ (7.1.1).
BY_THE_ONE_WHO_LETS_GO = frozenset({"bedom_beredning", "forslag_till_beslut"})
# The items of multi-instances that name who is asked, and who attests the minutes.
_ASKED = (("tillfragad", "till"), ("atgard", "ansvarig"))
_ATTESTS = (("justerar", "person"), ("justerar_genast", "person"))


def names(session: Session | None) -> frozenset[str]:
    """What diagrams may call roles: those of the rules and those of the organisation."""
    if session is None:
        return NAMES
    return NAMES | {role.name for role in organisation.roles(session)}


def candidate(session: Session, role: str, scope: Scope) -> Candidate:
    match _held_within(session, role):
        case ScopeKind.REGION:
            return _of(role, REGION)
        case ScopeKind.ORGAN:
            return _in_organ(session, role, scope)
        case ScopeKind.REGISTRY:
            return _of(role, _registry_code(session, scope))
        case ScopeKind.CASE:
            return _person(session, role, scope)


def _held_within(session: Session, role: str) -> ScopeKind:
    for known, kind in (
        (OF_REGION, ScopeKind.REGION),
        (OF_ORGAN, ScopeKind.ORGAN),
        (OF_REGISTRY, ScopeKind.REGISTRY),
        (OF_CASE, ScopeKind.CASE),
    ):
        if role in known:
            return kind
    found = organisation.role(session, role)
    if found is None:
        raise EngineError(_("Rollen ”%(role)s” finns inte.", role=role))
    return ScopeKind(found.scope_kind)


def holders(session: Session, role: str, scope: Scope, on: date) -> list[accounts.User]:
    """Everybody who can take a task of that role here."""
    found = candidate(session, role, scope)
    if found.assignee:
        return [accounts.get(session, found.assignee)]
    slug, _at, scope_code = found.key.partition("@")
    return organisation.holders(session, slug, scope_code, on)


def stays_with_its_person(task: Task) -> bool:
    """Whom the meeting chose to attest has a task that nobody else can do (KL 5:69)."""
    return task.role == ATTESTER and task.assignee is not None


def _in_organ(session: Session, role: str, scope: Scope) -> Candidate:
    """Whoever holds it in the organ; the minutes are attested by those whom the meeting chose."""
    anybody = _of(role, _organ_code(session, role, scope))
    person = _named_in(scope.data, _ATTESTS) if role == ATTESTER else None
    user = accounts.find(session, person) if person else None
    if user is None:
        return anybody
    return Candidate(key=anybody.key, label=user.name, assignee=user.id)


def _of(role: str, scope_code: str) -> Candidate:
    return Candidate(key=candidate_key(role, scope_code), label=candidate_label(role, scope_code))


def _person(session: Session, role: str, scope: Scope) -> Candidate:
    """The one the case names; without one, whoever can see to it that there is one."""
    case = facts.case_of(session, scope)
    user_id = _named_in(scope.data, _ASKED) if role == "Samråd" else None
    if user_id is None and case is not None:
        user_id = _named(case, role)
    user = accounts.find(session, user_id) if user_id else None
    if user is not None:
        return Candidate(key=candidate_key(role), label=user.name, assignee=user.id)
    if role in ("Handläggare", "Medhandläggare", "Samråd"):
        return _of("Fördelare", _registry_code(session, scope))
    return _of(role, REGION)


def _named(case: Case, role: str) -> str | None:
    match role:
        case "Ansvarig chef":
            return case.responsible_manager
        case "Delegat":
            return case.delegate
        case "Medhandläggare" if case.co_officers:
            return str(case.co_officers[0])
    return case.case_officer  # also for a referral to somebody outside: they write the reply in


def _named_in(data: Mapping[str, Any], items: tuple[tuple[str, str], ...]) -> str | None:
    for item, key in items:
        value = data.get(item)
        if isinstance(value, Mapping) and isinstance(value.get(key), str):
            return str(value[key])
    return None


def _organ_code(session: Session, role: str, scope: Scope) -> str:
    code = _treating_organ(session, scope)
    return organisation.nearest_holding(session, role, code) if code else REGION


def _treating_organ(session: Session, scope: Scope) -> str | None:
    handed_over = scope.data.get(HANDED_OVER)
    if scope.element in BY_THE_ONE_WHO_LETS_GO and isinstance(handed_over, Mapping):
        return str(handed_over["fran"])
    case = facts.case_of(session, scope)
    if case is None:
        meeting = facts.meeting_of(session, scope)
        return meeting.organ_code if meeting else None
    return case.organ or _organ_of_registry(session, case.registry_code)


def _registry_code(session: Session, scope: Scope) -> str:
    """Of the organ that treats the case now; a subcommittee uses that of the organ above it."""
    if isinstance(said := scope.data.get("diarium"), str):
        return said
    case = facts.case_of(session, scope)
    code = _treating_organ(session, scope)
    organ: Organ | None = organisation.organ(session, code) if code else None
    for _level in range(len(organisation.OrganKind)):
        if organ is None:
            break
        if organ.registry_code:
            return organ.registry_code
        organ = organisation.superior(session, organ.code)
    return case.registry_code if case else REGION


def _organ_of_registry(session: Session, registry_code: str) -> str | None:
    """A case that no organ treats belongs to the one that keeps its registry."""
    return registry_code if organisation.organ(session, registry_code) else None
