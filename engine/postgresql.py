"""PostgreSQL's connection, which takes many statements along on one journey there and back.

psycopg needs longer to send a statement and fetch its rows than the server to carry it out. So
what every command says is handed to libpq itself, prepared; and what nobody waits for the answer
to is answered with the next statement that somebody does wait for, or with COMMIT.
"""

from __future__ import annotations

import select
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import count, islice
from typing import Any, NamedTuple

import psycopg
from psycopg import errors, pq
from psycopg.adapt import PyFormat, Transformer

Parameters = tuple[Any, ...]
Said = tuple[str, Sequence[Parameters]]  # a statement, and what it is said with each time
MOST_AT_ONCE = 100  # so that neither end waits for the other to read
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

    def cursor(self, *args: Any, **kwargs: Any) -> Any:
        self.talk.catch_up()
        return super().cursor(*args, **kwargs)

    def commit(self) -> None:
        if not self.talk.commit():
            super().commit()

    def rollback(self) -> None:
        self.talk.forget()
        if self.pgconn.transaction_status != _IDLE:
            super().rollback()
            self.talk.prepare_anew()  # psycopg may have made the server forget all of it


class Talk:
    """What is said past psycopg over its connection, by the one thread that has it."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._beginning: Sequence[str] = ()
        self._under_way = False
        self._sent: list[_Sent] = []  # on the journey that is under way
        self._prepared: dict[Any, bytes] = {}  # names, by statement and types of parameters
        self._proven: dict[Any, bytes] = {}  # those that the server has answered for
        self._numbers = count()
        self._adapter = Transformer(connection)

    def begin(self, *statements: str) -> None:
        """Let the transaction begin with those, once something is said in it."""
        self._beginning = statements

    def tell(self, said: Sequence[Said]) -> None:
        """The server sets about it meanwhile; that it fails is heard of at the next question."""
        self._send_all(said)
        self._connection.pgconn.flush()

    def ask(self, said: Sequence[Said]) -> list[Answer]:
        """The answer to each."""
        told = sum(one.is_answered for one in self._sent)
        answers = iter([*self._send_all(said), *self._arrive()][told:])
        return [_summed(islice(answers, len(rows))) for _text, rows in said]

    def catch_up(self) -> None:
        """Hear what became of all that was told."""
        if self._sent or self._beginning:
            self._arrive()

    def commit(self) -> bool:
        """False if there is no sound transaction to be committed."""
        if self._sent or self._connection.pgconn.transaction_status == _IN_TRANSACTION:
            self._set_out()
            self._send_plain("COMMIT")
            self._arrive()
            return True
        self._beginning = ()
        return False

    def forget(self) -> None:
        """Of a transaction that is to be undone."""
        self._beginning = ()
        if self._under_way:
            with suppress(psycopg.Error):
                self._arrive()

    def prepare_anew(self) -> None:
        if self._prepared:
            self._prepared, self._proven = {}, {}
            self._connection.pgconn.exec_(b"DEALLOCATE ALL")

    def _set_out(self) -> None:
        if self._under_way:
            return
        connection, beginning = self._connection, self._beginning
        outside = connection.pgconn.transaction_status == _IDLE and not connection.autocommit
        self._beginning, self._under_way = (), True
        connection.pgconn.enter_pipeline_mode()
        for text in (beginning or ["BEGIN"]) if outside else ():
            self._send_plain(text)

    def _send_all(self, said: Sequence[Said]) -> list[Answer]:
        """Answers that came meanwhile, as so much was said that it had to be heard."""
        answers: list[Answer] = []
        for text, rows in said:
            for parameters in rows:
                if len(self._sent) >= MOST_AT_ONCE:
                    answers += self._arrive()
                self._set_out()
                self._send(text, parameters)
        return answers

    def _send(self, text: str, parameters: Parameters) -> None:
        pgconn, adapter = self._connection.pgconn, self._adapter
        values = adapter.dump_sequence(parameters, [PyFormat.AUTO] * len(parameters))
        key = (text, adapter.types)
        name = self._prepared.get(key)
        if name is None:
            name = self._prepared[key] = b"told_%d" % next(self._numbers)
            pgconn.send_prepare(name, text.encode(), adapter.types)
            self._sent.append(_Sent(text, is_answered=False))
        pgconn.send_query_prepared(name, values, adapter.formats)
        self._sent.append(_Sent(text, is_answered=True))

    def _send_plain(self, text: str) -> None:
        self._connection.pgconn.send_query_params(text.encode(), None)
        self._sent.append(_Sent(text, is_answered=False))

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
        for one, result in both:
            if result.status in _FAILED:
                self._prepared = self._proven.copy()
                raise self._failure(one.text, result)
        if len(self._proven) < len(self._prepared):
            self._proven = self._prepared.copy()
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
        while pgconn.status == pq.ConnStatus.OK:
            while pgconn.is_busy():  # to ask for the result now would stop every other thread
                self._wait(select.POLLIN)
                pgconn.consume_input()
            result = pgconn.get_result()
            if result is None:
                continue  # between one statement and the next
            if result.status == pq.ExecStatus.PIPELINE_SYNC:
                return
            yield result
        raise psycopg.OperationalError(pgconn.get_error_message())

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
    is_answered: bool


def _summed(answers: Iterable[Answer]) -> Answer:
    every = list(answers)
    if len(every) == 1:
        return every[0]
    rows = [row for answer in every for row in answer.rows]
    return Answer(rows, sum(answer.rowcount for answer in every))
