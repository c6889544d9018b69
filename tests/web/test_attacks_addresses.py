"""Whatever address is asked for, by whomever: a page, or a refusal that people can read."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from werkzeug.datastructures import ImmutableMultiDict

from tests.web.office import PEOPLE, Office, address, told_kindly
from web.received import CleanRequest

HUGE = str(10**30)
# One at a time in each place of an address; as they are sent.
ODD_PARTS = (
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "a%00b", "%ff%fe", "%ED%A0%80", "%0d%0aX:y", "%F0%9F%99%88",
    "-1", "0", "%D9%A3", "2147483648", HUGE, "9" * 5000, "x" * 100_000,
)  # fmt: skip
ODD_WORDS = (
    "%00", "%ff%fe", "%ED%A0%80", "x" * 100_000, "%0d%0aX:y", "0", "-1", "9999", "10000", HUGE,
    "9" * 5000, "%D9%A3", "nan", "0001-01-01", "9999-12-31", "999999999999999%20dagar",
    "%22%27%25_%5c*", "NEAR(", "RS/99999999999999999999/99999",
)  # fmt: skip
PLACES = frozenset({"fran", "cursor"})  # what a page of a list goes on from
NOW = "2026-01-01T00:00:00+00:00"
HALF = "\ud800"
CURSORS: tuple[Any, ...] = (
    [HALF, "x"], [NOW, HALF], [NOW, "a\0b"], [NOW, 10**30], [10**30], [-(10**30)], [True], [1.5],
    [HALF], [None], [[]], [], {}, "x", 1, None, ["0001-01-01T00:00:00+14:00", "x"],
    ["9999-12-31T23:59:59-14:00", "x"], ["2026-01-01T00:00:00", "x"], [NOW, "x", "x"],
)  # fmt: skip


def packed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()


def strange_cursors() -> list[str]:
    made = [packed(json.dumps(each).encode()) for each in CURSORS]
    broken = [
        b"\xff",
        b'["' + b"x" * 100_000,
        b"[" * 100_000,
        b"[" + b"9" * 5000 + b"]",
        b"[1e999]",
    ]
    return [*made, *map(packed, broken), "-1", "%00", "%ED%A0%80", "a", "=", "x" * 100_000]


@pytest.mark.parametrize("username", PEOPLE)
def test_no_part_of_an_address_makes_us_fail(office: Office, username: str) -> None:
    for rule in office.rules("GET"):
        real = office.real(rule)
        for name in real:
            for odd in ODD_PARTS:
                asked = address(rule, {**real, name: odd})
                answer = office.get(username, asked)
                assert told_kindly(answer), (asked[:200], answer.status_code)


def test_no_question_makes_us_fail(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for (username, asked), names in questions(office, monkeypatch).items():
        for name in names - PLACES:
            for query in (*(f"{name}={odd}" for odd in ODD_WORDS), f"{name}=a&{name}=b"):
                answer = office.get(username, f"{asked}?{query}")
                assert told_kindly(answer), (asked, query[:100], answer.status_code)


def test_no_made_up_cursor_makes_us_fail(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    asked_at = questions(office, monkeypatch)
    lists = {place: names & PLACES for place, names in asked_at.items() if names & PLACES}
    assert len(lists) > 8
    for (username, asked), names in lists.items():
        for odd in strange_cursors():
            answer = office.get(username, f"{asked}?{min(names)}={odd}")
            assert told_kindly(answer), (asked, odd[:100], answer.status_code)
            assert answer.status_code in (200, 414, 422), (asked, odd[:100])


def questions(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> dict[tuple[str, str], frozenset[str]]:
    """By the address and somebody for whom it opens, the names that it looks for in its query."""
    heard: set[str] = set()

    class Listening(ImmutableMultiDict[str, Any]):
        def __getitem__(self, name: str) -> Any:
            heard.add(name)
            return super().__getitem__(name)

        def getlist(self, name: str, *more: Any) -> list[Any]:  # type: ignore[override]
            heard.add(name)
            return super().getlist(name, *more)

    found = {}
    with monkeypatch.context() as patched:
        patched.setattr(CleanRequest, "parameter_storage_class", Listening)
        for rule in office.rules("GET"):
            asked = address(rule, office.real(rule))
            for username in PEOPLE[1:]:
                heard.clear()
                if office.get(username, asked).status_code == 200:
                    found[username, asked] = frozenset(heard)
                    break
    assert {"q", "limit", "cursor"} <= found["registrator_rs", "/api/v1/tasks"]
    assert "text" in found["processagare", "/processer/rakna-tidsfrist"]
    return {place: names for place, names in found.items() if names}
