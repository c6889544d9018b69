"""BPMN files to SpiffWorkflow's specs, with our own classes where the stock ones fall short."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.event_parsers import (
    CANCEL_EVENT_XPATH,
    ERROR_EVENT_XPATH,
    ESCALATION_EVENT_XPATH,
    MESSAGE_EVENT_XPATH,
    SIGNAL_EVENT_XPATH,
    TERMINATION_EVENT_XPATH,
    EventBasedGatewayParser,
)
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser, GatewayParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs import defaults as bpmn
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import SimpleBpmnTask
from SpiffWorkflow.spiff.parser import event_parsers as stock_events
from SpiffWorkflow.spiff.parser import task_spec as stock_tasks
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser, SpiffProcessParser
from SpiffWorkflow.spiff.specs import defaults as spiff

from engine.spiff.activities import CallActivity, OperationTask, SubProcess, Transaction
from engine.spiff.boundaries import Boundary
from engine.spiff.decisions import DecisionTask, Table
from engine.spiff.events import Cancel, Error, Escalation, Message
from engine.spiff.gateways import EventGateway, XorGateway
from engine.spiff.joins import AndGateway, EndJoin, OrGateway
from engine.spiff.loops import Loop, Parallel, Sequential
from engine.spiff.schema import BPMN
from engine.spiff.timers import Once, Repeated
from engine.texts import gettext as _

# An embedded subprocess is kept as "process/subprocess": two files may both draw a `fas`.
SEPARATOR = "/"


class ProcessSpec(BpmnProcessSpec):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        del self.task_specs[self.end.name], self.task_specs["End"]
        self.end: Any = EndJoin(self, f"{self.name}.EndJoin")
        self.end.connect(SimpleBpmnTask(self, "End"))


class ProcessParser(SpiffProcessParser):
    spec_name: str | None = None  # for embedded subprocesses

    @property
    def bpmn_id(self) -> str:
        return self.spec_name or str(self.node.get("id"))

    def create_spec(self) -> ProcessSpec:
        return ProcessSpec(name=self.bpmn_id, description=self.get_name(), filename=self.filename)


class _Loops:
    STANDARD_LOOP_CLASS = Loop
    PARALLEL_MI_CLASS = Parallel
    SEQUENTIAL_MI_CLASS = Sequential


class TaskParser(_Loops, stock_tasks.SpiffTaskParser):
    pass


class UserTaskParser(_Loops, stock_tasks.UserTaskParser):
    pass


class ScriptTaskParser(_Loops, stock_tasks.ScriptTaskParser):
    pass


class CallActivityParser(_Loops, stock_tasks.CallActivityParser):
    pass


class SubProcessParser(_Loops, stock_tasks.SpiffTaskParser):
    def create_task(self) -> Any:
        if self.node.get("triggeredByEvent") == "true":
            self.raise_validation_exception(
                _("Händelsedelprocesser stöds inte. Rita en kanthändelse på en delprocess.")
            )
        return self.spec_class(
            self.spec, self.bpmn_id, subworkflow_spec=self._embedded(), **self.bpmn_attributes
        )

    def _embedded(self) -> str:
        if len(self.xpath("./bpmn:startEvent")) != 1 or not self.xpath("./bpmn:endEvent"):
            self.raise_validation_exception(
                _("En delprocess ska ha en starthändelse och minst en sluthändelse.")
            )
        owner, files = self.process_parser, self.process_parser.parser
        name = f"{owner.bpmn_id}{SEPARATOR}{self.bpmn_id}"
        parser = ProcessParser(files, self.node, files.namespaces, {}, filename=self.filename)
        parser.spec_name, parser.parent = name, owner
        files.process_parsers[name] = parser
        return name


class ServiceTaskParser(_Loops, stock_tasks.SpiffTaskParser):
    pass


class BusinessRuleTaskParser(_Loops, stock_tasks.SpiffTaskParser):
    def create_task(self) -> DecisionTask:
        decision = (self.parse_extensions().get("calledDecisionId") or "").strip()
        table = self.process_parser.parser.tables.get(decision)
        if table is None:
            self.raise_validation_exception(
                _("Det finns ingen beslutstabell ”%(id)s”.", id=decision)
            )
        return DecisionTask(self.spec, self.bpmn_id, table, **self.bpmn_attributes)

    @staticmethod
    def get_decision_ref(node: Any) -> None:
        """Decisions are read by `engine.spiff.decisions`."""


class _Events(_Loops):
    """Event definitions of our own, for whichever element they stand on."""

    node: Any
    xpath: Any
    process_parser: Any
    raise_validation_exception: Any
    parse_message_extensions: Any

    def parse_timer_event(self, event: Any) -> Once | Repeated:
        texts = [
            (child.text or "").strip()
            for child in event
            if etree.QName(child).localname in ("timeDate", "timeDuration", "timeCycle")
        ]
        name = self.node.get("name") or self.node.get("id")
        goes_on = self.node.get("cancelActivity") == "false"
        cycles = event.find(full_tag("timeCycle")) is not None
        kind = Repeated if goes_on and cycles else Once
        return kind(name, texts[0] if texts else "")

    def parse_message_event(self, event: Any) -> Message:
        name = self.process_parser.parser.messages.get(event.get("messageRef"))
        if name is None:
            self.raise_validation_exception(_("Säg vilket meddelande det är."))
        expression, variable = self.parse_message_extensions(event)
        return Message(name, [], expression, variable, [])

    @staticmethod
    def parse_cancel_event(_event: Any) -> Cancel:
        return Cancel()

    def parse_error_event(self, event: Any) -> Error:
        known = self.process_parser.parser.errors.get(event.get("errorRef"), {})
        return Error(known.get("name"), code=known.get("error_code"))

    def parse_escalation_event(self, event: Any) -> Escalation:
        known = self.process_parser.parser.escalations.get(event.get("escalationRef"), {})
        return Escalation(known.get("name"), code=known.get("escalation_code"))


class StartEventParser(_Events, stock_events.SpiffStartEventParser):
    pass


class EndEventParser(_Events, stock_events.SpiffEndEventParser):
    def create_task(self) -> Any:
        # The stock parser leaves signals out, so that a signal end event sends nothing.
        definition = self.get_event_definition(
            [
                MESSAGE_EVENT_XPATH,
                SIGNAL_EVENT_XPATH,
                CANCEL_EVENT_XPATH,
                ERROR_EVENT_XPATH,
                ESCALATION_EVENT_XPATH,
                TERMINATION_EVENT_XPATH,
            ]
        )
        task = self._create_task(definition)
        task.connect(self.spec.end)
        return task


class CatchEventParser(_Events, stock_events.SpiffIntermediateCatchEventParser):
    pass


class ThrowEventParser(_Events, stock_events.SpiffIntermediateThrowEventParser):
    pass


class BoundaryEventParser(_Events, stock_events.SpiffBoundaryEventParser):
    pass


class SendTaskParser(_Events, stock_events.SpiffSendTaskParser):
    pass


class ReceiveTaskParser(_Events, stock_events.SpiffReceiveTaskParser):
    pass


class CaseParser(SpiffBpmnParser):
    """One per bundle."""

    PROCESS_PARSER_CLASS = ProcessParser
    PARSER_CLASSES: Mapping[str, Any] = {}  # what isn't listed here isn't run
    OVERRIDE_PARSER_CLASSES: Mapping[str, Any] = {
        f"{{{BPMN}}}{tag}": classes
        for tag, classes in {
            "task": (TaskParser, spiff.NoneTask),
            "userTask": (UserTaskParser, spiff.UserTask),
            "manualTask": (TaskParser, spiff.ManualTask),
            "scriptTask": (ScriptTaskParser, spiff.ScriptTask),
            "serviceTask": (ServiceTaskParser, OperationTask),
            "sendTask": (SendTaskParser, spiff.SendTask),
            "receiveTask": (ReceiveTaskParser, spiff.ReceiveTask),
            "businessRuleTask": (BusinessRuleTaskParser, DecisionTask),
            "subProcess": (SubProcessParser, SubProcess),
            "transaction": (SubProcessParser, Transaction),
            "callActivity": (CallActivityParser, CallActivity),
            "startEvent": (StartEventParser, bpmn.StartEvent),
            "endEvent": (EndEventParser, bpmn.EndEvent),
            "boundaryEvent": (BoundaryEventParser, Boundary),
            "intermediateCatchEvent": (CatchEventParser, bpmn.IntermediateCatchEvent),
            "intermediateThrowEvent": (ThrowEventParser, bpmn.IntermediateThrowEvent),
            "exclusiveGateway": (ConditionalGatewayParser, XorGateway),
            "inclusiveGateway": (ConditionalGatewayParser, OrGateway),
            "parallelGateway": (GatewayParser, AndGateway),
            "eventBasedGateway": (EventBasedGatewayParser, EventGateway),
        }.items()
    }

    def __init__(self, tables: Mapping[str, Table]) -> None:
        super().__init__()
        self.tables = tables
        # Lanes and positions are kept by the root's address: it must live as long as they.
        self._roots: list[etree._Element] = []

    def add_bpmn_xml(self, bpmn: etree._Element, filename: str | None = None) -> None:
        self._roots.append(bpmn)
        super().add_bpmn_xml(bpmn, filename)

    def _find_dependencies(self, process: Any) -> None:
        """Which files belong together is settled when they are deployed."""
