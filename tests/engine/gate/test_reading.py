from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.gate import GateContext, check
from tests.engine.bpmn import diagram
from tests.engine.gate.judging import CONTEXT, SOUND, judge

SMALL = diagram("prov", *SOUND)


def test_a_sound_diagram_has_no_findings() -> None:
    assert judge(*SOUND) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("<a", "not_xml"),
        ("hej", "not_xml"),
        (b"\x00\xff\xfe", "not_xml"),
        ("<svg xmlns='http://www.w3.org/2000/svg'/>", "not_bpmn"),
        ("<definitions/>", "not_bpmn"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a/>', "doctype"),
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "doctype"),
        ("x" * 2_000_001, "too_large"),
    ],
)
def test_what_is_no_diagram_is_refused(content: str | bytes, code: str) -> None:
    found = check({"fil.bpmn": content}, CONTEXT)
    assert [finding.code for finding in found] == [code]
    assert found[0].file == "fil.bpmn"
    assert found[0].refuses


@pytest.mark.parametrize(("content", "code"), [("{", "not_json"), ("[]", "not_json")])
def test_a_form_is_a_json_object(content: str, code: str) -> None:
    assert [finding.code for finding in check({"f.json": content}, CONTEXT)] == [code]


def test_other_encodings_are_read_and_the_text_wins_over_its_declaration() -> None:
    text = SMALL.replace("UTF-8", "ISO-8859-1").replace('name="Prov"', 'name="Prövning"')
    assert check({"prov.bpmn": text.encode("latin-1")}, CONTEXT) == []
    assert check({"prov.bpmn": text}, CONTEXT) == []


def test_what_bpmn_itself_forbids_is_told_with_the_element() -> None:
    found = judge('<bpmn:userTask id="steg" okand="1"/>', *SOUND)
    assert "schema" in {finding.code for finding in found}


@given(st.one_of(st.text(max_size=200), st.binary(max_size=200)), st.sampled_from(["bpmn", "json"]))
def test_no_bytes_make_the_gate_raise(content: str | bytes, ending: str) -> None:
    assert check({f"fil.{ending}": content}, GateContext())


@given(st.integers(0, len(SMALL)), st.integers(0, 40), st.text(max_size=5))
def test_no_damage_to_a_diagram_makes_the_gate_raise(at: int, length: int, put: str) -> None:
    check({"prov.bpmn": SMALL[:at] + put + SMALL[at + length :]}, CONTEXT)
