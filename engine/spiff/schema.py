"""Safe reading of XML, and BPMN's own schema."""

from __future__ import annotations

from copy import deepcopy
from threading import Lock

from lxml import etree
from SpiffWorkflow.spiff.parser import process

MAX_BYTES = 2_000_000
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"

# What BPMN has as xs:boolean, which XML lets be written 1 and 0 too.
BOOLEANS = (
    "cancelActivity",
    "instantiate",
    "isClosed",
    "isExecutable",
    "isForCompensation",
    "isInterrupting",
    "isSequential",
    "parallelMultiple",
    "testBefore",
    "triggeredByEvent",
)
_SPELLED = {"1": "true", "0": "false"}
_validating = Lock()


class UnsafeXml(ValueError):
    """XML that is too large, or that declares entities."""


def safe_root(text: str | bytes) -> etree._Element:
    """The root of a file somebody handed in: no DOCTYPE, no entities, nothing fetched."""
    raw = text.encode() if isinstance(text, str) else text
    if len(raw) > MAX_BYTES:
        raise UnsafeXml(f"more than {MAX_BYTES} bytes")
    # A parser of its own: lxml's are not to be shared by threads.
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(raw, parser)
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]  # the stub forgets it
        raise UnsafeXml("DOCTYPE")
    spell_booleans(root)
    return root


def spell_booleans(root: etree._Element) -> None:
    """Write every yes and no as `true` and `false`: nobody who reads on knows the other way."""
    for name in BOOLEANS:
        for element in root.iterfind(f".//*[@{name}]"):
            said = element.get(name, "").strip()
            element.set(name, _SPELLED.get(said, said))


def xsd_errors(root: etree._Element) -> list[tuple[int, str, str]]:
    """What BPMN's schema objects to: (line, id of the nearest element, message)."""
    validator = process.VALIDATOR
    # The validator renames what bpmn-js writes wrongly; the diagram handed in stays as it is.
    copy = deepcopy(root)
    validator.preprocess(copy)
    with _validating:
        if validator.validator.validate(copy):
            return []
        return [
            (error.line, _nearest_id(root, error.path), error.message)
            for error in validator.validator.error_log
        ]


def _nearest_id(root: etree._Element, path: str | None) -> str:
    prefixes = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
    try:
        found = root.getroottree().xpath(path, namespaces=prefixes) if path else []
    except etree.XPathError:
        return ""
    element = found[0] if isinstance(found, list) and found else None
    while isinstance(element, etree._Element):
        if element.get("id"):
            return str(element.get("id"))
        element = element.getparent()
    return ""
