// Which facts an element carries, and how each is read and written.
import { getBusinessObject, is, isAny } from 'bpmn-js/lib/util/ModelUtil';

import { eventDefinition } from './properties';

const HUMAN = [ 'bpmn:UserTask', 'bpmn:ManualTask' ];
const THROWING = [ 'bpmn:SendTask', 'bpmn:IntermediateThrowEvent', 'bpmn:EndEvent' ];

const PAUSES = [
  [ 'PT30S', '30 sekunder' ], [ 'PT1M', '1 minut' ], [ 'PT5M', '5 minuter' ], [ 'PT15M', '15 minuter' ],
  [ 'PT1H', '1 timme' ], [ 'PT4H', '4 timmar' ], [ 'P1D', '1 dag' ],
].map(([ value, label ]) => ({ value, label }));

const isPlainTask = element => getBusinessObject(element).$type === 'bpmn:Task';
const isHuman = element => isAny(element, HUMAN) || isPlainTask(element);
const hasTimer = element => Boolean(eventDefinition(element, 'bpmn:TimerEventDefinition'));
const hasMessage = element => isAny(element, [ 'bpmn:SendTask', 'bpmn:ReceiveTask' ])
  || Boolean(eventDefinition(element, 'bpmn:MessageEventDefinition'));
const catches = element => hasMessage(element) && !isAny(element, THROWING) && !is(element, 'bpmn:StartEvent');
const throws = element => hasMessage(element) && isAny(element, THROWING);
const isStep = element => isAny(element, [ 'bpmn:Activity', 'bpmn:Event', 'bpmn:Gateway' ]);

function hasChoice(flow) {
  const source = getBusinessObject(flow).sourceRef;
  return isAny(source, [ 'bpmn:ExclusiveGateway', 'bpmn:InclusiveGateway' ]) && source.outgoing.length > 1;
}

/**
 * The fields of the *Handläggning* panel for one element, in the order they are shown.
 * Each: { id, label, kind, get, set, help?, options?, suggestions?, validate?, preview? };
 * kind is text, area, select or check.
 */
