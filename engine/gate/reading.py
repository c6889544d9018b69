"""From bytes to parsed files, safely: nothing in a file is fetched, expanded or believed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

from lxml import etree

from engine.spiff.schema import spell_booleans
from engine.texts import gettext as _

MAX_BYTES = 2_000_000
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_DMN = re.compile(r"https?://www\.omg\.org/spec/DMN/\d{8}/(?:dmn\.xsd|MODEL/)")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


class FileKind(StrEnum):
    BPMN = "bpmn"
    DMN = "dmn"
    FORM = "form"


class Unreadable(Exception):
    """A file that can't even be read; the message says why and what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, kw_only=True, eq=False)
class Source:
    """A file that could be read: `root` for BPMN and DMN, `form` for a form."""

    file: str
    kind: FileKind
    root: etree._Element | None = None
    form: dict[str, Any] | None = None

    @property
    def xml(self) -> etree._Element:
        assert self.root is not None
        return self.root


def form_name(file: str) -> str:
    """`forms/fordela_arende.json` is the form `fordela_arende`."""
    return PurePosixPath(file).stem


def read(file: str, content: str | bytes) -> Source:
    """Parse one file; raises Unreadable."""
    size = len(content) if isinstance(content, bytes) else len(content.encode(errors="replace"))
    if size > MAX_BYTES:
        raise Unreadable(
            "too_large",
            _("Filen är större än 2 MB. Dela upp diagrammet i flera processer."),
        )
    if file.lower().endswith(".json"):
        return Source(file=file, kind=FileKind.FORM, form=_read_json(content))
    root = _read_xml(content)
    name = etree.QName(root)
    if name.localname == "definitions" and name.namespace == BPMN:
        return Source(file=file, kind=FileKind.BPMN, root=root)
    if name.localname == "definitions" and _DMN.fullmatch(name.namespace or ""):
        return Source(file=file, kind=FileKind.DMN, root=root)
    raise Unreadable(
        "not_bpmn",
        _(
            "Filen är varken BPMN 2.0, DMN eller ett formulär: dess yttersta element är "
            "%(name)s. Spara diagrammet som BPMN 2.0.",
            name=name.localname,
        ),
    )


def _read_json(content: str | bytes) -> dict[str, Any]:
    try:
        form = json.loads(content)
        json.dumps(form, ensure_ascii=False, allow_nan=False).encode()  # it is to be stored so
    except (ValueError, RecursionError) as error:
        raise Unreadable(
            "not_json", _("Filen är inte giltig JSON: %(error)s", error=error)
        ) from None
    if not isinstance(form, dict):
        raise Unreadable("not_json", _("Ett formulär ska vara ett JSON-objekt { … }."))
    return form


def as_text(content: str | bytes) -> str:
    """The file as Unicode, without a first line that claims another encoding."""
    if isinstance(content, str):
        return _DECLARATION.sub("", content)
    try:
        return etree.tostring(_read_xml(content), encoding="unicode")
    except Unreadable:
        return content.decode(errors="replace")


def _read_xml(content: str | bytes) -> etree._Element:
    if not content.strip():
        raise Unreadable("empty", _("Filen är tom."))
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(
            as_text(content).encode() if isinstance(content, str) else content, parser
        )
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise Unreadable(
            "not_xml",
            _("Filen är inte giltig XML: %(error)s. Rätta eller spara om den.", error=error),
        ) from None
    document: Any = root.getroottree().docinfo
    if document.doctype:
        raise Unreadable(
            "doctype", _("Filen har en DOCTYPE, och sådana tas inte emot. Ta bort den raden.")
        )
    spell_booleans(root)
    return root
