// What an event or a message task waits for or tells of.
import { getBusinessObject, is, isAny } from 'bpmn-js/lib/util/ModelUtil';
import { canBeNonInterrupting } from 'bpmn-js/lib/features/modeling/behavior/util/NonInterruptingUtil';

import { eventDefinition } from './properties';

const THROWING = [ 'bpmn:SendTask', 'bpmn:IntermediateThrowEvent', 'bpmn:EndEvent' ];
const ON_THE_EDGE = 'Lämnas den tom tas allt av det slaget om hand.';

export function happeningFields(element, { properties, roots, modeling, elementRegistry }, lists, deadline) {
  const has = kind => Boolean(eventDefinition(element, `bpmn:${kind}EventDefinition`));
  const throws = isAny(element, THROWING);
  const declared = (kind, others = []) => ({
    get: () => roots.get(element, kind),
    set: name => roots.set(element, kind, name),
    suggestions: [ ...new Set([ ...roots.names(kind), ...others.map(({ value }) => value) ]) ].sort()
      .map(value => ({ value, label: value })),
  });
  const property = name => ({ get: () => properties.get(element, name), set: value => properties.set(element, name, value) });

  const fields = [];
  if (canBeNonInterrupting(element)) {
    fields.push({
      id: 'avbryter', label: 'Avbryter steget', kind: 'check', help: 'Annars pågår steget vidare medan detta görs.',
      get: () => getBusinessObject(element).cancelActivity !== false,
      set: value => modeling.updateProperties(element, { cancelActivity: value }),
    });
  }
  if (has('Timer')) {
    fields.push({ id: 'tid', label: 'Tidsfrist', kind: 'text', get: () => properties.getTime(element), set: value => properties.setTime(element, value), preview: deadline, help: 'Till exempel 3 arbetsdagar, P5D eller, för att upprepas, R3/P2D.' });
  }
  if (has('Message') || isAny(element, [ 'bpmn:SendTask', 'bpmn:ReceiveTask' ])) {
    fields.push({ id: 'meddelande', label: 'Meddelande', kind: 'text', ...declared('message', lists.messages), help: 'Välj ett som finns eller skriv ett nytt namn.' });
    if (!is(element, 'bpmn:StartEvent')) fields.push({ id: 'nyckel', label: 'Nyckel', kind: 'text', ...property('nyckel'), help: 'Vilket ärende meddelandet gäller, till exempel [dnr].' });
    if (throws) fields.push({ id: 'innehall', label: 'Innehåll', kind: 'text', ...property('innehall'), help: 'Uttryck som ger det som skickas med, till exempel {"dnr": dnr}.' });
  }
  if (has('Signal')) {
    fields.push({ id: 'signal', label: 'Signal', kind: 'text', ...declared('signal'), help: 'Samma namn där den skickas och där den väntas på, inom ett ärende.' });
  }
  if (has('Error')) {
    fields.push({ id: 'fel', label: 'Felkod', kind: 'text', ...declared('error'), help: throws ? 'Samma kod som på kanten där felet tas om hand.' : ON_THE_EDGE });
  }
  if (has('Escalation')) {
    fields.push({ id: 'eskalering', label: 'Eskaleringskod', kind: 'text', ...declared('escalation'), help: throws ? 'Samma kod som på kanten där eskaleringen tas om hand.' : ON_THE_EDGE });
  }
  if (has('Link')) {
    const link = eventDefinition(element, 'bpmn:LinkEventDefinition');
    const names = elementRegistry.getAll().map(other => other.businessObject && eventDefinition(other, 'bpmn:LinkEventDefinition')?.name);
    fields.push({
      id: 'lank', label: 'Länk', kind: 'text', help: 'Samma namn på länk ut och på länk in, i samma del av flödet.',
      suggestions: [ ...new Set(names.filter(Boolean)) ].map(value => ({ value, label: value })),
      get: () => link.get('name') || '', set: name => modeling.updateModdleProperties(element, link, { name }),
    });
  }
  return fields;
}
