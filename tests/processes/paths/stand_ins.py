"""Small processes that stand in for those another one calls, to walk it by itself."""

from __future__ import annotations

# What `handlaggning` takes and gives, with one task in between.
PREPARATION = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"
    id="definitioner_handlaggning" targetNamespace="urn:arendegang">
  <bpmn:process id="handlaggning" name="Handläggning" isExecutable="true">
    <bpmn:ioSpecification>
      <bpmn:dataInput id="dnr" name="dnr" />
      <bpmn:dataInput id="ingang" name="ingang" />
      <bpmn:dataOutput id="berett" name="berett" />
      <bpmn:inputSet>
        <bpmn:dataInputRefs>dnr</bpmn:dataInputRefs>
        <bpmn:dataInputRefs>ingang</bpmn:dataInputRefs>
      </bpmn:inputSet>
      <bpmn:outputSet>
        <bpmn:dataOutputRefs>berett</bpmn:dataOutputRefs>
      </bpmn:outputSet>
    </bpmn:ioSpecification>
    <bpmn:startEvent id="borjan" />
    <bpmn:sequenceFlow id="f1" sourceRef="borjan" targetRef="bereda" />
    <bpmn:userTask id="bereda" name="Bered">
      <bpmn:extensionElements>
        <spiffworkflow:properties>
          <spiffworkflow:property name="role" value="Handläggare" />
        </spiffworkflow:properties>
      </bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="f2" sourceRef="bereda" targetRef="beredd" />
    <bpmn:scriptTask id="beredd" name="Berett">
      <bpmn:script>berett = ingang</bpmn:script>
    </bpmn:scriptTask>
    <bpmn:sequenceFlow id="f3" sourceRef="beredd" targetRef="slutet" />
    <bpmn:endEvent id="slutet" />
  </bpmn:process>
</bpmn:definitions>
"""
