"""An organisation may have roles of its own, and diagrams may use them."""

from __future__ import annotations

import pytest

from engine.errors import EngineError
from engine.host import Scope
from processes.host import RegionHost
from processes.organisation import Role, ScopeKind

SCOPE = Scope(instance_id="i", process_key="p", business_key=None, element="e", data={})


def test_a_role_of_the_organisation_can_be_drawn_and_has_its_own_inbox(database):
    host = RegionHost()
    with database.writing() as session:
        session.add(Role(slug="upphandlare", name="Upphandlare", scope_kind=ScopeKind.REGION))
        session.flush()
        assert "Upphandlare" in host.roles(session)
        assert host.candidate(session, "Upphandlare", SCOPE).key == "upphandlare@region"


def test_before_anything_is_installed_there_are_the_roles_of_the_rules():
    assert {"Registrator", "Sekreterare", "Regionarkivarie"} <= RegionHost().roles()


def test_a_role_that_nobody_has_named_is_told_by_its_name(database):
    with database.reading() as session, pytest.raises(EngineError, match="Trollkarl"):
        RegionHost().candidate(session, "Trollkarl", SCOPE)
