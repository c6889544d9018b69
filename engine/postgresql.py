"""PostgreSQL's connection, which takes many statements along on one journey there and back.

psycopg needs longer to send a statement and fetch its rows than the server to carry it out. So
what every command says is handed to libpq itself, prepared; and what nobody waits for the answer
to is answered with the next statement that somebody does wait for, or with COMMIT.
"""

from __future__ import annotations

import re
import select
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache, cached_property
from itertools import chain, count, islice
from typing import Any, NamedTuple

import psycopg
from psycopg import errors, pq
from psycopg._preparing import PrepareManager
from psycopg.adapt import PyFormat, Transformer

from engine.postgresql_cursor import Column, Cursor

Parameters = tuple[Any, ...]
Said = tuple[str, Sequence[Parameters]]  # a statement, and what it is said with each time
AT_ONCE = 12  # statements told on one journey that are sent off at once: what a completion says
MOST_ROWS = 8  # inserted by one statement, of which each number of rows is another
SAID_OFTEN = 5  # times, after which a statement that may have been built anew is prepared
MOST_OFTEN = 100  # of those are prepared; the product's own, of which there are few, all are
MOST_COUNTED = 1000
_INSERT = re.compile(r'INSERT INTO (?:\w+|"\w+") \([^()]*\) VALUES \([^()]*\)')
_PARAMETER = re.compile(r"\$(\d+)")
_IN_VAIN = frozenset(
    {pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.BAD_RESPONSE, pq.ExecStatus.PIPELINE_ABORTED}
)
_IN_TRANSACTION, _IDLE = pq.TransactionStatus.INTRANS, pq.TransactionStatus.IDLE


class Answer(NamedTuple):
    rows: list[Parameters]
    rowcount: int  # how many were found or changed, of all times it was said


class Found(NamedTuple):
    """An answer, and what its columns are called; None for what answers with no rows."""

    rows: list[Parameters]
    rowcount: int
    columns: list[Column] | None


class Question:
    """Of one or more statements, whose answers are heard when they are had."""

    def __init__(self, talk: Talk, journey: _Journey, said: Sequence[Said]) -> None:
        self.journey = journey
        self._talk = talk
        self._said = said
        self._missing = sum(len(rows) for _text, rows in said)
        self._results: list[Any] = []

    @property
    def is_answered(self) -> bool:
        return not self._missing

    def take(self, result: Any) -> None:
        self._results.append(result)
        self._missing -= 1

    def results(self) -> list[Any]:
        if self._missing:
            self._talk.hear(self)
        return self._results

    def answers(self) -> list[Answer]:
        """One of each statement."""
        answers = map(self._talk.answer_of, self.results())
        return [_summed(islice(answers, len(rows))) for _text, rows in self._said]


class Connection(psycopg.Connection[Any]):
    """psycopg's own; what it says comes after what was told through `talk` before."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.talk = Talk(self)
        self._prepared = _Prepared(self.talk)
        self.server_cursor_factory = psycopg.RawServerCursor

    def cursor(self, *args: Any, **kwargs: Any) -> Any:
        """Ours, unless it is to be of a certain kind: named ones are read from bit by bit."""
        if not args and not kwargs:
            return Cursor(self)
        self.talk.catch_up()
        return super().cursor(*args, **kwargs)

    def execute(self, *args: Any, **kwargs: Any) -> Any:
        """psycopg's own, which makes itself a cursor."""
        return self.cursor(row_factory=self.row_factory).execute(*args, **kwargs)

    def commit(self) -> None:
        if not self.talk.commit():
            super().commit()

    def rollback(self) -> None:
        self.talk.break_off()
        super().rollback()


class _Prepared(PrepareManager):
    """What psycopg has prepared itself. When it forgets that, it has the server forget all."""

    def __init__(self, talk: Talk) -> None:
        super().__init__()
        self._talk = talk

    def clear(self) -> bool:
        forgets = super().clear()
        if forgets:
            self._talk.prepared.clear()
        return forgets


