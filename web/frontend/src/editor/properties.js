// Reads and writes what an element carries; every write is one step that can be undone.
import { getBusinessObject } from 'bpmn-js/lib/util/ModelUtil';

export const eventDefinition = (element, type) =>
  getBusinessObject(element).get('eventDefinitions')?.find(definition => definition.$type === type);

export default function Properties(modeling, bpmnFactory) {
  const create = (type, attributes, parent) => {
    const created = bpmnFactory.create(type, attributes);
    created.$parent = parent;
    return created;
  };

  const extension = (element, type) =>
    getBusinessObject(element).extensionElements?.get('values').find(value => value.$type === type);

  /** Puts `value` (or nothing) among the extension elements in place of those of its type. */
  function setExtension(element, type, value) {
    const businessObject = getBusinessObject(element);
    const container = businessObject.extensionElements
      || create('bpmn:ExtensionElements', { values: [] }, businessObject);
    const others = container.get('values').filter(each => each.$type !== type);
    if (value) value.$parent = container;
    const replaced = create('bpmn:ExtensionElements', { values: value ? [ ...others, value ] : others }, businessObject);
    replaced.get('values').forEach(each => { each.$parent = replaced; });
    const empty = replaced.get('values').length === 0;
    modeling.updateProperties(element, { extensionElements: empty ? undefined : replaced });
  }

  this.get = (element, name) =>
    extension(element, 'spiffworkflow:Properties')?.get('properties').find(each => each.name === name)?.value || '';

  this.set = (element, name, value) => {
    const others = (extension(element, 'spiffworkflow:Properties')?.get('properties') || [])
      .filter(each => each.name !== name);
    const pairs = value ? [ ...others, create('spiffworkflow:Property', { name, value }) ] : others;
    const container = create('spiffworkflow:Properties', { properties: pairs });
    pairs.forEach(pair => { pair.$parent = container; });
    setExtension(element, 'spiffworkflow:Properties', pairs.length ? container : undefined);
  };

  this.getDecision = element => extension(element, 'spiffworkflow:CalledDecisionId')?.value || '';

  this.setDecision = (element, value) => setExtension(
    element, 'spiffworkflow:CalledDecisionId', value && create('spiffworkflow:CalledDecisionId', { value }));

  this.getDocumentation = element => getBusinessObject(element).get('documentation')[0]?.text || '';

  this.setDocumentation = (element, text) => {
    const businessObject = getBusinessObject(element);
    modeling.updateProperties(element, {
      documentation: text ? [ create('bpmn:Documentation', { text }, businessObject) ] : [],
    });
  };

  this.getCondition = flow => getBusinessObject(flow).conditionExpression?.body || '';

  this.setCondition = (flow, body) => modeling.updateProperties(flow, {
    conditionExpression: body
      ? create('bpmn:FormalExpression', { body }, getBusinessObject(flow)) : undefined,
  });

  const TIMES = [ 'timeDate', 'timeDuration', 'timeCycle' ];

  this.getTime = element => {
    const definition = eventDefinition(element, 'bpmn:TimerEventDefinition');
    return this.get(element, 'deadline') || TIMES.map(kind => definition?.get(kind)?.body).find(Boolean) || '';
  };

  /** Words and dates stand in timeDate, ISO durations and cycles where BPMN wants them. */
  this.setTime = (element, body) => {
    if (this.get(element, 'deadline')) { this.set(element, 'deadline', body); return; } // it comes before the others
    const definition = eventDefinition(element, 'bpmn:TimerEventDefinition');
    const kind = /^R\d*\//.test(body) ? 'timeCycle' : /^P[\dT]/.test(body) ? 'timeDuration' : 'timeDate';
    const properties = Object.fromEntries(TIMES.map(each => [ each, undefined ]));
    if (body) properties[kind] = create('bpmn:FormalExpression', { body }, definition);
    modeling.updateModdleProperties(element, definition, properties);
  };
}

Properties.$inject = [ 'modeling', 'bpmnFactory' ];
