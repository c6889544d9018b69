"""What of the inbox is shown: the filters, their counts, and the address of each choice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from engine.inbox import MOST_COUNTED, Slice
from processes.access import Reader
from web.texts import gettext as _

MINE, SUBSTITUTE, TO_TAKE = "mina", "ersattare", "att-ta"
LATE, SOON, LATER = 0, 1, 2  # the bands of engine.inbox.breakdown, bounded by now and tomorrow


@dataclass(frozen=True, kw_only=True)
class Selection:
    """As it stands in the address, so that a list can be sent to a colleague."""

    who: str = ""
    role: str = ""
    organ: str = ""
    process: str = ""
    cursor: str = ""

    @classmethod
    def of(cls, arguments: MultiDict[str, str]) -> Selection:
        return cls(
            who=arguments.get("vem", ""),
            role=arguments.get("roll", ""),
            organ=arguments.get("organ", ""),
            process=arguments.get("process", ""),
            cursor=arguments.get("fran", ""),
        )

    def address(self, **changes: str) -> str:
        """This selection with something else chosen; a new choice starts from the top."""
        values = {
            "vem": self.who,
            "roll": self.role,
            "organ": self.organ,
            "process": self.process,
            **changes,
        }
        chosen: dict[str, Any] = {name: value for name, value in values.items() if value}
        return url_for("inbox.show", **chosen)

    def assignees(self, reader: Reader) -> tuple[str, ...]:
        mine, absent = reader.assignees[:1], reader.assignees[1:]
        return {MINE: mine, SUBSTITUTE: absent, TO_TAKE: ()}.get(self.who, reader.assignees)

    def candidates(self, reader: Reader) -> tuple[str, ...]:
        return reader.candidates if self.who in ("", TO_TAKE) else ()

    def includes(self, one: Slice, reader: Reader, *, besides: str = "") -> bool:
        """True for what is shown; `besides` names the one filter not to look at."""
        asked = {
            "vem": not self.who or self.who == whose(one, reader),
            "roll": self.role in ("", one.role),
            "organ": self.organ in ("", organ_of(one)),
            "process": self.process in ("", one.process_key),
        }
        return all(holds for name, holds in asked.items() if name != besides)


@dataclass(frozen=True, kw_only=True)
class Choice:
    words: str
    address: str
    count: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class Filter:
    words: str
    choices: tuple[Choice, ...]


def whose(one: Slice, reader: Reader) -> str:
    if one.assignee is None:
        return TO_TAKE
    return MINE if one.assignee == reader.user_id else SUBSTITUTE


def organ_of(one: Slice) -> str:
    """The scope the role is held in: "RS" of "sekreterare@RS"."""
    return one.candidate.partition("@")[2]


def count_in_words(number: int) -> str:
    """Beyond the most that is counted nobody is helped by knowing more."""
    return f"{MOST_COUNTED - 1}+" if number >= MOST_COUNTED else str(number)


def total(slices: Iterable[Slice]) -> int:
    return sum(one.count for one in slices)


def filters(
    selection: Selection,
    slices: list[Slice],
    reader: Reader,
    process_names: Mapping[str, str],
    organ_codes: frozenset[str],
) -> list[Filter]:
    """Only those with something to choose between, or something chosen."""

    def counted(name: str, key: Callable[[Slice], str]) -> Counter[str]:
        counts: Counter[str] = Counter()
        for one in slices:
            if selection.includes(one, reader, besides=name):
                counts[key(one)] += one.count
        return counts

    def build(name: str, words: str, counts: Counter[str], said: Mapping[str, str]) -> Filter:
        chosen = {"roll": selection.role, "organ": selection.organ, "process": selection.process}
        keys = sorted(key for key in said if counts[key] or chosen[name] == key)
        return Filter(
            words=words,
            choices=tuple(
                Choice(
                    words=said[key],
                    # Pressed again, a chosen filter lets go.
                    address=selection.address(**{name: "" if chosen[name] == key else key}),
                    count=count_in_words(counts[key]),
                    current=chosen[name] == key,
                )
                for key in keys
            ),
        )

    roles = counted("roll", lambda one: one.role)
    organs = counted("organ", organ_of)
    processes = counted("process", lambda one: one.process_key)
    whom = counted("vem", lambda one: whose(one, reader))
    found = [
        _whose_filter(selection, whom, reader),
        build("roll", _("Roll"), roles, {role: role for role in roles}),
        build("organ", _("Organ"), organs, {code: code for code in organs if code in organ_codes}),
        build("process", _("Process"), processes, {k: process_names.get(k, k) for k in processes}),
    ]
    return [one for one in found if len(one.choices) > 1 or any(c.current for c in one.choices)]


def _whose_filter(selection: Selection, counts: Counter[str], reader: Reader) -> Filter:
    words = {"": _("Allt"), MINE: _("Mina"), SUBSTITUTE: _("Som ersättare"), TO_TAKE: _("Att ta")}
    numbers = {"": counts.total(), **{key: counts[key] for key in words if key}}
    shown = [key for key in words if key != SUBSTITUTE or reader.assignees[1:]]
    return Filter(
        words=_("Visa"),
        choices=tuple(
            Choice(
                words=words[key],
                address=selection.address(vem=key),
                count=count_in_words(numbers[key]),
                current=selection.who == key,
            )
            for key in shown
        ),
    )
