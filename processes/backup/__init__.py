"""A whole installation as one file, and from one database to another: nothing lost, and proved."""

from __future__ import annotations

from processes.backup.archive import Contents, make, restore
from processes.backup.copying import copy

__all__ = ["Contents", "copy", "make", "restore"]
