"""The organisation as one file that people can read: `docs/organisationsfil.md` describes it.

All of it is checked before anything is changed, and the same file twice changes nothing.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from engine.engine import Engine
from engine.host import SYSTEM, Actor
from engine.texts import gettext as _
from processes import organisation_content, organisation_import
from processes.organisation import REGION, OrganKind, Review, ScopeKind
from processes.organisation_content import OrganisationContent
from processes.organisation_import import Imported
from processes.toml_tables import Faults, Key, Row, check_tables, document, entry, rows

KINDS = {
    "fullmäktige": OrganKind.ASSEMBLY,
    "styrelse": OrganKind.BOARD,
    "nämnd": OrganKind.COMMITTEE,
    "utskott": OrganKind.SUBCOMMITTEE,
    "beredning": OrganKind.DRAFTING,
}
REVIEWS = {"kansliberedning": Review.CHANCELLERY, "tjänstemannaberedning": Review.OFFICIALS}
SCOPES = {
    "diarium": ScopeKind.REGISTRY,
    "organ": ScopeKind.ORGAN,
    "ärende": ScopeKind.CASE,
    "region": ScopeKind.REGION,
}
BEGINNING = date(2000, 1, 1)  # what holds since before anybody asked

VALID = {
    "galler_fran": Key(name="valid_from_on", kind=date, default=BEGINNING),
    "galler_till": Key(name="valid_to_on", kind=date),
}
REGISTRY = {
    "kod": Key(name="code", required=True),
    "namn": Key(name="name", required=True),
    "serie": Key(name="series"),
    **VALID,
}
ORGAN = {
    "kod": Key(name="code", required=True),
    "namn": Key(name="name", required=True),
    "slag": Key(name="kind", required=True, words=KINDS),
    "overordnat": Key(name="superior_code"),
    "diarium": Key(name="registry_code"),
    "beredning": Key(name="review", words=REVIEWS, default=Review.OFFICIALS),
    "presidium": Key(name="presidium_code"),
    "kungors": Key(name="announces_publicly", kind=bool, default=False),
    "kallelse_dagar": Key(name="notice_days", kind=int, default=7),
    "justerare": Key(name="attesters", kind=int, default=1),
    "overklagbart": Key(name="appealable", kind=bool, default=True),
    "stangda_dorrar": Key(name="closed", kind=bool, default=True),
    "gemensam": Key(name="joint", kind=bool, default=False),
    "klockslag": Key(name="meets_at", default="09:00"),
    "plats": Key(name="place", default=""),
    **VALID,
}
ROLE = {
    "namn": Key(name="name", required=True),
    "innehas_inom": Key(name="scope_kind", required=True, words=SCOPES),
}
PERSON = {
    "anvandarnamn": Key(name="username", required=True),
    "namn": Key(name="name", required=True),
    "epost": Key(name="email", default=""),
    "avdelning": Key(name="department", default=""),
    "administrator": Key(name="is_administrator", kind=bool, default=False),
    "processagare": Key(name="is_process_owner", kind=bool, default=False),
    "roller": Key(name="roles", kind=list, default=[]),
}
HOLDING = {
    "roll": Key(name="role", required=True),
    "inom": Key(name="scopes", kind=list, default=[REGION]),
    "fran": Key(name="valid_from_on", kind=date),
    "till": Key(name="valid_to_on", kind=date),
}
SUBSTITUTE = {
    "borta": Key(name="absent", required=True),
    "ersatts_av": Key(name="substitute", required=True),
    "fran": Key(name="valid_from_on", kind=date, required=True),
    "till": Key(name="valid_to_on", kind=date, required=True),
}
TABLES = ("diarium", "organ", "roll", "person", "ersattare")


def load(session: Session, engine: Engine, text: str, *, actor: Actor = SYSTEM) -> Imported:
    """Bring the organisation to what the file says; Invalid, with every fault, changes nothing."""
    return organisation_import.apply(session, engine, read(session, text), actor=actor)


def read(session: Session, text: str) -> OrganisationContent:
    """The file's content, checked in itself and against the accounts that there are."""
    faults, content = Faults(), document(text)
    check_tables(content, TABLES, faults)
    people = rows(content, "person", PERSON, "anvandarnamn", faults)
    found = OrganisationContent(
        registries=rows(content, "diarium", REGISTRY, "kod", faults),
        organs=rows(content, "organ", ORGAN, "kod", faults),
        roles=rows(content, "roll", ROLE, "namn", faults),
        people=people,
        holdings={person["username"]: _holdings(person, faults) for person in people},
        substitutes=rows(content, "ersattare", SUBSTITUTE, "borta", faults),
    )
    faults.refuse()  # what follows would only say the same again
    organisation_content.check(session, found, faults)
    faults.refuse()
    return found


def _holdings(person: Row, faults: Faults) -> list[Row]:
    read = []
    for number, row in enumerate(person["roles"], start=1):
        place = f"{person.place}, roll {number}"
        if not isinstance(row, dict):
            faults.add(place, _('Skriv { roll = "…", inom = ["…"] }.'))
        elif (holding := entry(row, HOLDING, place, faults)) is not None:
            read.append(holding)
    return read
