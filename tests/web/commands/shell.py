"""Commands as from a shell, in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

PASSWORD = "ett-riktigt-langt"


@dataclass(frozen=True, kw_only=True)
class Said:
    code: int
    out: list[str]
    err: list[str]


Run = Callable[..., Said]


def refused(said: Said, *words: str, code: int = 1) -> None:
    assert said.code == code
    assert said.out == []
    assert len(said.err) == 1, said.err
    assert all(word in said.err[0] for word in words), said.err
