"""A case process of two tasks: allocate, prepare."""

from __future__ import annotations

BPMN = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"
    id="litet" targetNamespace="http://example.se/arende">
  <bpmn:process id="arende" name="Ärende" isExecutable="true">
    <bpmn:startEvent id="start" name="Registrerat"/>
    <bpmn:userTask id="fordela_arende" name="Fördela ärendet">
      <bpmn:extensionElements>
        <spiffworkflow:properties>
          <spiffworkflow:property name="role" value="Fördelare"/>
          <spiffworkflow:property name="operation" value="fordela"/>
        </spiffworkflow:properties>
      </bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:userTask id="ta_fram_underlag" name="Ta fram beslutsunderlag">
      <bpmn:extensionElements>
        <spiffworkflow:properties>
          <spiffworkflow:property name="role" value="Handläggare"/>
        </spiffworkflow:properties>
      </bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:endEvent id="klart" name="Klart"/>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="fordela_arende"/>
    <bpmn:sequenceFlow id="f2" sourceRef="fordela_arende" targetRef="ta_fram_underlag"/>
    <bpmn:sequenceFlow id="f3" sourceRef="ta_fram_underlag" targetRef="klart"/>
  </bpmn:process>
</bpmn:definitions>
"""