export function fieldsOf(element, services, lists, ask) {
  const { properties, modeling } = services;
  const businessObject = getBusinessObject(element);
  const attribute = name => ({
    get: () => businessObject.get(name) || '',
    set: value => modeling.updateProperties(element, { [name]: value || undefined }),
  });
  const property = name => ({
    get: () => properties.get(element, name),
    set: value => properties.set(element, name, value),
  });

  const told = text => (text ? ask('deadline', { text }) : { preview: 'Ingen tidsfrist.' });
  const retrying = name => text => ask(name, { text, operation: properties.get(element, 'operation') });

  const candidates = [
    [ true, { id: 'namn', label: is(element, 'bpmn:SequenceFlow') ? 'Text på pilen' : 'Namn', kind: 'text', ...attribute('name') } ],
    [ isHuman(element), { id: 'roll', label: 'Roll', kind: 'select', options: lists.roles, empty: 'Banans roll', ...property('role'), help: 'Lämnas den tom gäller banans roll.' } ],
    [ isHuman(element), { id: 'tidsfrist', label: 'Tidsfrist', kind: 'text', ...property('deadline'), preview: told } ],
    [ isHuman(element), { id: 'formular', label: 'Formulär', kind: 'select', options: lists.forms, empty: 'Inget formulär', ...property('form') } ],
    [ hasTimer(element), { id: 'tid', label: 'Tidsfrist', kind: 'text', get: () => properties.getTime(element), set: value => properties.setTime(element, value), preview: told } ],
    [ isHuman(element) || is(element, 'bpmn:ServiceTask'), { id: 'operation', label: is(element, 'bpmn:ServiceTask') ? 'Åtgärd' : 'Åtgärd när uppgiften är klar', kind: 'select', options: lists.operations, empty: 'Ingen åtgärd', ...property('operation') } ],
    [ is(element, 'bpmn:ServiceTask'), { id: 'omforsok', label: 'Nya försök', kind: 'text', ...property('retries'), preview: retrying('retries'), help: 'Hur många gånger åtgärden försöks igen om den når utanför systemet och misslyckas, 0–20. Sedan står flödet stilla tills någon tar hand om det.' } ],
    [ is(element, 'bpmn:ServiceTask'), { id: 'paus', label: 'Första pausen', kind: 'text', ...property('backoff'), suggestions: PAUSES, preview: retrying('backoff'), help: 'Hur länge det dröjer till det första nya försöket, till exempel PT5M. Pausen är dubbelt så lång varje gång.' } ],
    [ is(element, 'bpmn:CallActivity'), { id: 'process', label: 'Anropad process', kind: 'select', options: lists.processes, empty: 'Välj process', ...attribute('calledElement') } ],
    [ is(element, 'bpmn:BusinessRuleTask'), { id: 'beslutstabell', label: 'Beslutstabell', kind: 'select', options: lists.decisions, empty: 'Välj beslutstabell', get: () => properties.getDecision(element), set: value => properties.setDecision(element, value) } ],
    [ is(element, 'bpmn:ScriptTask'), { id: 'berakning', label: 'Beräkning', kind: 'area', ...attribute('script'), help: 'En rad per värde: namn = uttryck.' } ],
    [ hasMessage(element), { id: 'meddelande', label: 'Meddelande', kind: 'select', options: lists.messages, empty: 'Välj meddelande', get: () => properties.getMessage(element), set: value => properties.setMessage(element, value) } ],
    [ catches(element) || throws(element), { id: 'nyckel', label: 'Nyckel', kind: 'text', ...property('nyckel'), help: 'Vilket ärende meddelandet gäller, till exempel [dnr].' } ],
    [ throws(element), { id: 'innehall', label: 'Innehåll', kind: 'text', ...property('innehall'), help: 'Uttryck som ger det som skickas med, till exempel {"dnr": dnr}.' } ],
    [ is(element, 'bpmn:SequenceFlow') && hasChoice(element), { id: 'villkor', label: 'Villkor', kind: 'area', get: () => properties.getCondition(element), set: value => properties.setCondition(element, value), help: 'Till exempel fordela_arende.osaker == True.' } ],
    [ is(element, 'bpmn:SequenceFlow') && hasChoice(element), { id: 'standard', label: 'Standardväg', kind: 'check', help: 'Tas när inget annat villkor stämmer.', get: () => businessObject.sourceRef.default === businessObject, set: value => modeling.updateProperties(element.source, { default: value ? businessObject : undefined }) } ],
    [ isStep(element), { id: 'regel', label: 'Regel', kind: 'text', ...property('rule'), help: 'Steg och kapitel i reglerna, till exempel A10 · 4.' } ],
    [ isHuman(element), { id: 'hjalp', label: 'Hjälptext', kind: 'area', ...property('help') } ],
    [ isStep(element), { id: 'beskrivning', label: 'Beskrivning', kind: 'area', get: () => properties.getDocumentation(element), set: value => properties.setDocumentation(element, value) } ],
    [ isStep(element), { id: 'id', label: 'Namn i uttryck', kind: 'text', get: () => businessObject.id, set: value => modeling.updateProperties(element, { id: value }), validate: value => invalidId(value, element, services), help: 'Så heter stegets svar i villkor. Små bokstäver utan å, ä, ö.' } ],
  ];
  return candidates.filter(([ shown ]) => shown).map(([ , field ]) => field);
}

function invalidId(value, element, { elementRegistry }) {
  if (!/^[a-z][a-z0-9_]*$/.test(value)) return 'Skriv små bokstäver a–z, siffror och understreck. Börja med en bokstav.';
  const other = elementRegistry.get(value);
  if (other && other !== element) return 'Ett annat steg heter redan så.';
  return null;
}
