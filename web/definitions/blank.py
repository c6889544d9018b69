"""A new process to begin from: a start, a task and an end, drawn so that they can be seen."""

from __future__ import annotations

import re
import unicodedata
from xml.sax.saxutils import quoteattr

from web.texts import gettext as _

MAX_NAME = 80
MAX_KEY = 40


def key_of(name: str) -> str:
    """The name in ASCII snake_case: `Ansökan om bidrag` is `ansokan_om_bidrag`; "" of nothing."""
    plain = unicodedata.normalize("NFD", name.casefold()).encode("ascii", "ignore").decode()
    key = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:MAX_KEY].rstrip("_")
    return f"process_{key}" if key[:1].isdigit() else key


def diagram(key: str, name: str) -> str:
    return _TEMPLATE.format(
        key=key,
        name=quoteattr(name),
        start=quoteattr(_("Börjar")),
        task=quoteattr(_("Första uppgiften")),
        end=quoteattr(_("Klart")),
    )


_TEMPLATE = """\
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" \
xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" \
xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" \
xmlns:di="http://www.omg.org/spec/DD/20100524/DI" \
xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" \
id="definitions_{key}" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:process id="{key}" name={name} isExecutable="true">
    <bpmn:startEvent id="borjar" name={start}>
      <bpmn:outgoing>till_forsta</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:userTask id="forsta_uppgiften" name={task}>
      <bpmn:incoming>till_forsta</bpmn:incoming>
      <bpmn:outgoing>till_klart</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="klart" name={end}>
      <bpmn:incoming>till_klart</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="till_forsta" sourceRef="borjar" targetRef="forsta_uppgiften" />
    <bpmn:sequenceFlow id="till_klart" sourceRef="forsta_uppgiften" targetRef="klart" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="bild_{key}">
    <bpmndi:BPMNPlane id="plan_{key}" bpmnElement="{key}">
      <bpmndi:BPMNShape id="borjar_di" bpmnElement="borjar">
        <dc:Bounds x="182" y="182" width="36" height="36" />
        <bpmndi:BPMNLabel><dc:Bounds x="182" y="225" width="36" height="14" /></bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="forsta_uppgiften_di" bpmnElement="forsta_uppgiften">
        <dc:Bounds x="280" y="160" width="100" height="80" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="klart_di" bpmnElement="klart">
        <dc:Bounds x="442" y="182" width="36" height="36" />
        <bpmndi:BPMNLabel><dc:Bounds x="447" y="225" width="26" height="14" /></bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="till_forsta_di" bpmnElement="till_forsta">
        <di:waypoint x="218" y="200" />
        <di:waypoint x="280" y="200" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="till_klart_di" bpmnElement="till_klart">
        <di:waypoint x="380" y="200" />
        <di:waypoint x="442" y="200" />
      </bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""
