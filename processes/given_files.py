"""Files that somebody names on the command line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from engine.gate.reading import as_text
from engine.texts import gettext as _
from processes.errors import InstallationError

DIAGRAM_ENDINGS = (".bpmn", ".dmn", ".json")


class Unreadable(InstallationError):
    def __init__(self, path: Path, why: str) -> None:
        super().__init__(_("%(path)s: %(why)s", path=path, why=why))


def diagrams(paths: Iterable[Path]) -> list[Path]:
    """The diagrams, decision tables and forms meant by `paths`: a folder means what is in it."""
    found: set[Path] = set()
    for path in paths:
        if path.is_dir():
            found |= {each for each in path.rglob("*") if _is_diagram(each)}
        else:
            _content(path)
            found.add(path)
    if not found:
        raise InstallationError(_("Där finns inga diagram, beslutstabeller eller formulär."))
    return sorted(found)


def texts(paths: Iterable[Path]) -> dict[str, str]:
    """By name without folders; two of the same name would hide each other."""
    found: dict[str, str] = {}
    for path in paths:
        if path.name in found:
            raise Unreadable(path, _("En annan fil har samma namn."))
        content = _content(path)
        try:
            found[path.name] = content.decode("utf-8-sig")
        except UnicodeDecodeError:  # a diagram may say that it is in another encoding
            found[path.name] = as_text(content)
    return found


def text(path: Path) -> str:
    try:
        return _content(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(path, _("Filen är inte text i UTF-8.")) from error


def _is_diagram(path: Path) -> bool:
    return path.suffix.lower() in DIAGRAM_ENDINGS and path.is_file()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Unreadable(path, _("Filen finns inte.")) from error
    except IsADirectoryError as error:
        raise Unreadable(path, _("Det är en mapp, ingen fil.")) from error
    except OSError as error:
        raise Unreadable(path, _("Filen går inte att läsa.")) from error
