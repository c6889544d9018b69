"""PostgreSQL's connection, which takes many statements along on one journey there and back.

psycopg needs longer to send a statement and fetch its rows than the server to carry it out. So
what every command says is handed to libpq itself, prepared; and what nobody waits for the answer
to is answered with the next statement that somebody does wait for, or with COMMIT.
"""

from __future__ import annotations

import re
import select
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache, cached_property
from itertools import chain, count, islice
from typing import Any, NamedTuple

import psycopg
from psycopg import errors, pq
from psycopg._preparing import PrepareManager
from psycopg.adapt import PyFormat, Transformer

Parameters = tuple[Any, ...]
Said = tuple[str, Sequence[Parameters]]  # a statement, and what it is said with each time
AT_ONCE = 12  # statements told on one journey that are sent off at once: what a completion says
MOST_ROWS = 8  # inserted by one statement, of which each number of rows is another
_INSERT = re.compile(r"INSERT INTO \w+ \([^()]*\) VALUES \([^()]*\)")
_PARAMETER = re.compile(r"\$(\d+)")
_FAILED = (pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.BAD_RESPONSE)
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

    def cursor(self, *args: Any, **kwargs: Any) -> Any:
        self.talk.catch_up()
        return super().cursor(*args, **kwargs)

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
        self._under_way = False
        self._sent: list[_Sent] = []  # on the journey that is under way
        self._numbers = count()

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
        self._send_all([part for text, rows in said for part in _gathered(text, rows)])
        if self._connection.autocommit:  # there may be no next one
            self._arrive()
        elif len(self._sent) <= AT_ONCE:
            self._connection.pgconn.flush()

    def ask(self, said: Sequence[Said]) -> list[Answer]:
        """The answer to each."""
        told = sum(one.is_answered for one in self._sent)
        self._send_all(said)
        answers = iter(self._arrive()[told:])
        return [_summed(islice(answers, len(rows))) for _text, rows in said]

    def catch_up(self) -> None:
        """Hear what became of all that was told."""
        if self._under_way or self._beginning:
            self._arrive()

    def commit(self) -> bool:
        """False if there is no sound transaction to be committed."""
        if self._under_way or self._connection.pgconn.transaction_status == _IN_TRANSACTION:
            self._set_out()
            self._send_plain(b"COMMIT")
            self._arrive()
            return True
        self._beginning = None
        return False

    def break_off(self) -> None:
        """What was told is to be undone, whatever became of it."""
        self._beginning = None
        if self._under_way:
            with suppress(psycopg.Error):
                self._arrive()

    def _set_out(self) -> None:
        if self._under_way:
            return
        connection = self._connection
        outside = connection.pgconn.transaction_status == _IDLE and not connection.autocommit
        connection.pgconn.enter_pipeline_mode()
        self._under_way = True
        if outside:
            self._send_plain(self._beginning or connection._get_tx_start_command())
        self._beginning = None

    def _send_all(self, said: Sequence[Said]) -> None:
        self._set_out()
        for text, rows in said:
            for parameters in rows:
                self._send(text, parameters)

    def _send(self, text: str, parameters: Parameters) -> None:
        pgconn, adapter = self._connection.pgconn, self._adapter
        values = adapter.dump_sequence(parameters, [PyFormat.AUTO] * len(parameters))
        key = (text, adapter.types)
        name = self.prepared.get(key)
        if name is None:
            name = self.prepared[key] = b"told_%d" % next(self._numbers)
            pgconn.send_prepare(name, text.encode(), adapter.types)
            self._sent.append(_Sent(text, prepares=key))
        pgconn.send_query_prepared(name, values, adapter.formats)
        self._sent.append(_Sent(text, is_answered=True))

    def _send_plain(self, text: bytes) -> None:
        self._connection.pgconn.send_query_params(text, None)
        self._sent.append(_Sent(text.decode()))

    def _arrive(self) -> list[Answer]:
        """The answers to all that was sent on this journey."""
        self._set_out()
        pgconn, sent = self._connection.pgconn, self._sent
        self._under_way, self._sent = False, []
        try:
            pgconn.pipeline_sync()
            self._flush()
            results = list(self._results())
            pgconn.exit_pipeline_mode()
        except BaseException:
            pgconn.finish()  # nobody knows how far it came, so nobody is to go on from there
            raise
        both = list(zip(sent, results, strict=True))
        failed = [(one, result) for one, result in both if result.status in _FAILED]
        if failed:
            for one, result in both:
                if one.prepares and result.status != pq.ExecStatus.COMMAND_OK:
                    self.prepared.pop(one.prepares, None)
            first, result = failed[0]
            raise self._failure(first.text, result)
        return [self._answer(result) for one, result in both if one.is_answered]

    def _flush(self) -> None:
        pgconn = self._connection.pgconn
        while pgconn.flush():  # the server takes no more until what it answers is read
            self._wait(select.POLLIN | select.POLLOUT)
            pgconn.consume_input()

    def _wait(self, until: int) -> None:
        poll = select.poll()
        poll.register(self._connection.pgconn.socket, until)
        poll.poll()

    def _results(self) -> Iterator[Any]:
        """One of each statement that was sent, in their order."""
        pgconn = self._connection.pgconn
        why: Any = None
        try:
            while pgconn.status == pq.ConnStatus.OK:
                while pgconn.is_busy():  # to ask for the result now would stop every other thread
                    self._wait(select.POLLIN)
                    pgconn.consume_input()
                result = pgconn.get_result()
                if result is None:
                    continue  # between one statement and the next
                if result.status == pq.ExecStatus.PIPELINE_SYNC:
                    return
                why = why or (result if _tells_why(result) else None)
                yield result
            raise psycopg.OperationalError(pgconn.get_error_message())
        except psycopg.OperationalError:
            last = why or pgconn.get_result()
            if last is not None and _tells_why(last):
                raise self._failure("", last) from None
            raise

    def _answer(self, result: Any) -> Answer:
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
    is_answered: bool = False
    prepares: Any = None  # the key of what is prepared


def _gathered(text: str, rows: Sequence[Parameters]) -> Iterator[Said]:
    """Several rows that are inserted, in one statement: to carry out each by itself takes longer
    than to write its row.
    """
    if len(rows) == 1 or not _INSERT.fullmatch(text):
        yield text, rows
        return
    for start in range(0, len(rows), MOST_ROWS):
        some = rows[start : start + MOST_ROWS]
        yield _inserting(text, len(some)), [tuple(chain.from_iterable(some))]


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
