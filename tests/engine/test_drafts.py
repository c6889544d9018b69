from __future__ import annotations

import pytest

from engine import drafts
from engine.engine import Engine
from engine.errors import Invalid, Stale
from engine.host import Actor

ANNA, BO = Actor(id="anna"), Actor(id="bo")


def saved(engine: Engine, bpmn: str, lock_version: int | None, actor: Actor = ANNA) -> int:
    with engine.database.writing() as session:
        draft = drafts.save(session, engine, "arende", bpmn, lock_version=lock_version, actor=actor)
        return draft.lock_version


def test_a_draft_is_saved_over_by_who_saw_it(engine: Engine) -> None:
    assert saved(engine, "<a/>", None) == 1
    assert saved(engine, "trasigt <", 1) == 2
    with engine.database.reading() as session:
        draft = drafts.get(session, "arende")
        assert draft is not None
        assert (draft.bpmn, draft.saved_by, draft.based_on_version) == ("trasigt <", "anna", None)
        assert drafts.get(session, "annan") is None


def test_a_draft_is_not_saved_over_somebody_elses(engine: Engine) -> None:
    saved(engine, "<a/>", None)
    saved(engine, "<b/>", 1, BO)
    for stale in (1, None):
        with pytest.raises(Stale):
            saved(engine, "<c/>", stale)
    with engine.database.reading() as session:
        draft = drafts.get(session, "arende")
        assert draft is not None
        assert draft.bpmn == "<b/>"


def test_a_draft_that_was_thrown_away_is_not_saved_over(engine: Engine) -> None:
    saved(engine, "<a/>", None)
    with engine.database.writing() as session:
        drafts.discard(session, engine, "arende", actor=BO)
        drafts.discard(session, engine, "arende", actor=BO)
    with pytest.raises(Stale):
        saved(engine, "<b/>", 1)


def test_a_draft_has_a_size_limit(engine: Engine) -> None:
    with pytest.raises(Invalid):
        saved(engine, "x" * 2_000_001, None)


def test_a_draft_is_text_that_can_be_stored(engine: Engine) -> None:
    with pytest.raises(Invalid):
        saved(engine, "<a>\ud800</a>", None)