class Talk:
    """What is said past psycopg over its connection, by the one thread that has it."""

    def __init__(self, connection: Connection) -> None:
        # Names, by statement and types of parameters: as many as the product's statements, those
        # that insert as many times as rows are gathered in one.
        self.prepared: dict[Any, bytes] = {}
        self._connection = connection
        self._beginning: bytes | None = None
        self._journey: _Journey | None = None  # that is under way
        self._numbers = count()
        self._times: Counter[str] = Counter()  # that what isn't prepared was said
        self._often = 0  # how many are prepared for having been said often

    @cached_property
    def _adapter(self) -> Any:
        """Made late: a connection is given its adapters when it has been made."""
        return Transformer(self._connection)

    def begin(self, statement: str) -> None:
        """Let the transaction begin with that, once something is said in it."""
        self._beginning = statement.encode()

    def tell(self, said: Sequence[Said]) -> None:
        """The server sets about it meanwhile; that it fails is heard of at the next question.

        Where much is told on one journey, libpq gathers it: each sending wakes the server.
        """
        journey = self._set_out()
        for text, rows in said:
            for some_text, some in _gathered(text, rows):
                self._send_each(some_text, some)
        if self._connection.autocommit:  # there may be no next one
            self._arrive()
        elif journey.told <= AT_ONCE:
            self._connection.pgconn.flush()

    def ask(self, said: Sequence[Said]) -> list[Answer]:
        """The answer to each."""
        return self._question(said).answers()

    def ask_later(self, said: Sequence[Said]) -> list[Question]:
        """One of each: the server sets about them, and an answer is heard when it is had."""
        questions = [self._question([one]) for one in said]
        self._connection.pgconn.flush()
        return questions

    def find(self, text: str, parameters: Parameters) -> Found:
        """The answer to what may have been built for this once, as SQLAlchemy says it."""
        (result,) = self._question([(text, [parameters])], is_own=False).results()
        rows, rowcount = self.answer_of(result)
        columns = [
            (result.fname(place).decode(), result.ftype(place)) for place in range(result.nfields)
        ]
        return Found(rows, rowcount, columns or None)

    def catch_up(self) -> None:
        """Hear what became of all that was told."""
        if self._journey or self._beginning:
            self._arrive()

    def commit(self) -> bool:
        """False if there is no sound transaction to be committed."""
        if self._journey or self._connection.pgconn.transaction_status == _IN_TRANSACTION:
            self._set_out()
            self._send_plain(b"COMMIT")
            self._arrive()
            return True
        self._beginning = None
        return False

    def break_off(self) -> None:
        """What was told is to be undone, whatever became of it."""
        self._beginning = None
        if self._journey:
            with suppress(psycopg.Error):
                self._arrive()

    def _set_out(self) -> _Journey:
        if self._journey:
            return self._journey
        connection = self._connection
        outside = connection.pgconn.transaction_status == _IDLE and not connection.autocommit
        connection.pgconn.enter_pipeline_mode()
        journey = self._journey = _Journey()
        if outside:
            self._send_plain(self._beginning or connection._get_tx_start_command())
        self._beginning = None
        return journey

    def _question(self, said: Sequence[Said], *, is_own: bool = True) -> Question:
        question = Question(self, self._set_out(), said)
        for text, rows in said:
            self._send_each(text, rows, question, is_own=is_own)
        self._connection.pgconn.send_flush_request()
        return question

    def _send_each(
        self,
        text: str,
        rows: Sequence[Parameters],
        question: Question | None = None,
        *,
        is_own: bool = True,
    ) -> None:
        pgconn, adapter = self._connection.pgconn, self._adapter
        for parameters in rows:
            values = adapter.dump_sequence(parameters, [PyFormat.AUTO] * len(parameters))
            name = self._name(text, adapter.types, is_own=is_own)
            if name is None:
                pgconn.send_query_params(text.encode(), values, adapter.types, adapter.formats)
            else:
                pgconn.send_query_prepared(name, values, adapter.formats)
            self._note(text, question)

    def _name(self, text: str, types: Any, *, is_own: bool) -> bytes | None:
        """By which it has been prepared; None if that isn't worth it."""
        key = (text, types)
        name = self.prepared.get(key)
        if name is None and (is_own or self._comes_often(text)):
            name = self.prepared[key] = b"told_%d" % next(self._numbers)
            self._connection.pgconn.send_prepare(name, text.encode(), types)
            self._note(text, prepares=key)
        return name

    def _note(self, text: str, question: Question | None = None, prepares: Any = None) -> None:
        assert self._journey is not None
        self._journey.told += 1
        self._journey.ahead.append(_Sent(text, question, prepares))

    def _comes_often(self, text: str) -> bool:
        """Some come again and again, and some, as those that list what is looked for, never."""
        if self._often >= MOST_OFTEN:
            return False
        if len(self._times) > MOST_COUNTED:
            self._times.clear()
        self._times[text] += 1
        if self._times[text] < SAID_OFTEN:
            return False
        del self._times[text]
        self._often += 1
        return True

    def _send_plain(self, text: bytes) -> None:
        self._connection.pgconn.send_query_params(text, None)
        self._note(text.decode())

    def hear(self, question: Question) -> None:
        """All that was sent up to that question; what fails is raised here."""
        journey = question.journey
        if journey is self._journey:  # else somebody else may have the connection now
            if self._connection.autocommit:
                self._arrive()  # each question is a transaction of its own
            with self._or_finish():
                self._flush()
                while not (question.is_answered or journey.failed):
                    self._take(self._next_result())
            if journey.failed:
                self._arrive()
        if not question.is_answered:
            raise errors.InFailedSqlTransaction("asked in a transaction that has failed since")

    def _arrive(self) -> None:
        """Hear what became of all that was sent on this journey."""
        journey = self._set_out()
        pgconn = self._connection.pgconn
        try:
            with self._or_finish():
                pgconn.pipeline_sync()
                self._flush()
                while (result := self._next_result()).status != pq.ExecStatus.PIPELINE_SYNC:
                    self._take(result)
                pgconn.exit_pipeline_mode()
        except psycopg.OperationalError:
            if not journey.failed:  # which tells more of why
                raise
        finally:
            self._journey = None
        if journey.failed:
            raise self._failure(*journey.failed) from None

    @contextmanager
    def _or_finish(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self._connection.pgconn.finish()  # nobody knows how far it came, so none is to go on
            raise

    def _take(self, result: Any) -> None:
        """What became of the first that hasn't been heard of."""
        journey = self._journey
        assert journey is not None
        sent = journey.ahead.popleft()
        if result.status in _IN_VAIN:
            self.prepared.pop(sent.prepares, None)
            journey.failed = journey.failed or (sent.text, result)
        elif sent.question:
            sent.question.take(result)

    def _flush(self) -> None:
        pgconn = self._connection.pgconn
        while pgconn.flush():  # the server takes no more until what it answers is read
            self._wait(select.POLLIN | select.POLLOUT)
            pgconn.consume_input()

    def _wait(self, until: int) -> None:
        poll = select.poll()
        poll.register(self._connection.pgconn.socket, until)
        poll.poll()

    def _next_result(self) -> Any:
        pgconn = self._connection.pgconn
        try:
            while pgconn.status == pq.ConnStatus.OK:
                while pgconn.is_busy():  # to ask for the result now would stop every other thread
                    self._wait(select.POLLIN)
                    pgconn.consume_input()
                result = pgconn.get_result()
                if result is not None:  # between one statement and the next
                    return result
            raise psycopg.OperationalError(pgconn.get_error_message())
        except psycopg.OperationalError:
            last = pgconn.get_result()
            if last is not None and _tells_why(last):
                raise self._failure("", last) from None
            raise

    def answer_of(self, result: Any) -> Answer:
        rows: list[Parameters] = []
        if result.status == pq.ExecStatus.TUPLES_OK:
            self._adapter.set_pgresult(result)
            rows = self._adapter.load_rows(0, result.ntuples, tuple)
        return Answer(rows, result.command_tuples or 0)

    def _failure(self, text: str, result: Any) -> Any:
        failure: Any = errors.error_from_result(result, encoding=self._connection.info.encoding)
        failure.statement = text  # which may have been told long before
        return failure


class _Sent(NamedTuple):
    text: str
    question: Question | None
    prepares: Any  # the key of what is prepared


class _Journey:
    """What was sent since the server was last heard out."""

    def __init__(self) -> None:
        self.told = 0
        self.ahead: deque[_Sent] = deque()  # not heard of yet
        self.failed: tuple[str, Any] | None = None  # the first that did, and how


def _gathered(text: str, rows: Sequence[Parameters]) -> Iterator[Said]:
    """Several rows that are inserted, in one statement: to carry out each by itself takes longer
    than to write its row.
    """
    if len(rows) == 1 or not _is_insert(text):
        yield text, rows
        return
    for start in range(0, len(rows), MOST_ROWS):
        some = rows[start : start + MOST_ROWS]
        yield _inserting(text, len(some)), [tuple(chain.from_iterable(some))]


@cache
def _is_insert(text: str) -> bool:
    return bool(_INSERT.fullmatch(text))


@cache
def _inserting(text: str, rows: int) -> str:
    """The statement that inserts one row, for so many: its parameters are numbered on."""
    before, _values, row = text.partition(" VALUES ")
    width = len(_PARAMETER.findall(row))
    return f"{before} VALUES {', '.join(_numbered(row, turn * width) for turn in range(rows))}"


def _numbered(row: str, after: int) -> str:
    return _PARAMETER.sub(lambda found: f"${int(found[1]) + after}", row)


def _tells_why(result: Any) -> bool:
    """Whether it is the server that tells of a failure, and not that there is none any more."""
    return bool(result.error_field(pq.DiagnosticField.SQLSTATE))


def _summed(answers: Iterable[Answer]) -> Answer:
    every = list(answers)
    if len(every) == 1:
        return every[0]
    rows = [row for answer in every for row in answer.rows]
    return Answer(rows, sum(answer.rowcount for answer in every))
