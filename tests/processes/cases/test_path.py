from __future__ import annotations

import pytest

from engine.errors import Invalid
from processes import cases
from tests.processes.cases.world import ALLOCATOR


@pytest.mark.parametrize(
    "path",
    [
        ["RS"],
        ["RS", "RF"],
        ["RUN", "RS", "RF"],
        ["UE", "RS"],
        ["UE", "RS", "RF"],
        ["BB", "RS", "RF"],  # the drafting committee's proposals too pass the board (KL 5:28)
    ],
)
def test_paths_the_law_allows(session, path):
    assert cases.check_path(session, path) == []
    assert cases.complete_path(session, path) == path


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ([], "minst ett organ"),
        (["XX"], "XX"),
        (["RS", "RS"], "två gånger"),
        (["RF"], "5 kap. 26 §"),
        (["RF"], "5 kap. 28 §"),
        (["RUN", "RF"], "5 kap. 28 §"),
        (["BB", "RF"], "5 kap. 28 §"),
        (["RS", "RUN", "RF"], "närmast före"),
        (["RS", "RF", "RUN"], "beslutar sist"),
        (["UE"], "RS"),
        (["RS", "UE"], "RS"),
    ],
)
def test_what_a_path_lacks_is_said(session, path, words):
    assert any(words in fault for fault in cases.check_path(session, path))


@pytest.mark.parametrize(
    ("path", "complete"),
    [
        (["RF"], ["RS", "RF"]),
        (["RUN", "RF"], ["RUN", "RS", "RF"]),
        (["BB", "RF"], ["BB", "RS", "RF"]),
        (["UE"], ["UE", "RS"]),
        (["UE", "RF"], ["UE", "RS", "RF"]),
        (["RS", "RUN", "RF"], ["RUN", "RS", "RF"]),
    ],
)
def test_what_a_path_lacks_is_put_in(session, path, complete):
    assert cases.complete_path(session, path) == complete
    assert cases.check_path(session, complete) == []


@pytest.mark.parametrize("kind", ["interpellation", "fraga", "val"])
def test_what_the_assembly_takes_up_unprepared_needs_no_board(session, kind):
    assert cases.check_path(session, ["RF"], kind=kind) == []
    assert cases.complete_path(session, ["RF"], kind=kind) == ["RF"]


def test_a_new_path_keeps_the_organ_that_has_the_case(session, engine, register):
    case = register(path=("RUN", "RS"))
    assert cases.move_on(session, engine, case.number, actor=ALLOCATOR) == "RS"
    cases.set_path(session, engine, case.number, ["UE", "RUN", "RS", "RF"], actor=ALLOCATOR)
    assert (case.organ, case.next_organ) == ("RS", "RF")
    assert cases.move_on(session, engine, case.number, actor=ALLOCATOR) == "RF"
    assert cases.move_on(session, engine, case.number, actor=ALLOCATOR) is None


def test_a_path_against_the_law_is_refused(session, engine, register):
    case = register()
    with pytest.raises(Invalid, match="28 §"):
        cases.set_path(session, engine, case.number, ["RUN", "RF"], actor=ALLOCATOR)
    assert case.path == []


def test_the_secretaries_on_the_path_are_members(session, engine, register):
    case = register()
    cases.set_path(session, engine, case.number, ["RUN", "RS", "RF"], actor=ALLOCATOR)
    found = {member.member for member in cases.members(session, case.number)}
    assert found == {"sekreterare@RUN", "sekreterare@RS", "sekreterare@RF"}
    with pytest.raises(Invalid, match="sekreterare"):
        cases.remove_member(session, engine, case.number, "sekreterare@RS", actor=ALLOCATOR)
