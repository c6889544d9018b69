"""The words by which cases are found: one row per word and case, the same on every database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from engine.database import Base

FEW = 2000
_WORD = re.compile(r"\w+")
# Swedish letters of their own: å is not an a with a mark, so "vard" must not find "vård".
_KEPT = frozenset("åäö")
# PostgreSQL compares by bytes here, so that a prefix is one index range whatever the locale.
_Word = sa.String().with_variant(sa.String(collation="C"), "postgresql")


class CaseWord(Base):
    __tablename__ = "case_word"
    __table_args__ = (sa.Index("ix_case_word_case", "case_number", "word"),)

    word: Mapped[str] = mapped_column(_Word, primary_key=True)
    case_number: Mapped[str] = mapped_column(sa.ForeignKey("case.number"), primary_key=True)


def words(text: str) -> list[str]:
    """The words of a text as they are compared: lower case, marks gone except on å, ä and ö."""
    return _WORD.findall("".join(map(_plain, unicodedata.normalize("NFC", text).casefold())))


def put(session: Session, case_number: str, texts: Iterable[str]) -> None:
    """Replace the case's words by those of `texts`."""
    wanted = {word for text in texts for word in words(text)}
    of_case = CaseWord.case_number == case_number
    known = set(session.scalars(sa.select(CaseWord.word).where(of_case)))
    if gone := known - wanted:
        session.execute(sa.delete(CaseWord).where(of_case, CaseWord.word.in_(gone)))
    session.add_all(CaseWord(word=word, case_number=case_number) for word in wanted - known)


def has_word(
    session: Session, case_number: InstrumentedAttribute[str], prefix: str
) -> sa.ColumnElement[bool]:
    """That the case has a word beginning so.

    A rare word is looked up, a common one is checked case by case until the page is full: for
    each of them the other way reads tens of thousands of rows.
    """
    rows = sa.select(CaseWord.case_number).where(_starts_with(prefix))
    few = session.scalar(sa.select(sa.func.count()).select_from(rows.limit(FEW).subquery()))
    if few is not None and few < FEW:
        return case_number.in_(rows)
    return sa.exists().where(CaseWord.case_number == case_number, _starts_with(prefix))


def _starts_with(prefix: str) -> sa.ColumnElement[bool]:
    """An index range, unlike LIKE with its escapes and its own idea of case."""
    return sa.and_(CaseWord.word >= prefix, CaseWord.word < prefix + "\U0010ffff")


def _plain(letter: str) -> str:
    if letter in _KEPT:
        return letter
    return "".join(c for c in unicodedata.normalize("NFD", letter) if not unicodedata.combining(c))
