"""Deploying through the API, and reading what is deployed."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from lxml import etree

from tests.engine import bpmn
from tests.web.api import small
from tests.web.api.conftest import As

CHANGED = small.prov().replace("PT1H", "PT2H")


def zipped(files: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return stream.getvalue()


def versions(as_: As, key: str = "prov") -> list[int]:
    found = as_("handlaggare_1").all(f"/processes/{key}/versions", limit=1)
    return [version["version"] for version in found]


def test_a_changed_diagram_is_a_new_version(as_: As) -> None:
    owner = as_("processagare")
    done = owner.upload("/deployments", {"files": {"prov.bpmn": CHANGED}})
    assert done["processes"] == [{"key": "prov", "version": 2}]
    assert done["id"]
    assert done["warnings"] == []
    assert versions(as_) == [2, 1]
    current = {each["key"]: each for each in owner.all("/processes", limit=3)}
    assert current["prov"]["version"] == 2
    assert current["prov"]["deployed_by"] == "processagare"


def test_a_diagram_may_say_that_it_is_in_another_encoding(as_: As) -> None:
    text = CHANGED.replace("UTF-8", "ISO-8859-1").replace('name="ta_emot"', 'name="Ta emot på"')
    content = {"files": {"prov.bpmn": text.encode("latin-1")}}
    as_("processagare").upload("/deployments", content)
    assert "Ta emot på" in as_("processagare").get("/processes/prov/versions/2/bpmn")


def test_the_same_again_is_the_same_version(as_: As) -> None:
    done = as_("processagare").upload("/deployments", {"files": {"prov.bpmn": small.prov()}})
    assert done["processes"] == [{"key": "prov", "version": 1}]
    assert versions(as_) == [1]


@pytest.mark.parametrize("name", ["allt.zip", "ALLT.ZIP"])
def test_a_zip_is_its_files_whatever_their_folders(as_: As, name: str) -> None:
    content = zipped(
        {
            "modell/prov.bpmn": CHANGED,
            "modell/forms/prov_svar.json": json.dumps(small.FORM),
            "__MACOSX/modell/._prov.bpmn": "skräp",
            "modell/.DS_Store": "skräp",
        }
    )
    assert as_("processagare").upload("/deployments", {"files": {name: content}})["processes"] == [
        {"key": "prov", "version": 2}
    ]


def test_a_dry_run_says_what_would_be_made_and_makes_nothing(as_: As) -> None:
    owner = as_("processagare")
    tried = owner.upload("/deployments?dry_run=true", {"files": {"prov.bpmn": CHANGED}}, 200)
    assert tried == {"id": None, "processes": [{"key": "prov", "version": 2}], "warnings": []}
    assert versions(as_) == [1]


@pytest.mark.parametrize("dry_run", ["", "?dry_run=true"])
def test_every_finding_is_told_and_nothing_is_deployed(as_: As, dry_run: str) -> None:
    wrong = bpmn.diagram(
        "prov",
        bpmn.start(),
        bpmn.task("a", "Trollkarl", form="finns_inte"),
        bpmn.end(),
        bpmn.chain("start", "a", "slut"),
    )
    refused = as_("processagare").upload(
        f"/deployments{dry_run}", {"files": {"prov.bpmn": wrong}}, 422
    )
    assert {(error["field"], error["element"]) for error in refused["errors"]} == {
        ("prov.bpmn", "a")
    }
    assert len(refused["errors"]) > 1
    assert all(error["code"] and error["message"] for error in refused["errors"])
    assert versions(as_) == [1]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.bpmn", b""),
        ("a.bpmn", b"inte xml"),
        ("a.bpmn", b"\xff\xfe\x00"),
        ("a.bpmn", b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>"),
        ("a.json", b"[1"),
        ("a.json", b"\xff"),
        ("a.json", b"[" * 100_000),
        ("a.zip", b"PK\x03\x04 trasig"),
        ("a.zip", b""),
        ("a.zip", zipped({"a/x.bpmn": CHANGED, "b/x.bpmn": CHANGED})),
        ("a.zip", zipped({"stor.bpmn": " " * 21_000_000})),
        ("a.exe", b"MZ"),
        ("\x00.bpmn", CHANGED.encode()),
    ],
)
def test_no_file_is_too_strange_to_be_refused(still_as: As, name: str, content: bytes) -> None:
    response = still_as("processagare").call(
        "POST", "/deployments?dry_run=true", data={"files": (io.BytesIO(content), name)}
    )
    assert response.status_code == (200 if name == "\x00.bpmn" else 422), response.text


def test_without_files_there_is_nothing_to_deploy(as_: As) -> None:
    owner = as_("processagare")
    assert owner.upload("/deployments", {}, 422)["errors"][0]["field"] == "files"
    owner.post("/deployments", {"files": []}, 422)
    twice = {"files": {"a.zip": zipped({"prov.bpmn": CHANGED}), "prov.bpmn": CHANGED}}
    owner.upload("/deployments", twice, 422)


def test_running_instances_stay_on_theirs(as_: As) -> None:
    owner = as_("processagare")
    content = {"process": "prov", "data": small.DATA}
    before = owner.post("/instances", content, 201)
    owner.upload("/deployments", {"files": {"prov.bpmn": CHANGED}})
    assert owner.get(f"/instances/{before['id']}")["version"] == 1
    assert owner.post("/instances", content, 201)["version"] == 2
    assert owner.post("/instances", {**content, "version": 1}, 201)["version"] == 1


def test_the_diagram_is_read_as_it_runs(as_: As) -> None:
    reader = as_("handlaggare_1")
    response = reader.call("GET", "/processes/prov/versions/1/bpmn")
    assert response.mimetype == "application/xml"
    assert etree.canonicalize(response.text) == etree.canonicalize(small.prov())
    for path in ("prov/versions/9/bpmn", "finns_inte/versions/1/bpmn", "finns_inte/versions"):
        reader.get(f"/processes/{path}", 404)
    for number in ("0", "-1", "x", str(10**30)):
        reader.get(f"/processes/prov/versions/{number}/bpmn", 404)
