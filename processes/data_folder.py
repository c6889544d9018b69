"""The folder where an installation keeps its data: made, tried, and held by one process."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.texts import gettext as _
from processes.errors import InstallationError

LOCK = "upptagen"


def prepare(folder: Path) -> None:
    """Make it, readable by its owner only, or say in one line why it can't be."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = folder / f".skrivprov-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise InstallationError(
            _(
                "Datamappen %(folder)s går inte att skriva i: %(why)s. "
                "Ge den rätt rättigheter eller välj en annan med --data (make run DATA=…).",
                folder=folder,
                why=why(error),
            )
        ) from error


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Two processes would each take up what they think the other left when it died."""
    prepare(folder)
    with (folder / LOCK).open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InstallationError(
                _(
                    "Datamappen %(folder)s används redan av en annan start av Ärendegång. "
                    "Avsluta den, eller välj en annan mapp med --data (make run DATA=…).",
                    folder=folder,
                )
            ) from error
        yield  # the lock goes with the file, also when the process is killed


def why(error: OSError) -> str:
    known = {
        errno.EACCES: _("behörighet saknas"),
        errno.EPERM: _("behörighet saknas"),
        errno.EEXIST: _("där ligger redan en fil med det namnet"),
        errno.ENOTDIR: _("en del av sökvägen är ingen mapp"),
        errno.ENOENT: _("sökvägen finns inte"),
        errno.ENOSPC: _("disken är full"),
        errno.EROFS: _("disken går bara att läsa"),
    }
    return known.get(error.errno or 0) or str(error.strerror)
