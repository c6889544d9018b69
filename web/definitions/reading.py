"""Taking in a diagram from somebody's file or editor: what can't be read is refused in words."""

from __future__ import annotations

from engine.errors import Invalid
from engine.gate.graph import diagram_of
from engine.gate.model import Process
from engine.gate.reading import FileKind, Unreadable, as_text, read
from engine.spiff.elements import process_names
from web.texts import gettext as _

SHAPES = "{*}BPMNDiagram/{*}BPMNPlane/{*}BPMNShape"


def require_diagram(field: str, file: str, content: str | bytes) -> list[Process]:
    """The processes of a BPMN file. Invalid, at `field`, says what else it is."""
    try:
        source = read(file, content)
    except Unreadable as unreadable:
        raise Invalid.field(field, str(unreadable)) from unreadable
    if source.kind is not FileKind.BPMN:
        raise Invalid.field(
            field, _("Filen är inget BPMN-diagram. Välj en fil som slutar på .bpmn.")
        )
    return diagram_of(source).processes


def read_in(field: str, file: str, content: bytes) -> tuple[str, str]:
    """The key and the text of the one process of a file, ready to be a draft."""
    processes = [found for found in require_diagram(field, file, content) if found.executable]
    if not processes:
        raise Invalid.field(
            field, _("Filen har ingen process som kan köras. Markera processen som körbar.")
        )
    if len(processes) > 1:
        names = ", ".join(process.name for process in processes)
        raise Invalid.field(
            field,
            _("Filen har flera processer: %(names)s. Spara dem i var sin fil.", names=names),
        )
    [process] = processes
    if not process.id:
        raise Invalid.field(field, _("Processen i filen har inget id. Ge den ett i ritprogrammet."))
    if process.diagram.xml.find(SHAPES) is None:
        raise Invalid.field(
            field, _("Filen har ingen bild att visa. Spara den från ett ritprogram för BPMN.")
        )
    return process.id, as_text(content)


def name_in(bpmn: str, key: str) -> str:
    """What the process is called in a draft."""
    try:
        source = read("draft.bpmn", bpmn)
    except Unreadable:
        return key
    return process_names(source.xml).get(key) or key
