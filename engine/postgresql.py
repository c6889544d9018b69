"""PostgreSQL's connection, which takes many statements along on one journey there and back.

psycopg needs longer to send a statement and fetch its rows than the server to carry it out. So
what every command says is handed to libpq itself, prepared. What nobody waits for is heard of with
the next answer that somebody does wait for, or with COMMIT.
"""

from __future__ import annotations

import select
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

import psycopg
from psycopg import errors, pq
from psycopg._preparing import PrepareManager
from psycopg.adapt import PyFormat, Transformer

from engine.gathered_rows import Parameters, Said, gathered
from engine.postgresql_cursor import Cursor, Found
from engine.prepared_names import Key, PreparedNames

AT_ONCE = 12  # statements told after a question that are sent off at once: what a completion says
_IN_VAIN = frozenset(
    {pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.BAD_RESPONSE, pq.ExecStatus.PIPELINE_ABORTED}
)
_IN_TRANSACTION, _IDLE = pq.TransactionStatus.INTRANS, pq.TransactionStatus.IDLE


class Answer(NamedTuple):
    rows: list[Parameters]
    rowcount: int  # how many were found or changed, of all times it was said


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

    def wait(self, *args: Any, **kwargs: Any) -> Any:
        """The door through which all goes that psycopg itself says."""
        self.talk.catch_up()
        return super().wait(*args, **kwargs)

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
        if not self.is_answered:
            self._talk.hear(self)
        return self._results

    def answers(self) -> list[Answer]:
        """One of each statement."""
        answers = map(self._talk.answer_of, self.results())
        return [_summed(islice(answers, len(rows))) for _text, rows in self._said]


class Talk:
    """What is said past psycopg over its connection, by the one thread that has it."""

    def __init__(self, connection: Connection) -> None:
        self.prepared = PreparedNames()
        self._connection = connection
        self._beginning: bytes | None = None
        self._journey: _Journey | None = None  # that is under way

    @cached_property
    def _adapter(self) -> Any:
        """Made late: a connection is given its adapters when it has been made."""
        return Transformer(self._connection)

    def begin(self, statement: str) -> None:
        """Let the transaction begin with that, once something is said in it."""
        self._beginning = statement.encode()

    def tell(self, said: Sequence[Said]) -> None:
        """The server sets about it meanwhile; that it fails is heard of at the next question.

        Where much is told at a time, libpq gathers it: each sending wakes the server.
        """
        journey = self._set_out()
        for text, rows in said:
            for some_text, some in gathered(text, rows):
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

    def find(self, text: str, rows: Sequence[Parameters]) -> list[Found]:
        """The answer for each row, to what may have been built for this once."""
        results = self._question([(text, rows)], is_own=False).results()
        return [self._found(result) for result in results]

    def hear(self, question: Question) -> None:
        """All that was sent up to that question; what fails is raised here."""
        journey = question.journey
        if journey is self._journey:  # else somebody else may have the connection now
            if self._connection.autocommit:
                self._arrive()
            with self._or_finish():
                self._flush()
                while not (question.is_answered or journey.failed):
                    self._take(self._next_result())
            if journey.failed:
                self._arrive()
        if not question.is_answered:
            raise errors.InFailedSqlTransaction("asked in a transaction that has failed since")

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
        if not self._connection.autocommit:  # else it is over when it has been heard
            self._send_end()
        question.journey.told = 0
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
            name = self._name((text, adapter.types), is_own=is_own)
            if name is None:
                pgconn.send_query_params(text.encode(), values, adapter.types, adapter.formats)
            else:
                pgconn.send_query_prepared(name, values, adapter.formats)
            self._note(_Sent(text, question))

    def _name(self, key: Key, *, is_own: bool) -> bytes | None:
        """By which it has been prepared; None if that isn't worth it."""
        name = self.prepared.find(key)
        text, types = key
        if name is None and self.prepared.may_be_added(text, is_own=is_own):
            name = self.prepared.new()
            self._connection.pgconn.send_prepare(name, text.encode(), types)
            self.prepared.add(key, name)
            self._note(_Sent(text, prepares=key))
        return name

    def _send_plain(self, text: bytes) -> None:
        self._connection.pgconn.send_query_params(text, None)
        self._note(_Sent(text.decode()))

    def _send_end(self) -> None:
        """Of what is to be answered together: the server then knows that it is to wait."""
        self._connection.pgconn.pipeline_sync()
        self._note(_END)

    def _note(self, sent: _Sent) -> None:
        assert self._journey is not None
        self._journey.told += 1
        self._journey.ahead.append(sent)

    def _arrive(self) -> None:
        """Hear what became of all that was sent on this journey."""
        journey = self._set_out()
        try:
            with self._or_finish():
                self._send_end()
                self._flush()
                while journey.ahead:
                    self._take(self._next_result())
                self._connection.pgconn.exit_pipeline_mode()
        except psycopg.OperationalError:
            if not journey.failed:  # which tells more of why
                raise
        finally:
            self._journey = None
        if journey.failed:
            raise self._failure(*journey.failed) from None

    @contextmanager
    def _or_finish(self) -> Iterator[None]:
        """Nobody knows how far it came when that fails, so nobody is to go on from there."""
        try:
            yield
        except BaseException as error:
            pgconn = self._connection.pgconn
            if not isinstance(error, Exception):  # a signal: the server would go on for nobody
                with suppress(psycopg.Error):
                    pgconn.get_cancel().cancel()
            pgconn.finish()
            raise

    def _take(self, result: Any) -> None:
        """What became of the first that hasn't been heard of; a server may end with no cause."""
        journey = self._journey
        assert journey is not None
        sent = journey.ahead.popleft()
        if result.status in _IN_VAIN:
            if sent.prepares:
                self.prepared.forget(sent.prepares)
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

    def _found(self, result: Any) -> Found:
        rows, rowcount = self.answer_of(result)
        columns = [
            (result.fname(place).decode(), result.ftype(place)) for place in range(result.nfields)
        ]
        return Found(rows, rowcount, columns or None)

    def _failure(self, text: str, result: Any) -> Any:
        failure: Any = errors.error_from_result(result, encoding=self._connection.info.encoding)
        failure.statement = text  # which may have been told long before
        return failure


class _Sent(NamedTuple):
    text: str
    question: Question | None = None
    prepares: Key | None = None


_END = _Sent("")


class _Journey:
    """What was said since nothing was outstanding."""

    def __init__(self) -> None:
        self.told = 0  # since the last question
        self.ahead: deque[_Sent] = deque()  # not heard of yet
        self.failed: tuple[str, Any] | None = None  # the first that did, and how


def _tells_why(result: Any) -> bool:
    """Whether it is the server that tells of a failure, and not that there is none any more."""
    return bool(result.error_field(pq.DiagnosticField.SQLSTATE))


def _summed(answers: Iterable[Answer]) -> Answer:
    every = list(answers)
    if len(every) == 1:
        return every[0]
    rows = [row for answer in every for row in answer.rows]
    return Answer(rows, sum(answer.rowcount for answer in every))
