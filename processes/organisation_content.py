"""What an organisation file says, and whether it holds together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise

from sqlalchemy.orm import Session

from engine.texts import gettext as _
from processes import accounts
from processes.organisation import REGION, OrganKind, ScopeKind, slug
from processes.toml_tables import Faults, Row

TOP = {OrganKind.ASSEMBLY: "fullmäktige", OrganKind.BOARD: "styrelse"}


@dataclass(frozen=True, kw_only=True)
class OrganisationContent:
    registries: list[Row]
    organs: list[Row]
    roles: list[Row]
    people: list[Row]
    holdings: dict[str, list[Row]]  # by username
    substitutes: list[Row]


def check(session: Session, content: OrganisationContent, faults: Faults) -> None:
    """Note every reference that leads nowhere, and everything said twice."""
    _check_unique(content.registries, lambda row: row["code"], faults)
    _check_unique(content.roles, lambda row: slug(row["name"]), faults)
    _check_unique(content.people, lambda row: row["username"], faults)
    for row in (*content.registries, *content.organs, *content.substitutes):
        _check_days(row, faults)
    _check_organs(content, faults)
    for person in content.people:
        _check_person(person, faults)
        for holding in content.holdings[person["username"]]:
            _check_holding(content, holding, faults)
    _check_substitutes(session, content, faults)


def _check_organs(content: OrganisationContent, faults: Faults) -> None:
    codes = {row["code"] for row in content.organs}
    registries = {row["code"] for row in content.registries}
    for row in content.organs:
        for code in (row["superior_code"], row["presidium_code"]):
            _check_known(row, code, codes, faults)
        _check_known(row, row["registry_code"], registries, faults)
        if row["superior_code"] is None and row["kind"] != OrganKind.ASSEMBLY:
            faults.add(row.place, _("”overordnat” saknas. Bara fullmäktige står överst."))
        if not _is_time(row["meets_at"]):
            faults.add(row.place, _('”klockslag” skrivs som "09:00".'))
        if not 0 <= row["notice_days"] <= 60 or not 0 <= row["attesters"] <= 5:
            faults.add(row.place, _("Antalet dagar eller justerare är orimligt."))
    _check_overlap(content.organs, faults)
    kinds = {row["kind"] for row in content.organs}
    for kind, said in TOP.items():
        if content.organs and kind not in kinds:
            faults.add("organ", _("Det finns inget organ av slaget ”%(kind)s”.", kind=said))


def _check_overlap(organs: list[Row], faults: Faults) -> None:
    """The same code may come back with other attributes, not twice at once."""
    by_start = sorted(organs, key=lambda row: (row["code"], row["valid_from_on"]))
    for earlier, later in pairwise(by_start):
        ends = earlier["valid_to_on"] or date.max
        if earlier["code"] == later["code"] and later["valid_from_on"] <= ends:
            faults.add(later.place, _("Gäller samtidigt som %(other)s.", other=earlier.place))


def _check_person(row: Row, faults: Faults) -> None:
    facts = {name: row[name] for name in ("username", "name", "email", "department")}
    for error in accounts.faults(**facts):
        faults.add(row.place, error.message)


def _check_holding(content: OrganisationContent, row: Row, faults: Faults) -> None:
    role = next((each for each in content.roles if slug(each["name"]) == slug(row["role"])), None)
    if role is None:
        faults.add(row.place, _("Rollen ”%(role)s” finns inte i filen.", role=row["role"]))
        return
    known = _scopes(content, role["scope_kind"])
    for scope in row["scopes"]:
        if scope not in known:
            faults.add(
                row.place,
                _(
                    "”%(role)s” kan inte innehas inom ”%(scope)s”. Det som går: %(known)s.",
                    role=row["role"],
                    scope=scope,
                    known=", ".join(sorted(known)),
                ),
            )
    _check_days(row, faults)


def _scopes(content: OrganisationContent, kind: ScopeKind) -> set[str]:
    if kind is ScopeKind.ORGAN:
        return {row["code"] for row in content.organs}
    if kind is ScopeKind.REGISTRY:
        return {row["code"] for row in content.registries}
    return {REGION}


def _check_substitutes(session: Session, content: OrganisationContent, faults: Faults) -> None:
    known = {row["username"] for row in content.people}
    for row in content.substitutes:
        for username in (row["absent"], row["substitute"]):
            if username not in known and accounts.find_by_username(session, username) is None:
                faults.add(row.place, _("Det finns ingen person ”%(name)s”.", name=username))
        if row["absent"] == row["substitute"]:
            faults.add(row.place, _("Ingen kan ersätta sig själv."))


def _check_known(row: Row, code: str | None, known: set[str], faults: Faults) -> None:
    if code is not None and code not in known:
        faults.add(row.place, _("”%(code)s” finns inte i filen.", code=code))


def _check_unique(rows: Iterable[Row], key: Callable[[Row], str], faults: Faults) -> None:
    seen: dict[str, str] = {}
    for row in rows:
        if key(row) in seen:
            faults.add(row.place, _("Finns redan: %(other)s.", other=seen[key(row)]))
        seen.setdefault(key(row), row.place)


def _check_days(row: Row, faults: Faults) -> None:
    first, last = row["valid_from_on"], row["valid_to_on"]
    if first is not None and last is not None and last < first:
        faults.add(row.place, _("Sista dagen kommer före den första."))


def _is_time(text: str) -> bool:
    try:
        time.fromisoformat(text)
    except ValueError:
        return False
    return True
