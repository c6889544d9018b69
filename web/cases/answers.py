"""From what a form sent to the values that the domain takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import request

from engine import forms
from engine.errors import FieldError, Invalid
from engine.host import Option
from web import form_answers, form_widgets
from web.cases.schemas import Schema
from web.form_answers import Answers
from web.form_widgets import Form


def sent(schema: Schema) -> Answers:
    """What was filled in; raises Invalid with every field that is wrong."""
    answers = form_answers.read(schema, request.form)
    if errors := forms.validate(schema, answers, lambda _source: []):
        raise Invalid(errors)
    return answers


def form(schema: Schema, answers: Answers, errors: Sequence[FieldError] = ()) -> Form:
    return form_widgets.build(schema, answers, _no_options, errors)


def day(answers: Answers, name: str) -> date | None:
    value: Any = answers.get(name)
    return date.fromisoformat(value) if value else None


def sure_day(answers: Answers, name: str) -> date:
    return date.fromisoformat(answers[name])


def _no_options(_source: str) -> Sequence[Option]:
    return ()
