"""What a running workflow may ask: facts, deadlines and operations, answered by the host."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from engine.errors import EngineError
from engine.held import Held
from engine.host import Actor, Operation, OperationCall, OperationKind, Scope
from engine.storable import given
from engine.tables import Instance
from engine.texts import gettext as _

if TYPE_CHECKING:
    from engine.engine import Engine


class Context:
    """The `RunContext` of one instance in one transaction."""

    def __init__(
        self, session: Session, engine: Engine, instance: Held | Instance, actor: Actor
    ) -> None:
        self.session = session
        self.engine = engine
        self.host = engine.host
        self.instance = instance
        self.actor = actor
        self.now = engine.clock.now()

    @property
    def functions(self) -> Mapping[str, Callable[..., Any]]:
        return self.host.functions()

    def scope(self, data: Mapping[str, Any], element: str | None) -> Scope:
        return Scope(
            instance_id=self.instance.id,
            process_key=self.instance.process_key,
            business_key=self.instance.business_key,
            element=element,
            data=data,
        )

    def names(self, data: Mapping[str, Any], element: str) -> Mapping[str, Any]:
        return Names(self, data, element)

    def deadline(
        self, text: str, data: Mapping[str, Any], element: str, start: datetime
    ) -> datetime:
        return self.host.deadline(self.session, text, self.scope(data, element), start)

    def operation(self, name: str) -> Operation | None:
        return self.host.operations().get(name)

    def run_operation(
        self,
        name: str,
        data: Mapping[str, Any],
        element: str,
        answers: dict[str, Any] | None = None,
    ) -> Mapping[str, Any] | None:
        operation = self.operation(name)
        if operation is None or operation.kind is not OperationKind.INSIDE:
            raise EngineError(_("”%(name)s” är ingen åtgärd som kan göras här.", name=name))
        call = OperationCall(
            session=self.session,
            engine=self.engine,
            scope=self.scope(data, element),
            actor=self.actor,
            now=self.now,
            answers=answers or {},
        )
        return given(name, operation.run(call))


class Names(Mapping[str, Any]):
    """What an expression can name: the host's facts, asked for when used, and engine data.

    A fact wins: what people answered must not be able to hide what is true.
    """

    def __init__(self, context: Context, data: Mapping[str, Any], element: str) -> None:
        self._context = context
        self._data = data
        self._element = element
        self._fact_names = context.host.fact_names()
        self._facts: dict[str, Mapping[str, Any] | None] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._fact_names:
            return self._data[name]
        if name not in self._facts:
            scope = self._context.scope(self._data, self._element)
            self._facts[name] = self._context.host.fact(self._context.session, name, scope)
        return self._facts[name]

    def __contains__(self, name: object) -> bool:
        return name in self._fact_names or name in self._data

    def __iter__(self) -> Iterator[str]:
        yield from self._fact_names
        yield from (name for name in self._data if name not in self._fact_names)

    def __len__(self) -> int:
        return sum(1 for _name in self)
