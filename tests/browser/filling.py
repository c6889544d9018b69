"""Filling in a form as a person does: field by field, found by what its label says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from playwright.sync_api import Locator

Answers = Mapping[str, Any]
_OPTIONAL = r"(\s\((om\sdet\sbehövs|syns\si\sversionslistan)\))?"


def words(text: str, *, whole: bool = True) -> re.Pattern[str]:
    """`text` whichever kind of spaces the page holds it together with."""
    return re.compile(rf"^\s*{_spaced(text)}{_OPTIONAL}\s*$" if whole else rf"^\s*{_spaced(text)}")


def words_within(text: str) -> re.Pattern[str]:
    return re.compile(_spaced(text))


def plain(text: str) -> str:
    """As one would type it."""
    return re.sub(r"[\xa0 ]+", " ", text).strip()


def _spaced(text: str) -> str:
    return r"\s+".join(re.escape(word) for word in text.split())


def fill(form: Locator, answers: Answers) -> None:
    """Labels to answers: text, True or False, a choice's words, several, or a list of rows."""
    for label, answer in answers.items():
        fill_one(form, label, answer)


def fill_one(form: Locator, label: str, answer: Any) -> None:
    group = form.get_by_role("group", name=words(label))
    if isinstance(answer, Sequence) and not isinstance(answer, str):
        if answer and isinstance(answer[0], Mapping):
            _fill_rows(group, answer)
        else:
            _tick(group, answer)
    elif group.count() and isinstance(answer, str):
        group.get_by_label(words(answer, whole=False)).check()
    else:
        _fill_control(control(form, label), answer)


def control(form: Locator, label: str) -> Locator:
    whole = form.get_by_label(words(label))
    return whole if whole.count() else form.get_by_label(words(label, whole=False))


def _fill_control(field: Locator, answer: Any) -> None:
    if isinstance(answer, bool):
        field.set_checked(answer)
    elif field.evaluate("element => element.tagName") == "SELECT":
        _choose(field, answer)
    else:
        field.fill(str(answer))


def _choose(field: Locator, answer: str) -> None:
    """The choice that begins so: after its name some say more."""
    found = [
        text
        for text in field.locator("option").all_text_contents()
        if words(answer, whole=False).match(text)
    ]
    exact = [text for text in found if words(answer).match(text)]
    assert found, f"no choice {answer!r} in {field.locator('option').all_text_contents()}"
    field.select_option(label=(exact or found)[0])


def _tick(group: Locator, answers: Sequence[str]) -> None:
    for answer in answers:
        group.get_by_label(words(answer, whole=False)).check()


def _fill_rows(group: Locator, rows: Sequence[Answers]) -> None:
    """Row by row; a row that isn't there yet is added by the button under them."""
    lines = group.locator("ol.route > li")
    for number, row in enumerate(rows):
        if number >= lines.count():
            group.locator('button[value$=".add"]').click()
            lines.nth(number).wait_for()
        fill(lines.nth(number), row)
