// Which facts an element carries, and how each is read and written.
import { getBusinessObject, is, isAny } from 'bpmn-js/lib/util/ModelUtil';

import { happeningFields } from './happenings';
import { processFields } from './process';
import { repeatingFields } from './repeating';

const HUMAN = [ 'bpmn:UserTask', 'bpmn:ManualTask' ];
const CHOOSING = [ 'bpmn:ExclusiveGateway', 'bpmn:InclusiveGateway' ];
const PAUSES = [
  [ 'PT30S', '30 sekunder' ], [ 'PT1M', '1 minut' ], [ 'PT5M', '5 minuter' ], [ 'PT15M', '15 minuter' ],
  [ 'PT1H', '1 timme' ], [ 'PT4H', '4 timmar' ], [ 'P1D', '1 dag' ],
].map(([ value, label ]) => ({ value, label }));

const isPlainTask = element => getBusinessObject(element).$type === 'bpmn:Task';
const isHuman = element => isAny(element, HUMAN) || isPlainTask(element);
const isStep = element => isAny(element, [ 'bpmn:Activity', 'bpmn:Event', 'bpmn:Gateway' ]);

/**
 * The fields of the *Handläggning* panel for one element, in the order they are shown.
 * Each: { id, label, kind, get, set, help?, options?, suggestions?, validate?, preview? };
 * kind is text, area, select or check.
 */
export function fieldsOf(element, services, lists, ask) {
  const deadline = pa => text => (text ? ask('deadline', { text, pa }) : { preview: 'Ingen tidsfrist.' });
  if (isAny(element, [ 'bpmn:Process', 'bpmn:Collaboration' ])) return processFields(element, services);
  return [
    ...naming(element, services),
    ...kind(element, services),
    ...flowFields(element, services),
    ...workFields(element, services, lists, ask, deadline('uppgift')),
    ...happeningFields(element, services, lists, deadline('handelse')),
    ...repeatingFields(element, services),
    ...processFields(element, services),
    ...arrow(element, services),
    ...toldFields(element, services),
  ];
}

const attribute = (element, key, { modeling }) => ({
  get: () => getBusinessObject(element).get(key) || '',
  set: value => modeling.updateProperties(element, { [key]: value || undefined }),
});

const property = (element, key, { properties }) => ({
  get: () => properties.get(element, key),
  set: value => properties.set(element, key, value),
});

/** Whether the arrow may have a condition: it is one of several out of what chooses. */
export function isAsked(flow) {
  const source = is(flow, 'bpmn:SequenceFlow') && getBusinessObject(flow).sourceRef;
  return Boolean(source) && source.outgoing.length > 1 && isAny(source, [ ...CHOOSING, 'bpmn:Activity' ]);
}

function naming(element, services) {
  if (is(element, 'bpmn:TextAnnotation')) return [ { id: 'text', label: 'Anteckning', kind: 'area', ...attribute(element, 'text', services) } ];
  const label = is(element, 'bpmn:SequenceFlow') ? 'Text på pilen' : 'Namn';
  const businessObject = getBusinessObject(element);
  if (is(element, 'bpmn:Group')) {
    return [ { id: 'namn', label, kind: 'text', get: () => businessObject.categoryValueRef?.value || '', set: value => services.modeling.updateLabel(element, value) } ];
  }
  const isNamed = Boolean(businessObject.$descriptor.propertiesByName.name);
  return isNamed ? [ { id: 'namn', label, kind: 'text', ...attribute(element, 'name', services) } ] : [];
}

/** The menu beside the element, for the keyboard and those who hear the page. */
function kind(element, { allowed }) {
  const options = allowed.alternatives(element).map(({ id, label }) => ({ value: id, label }));
  if (!options.length) return [];
  return [ {
    id: 'slag', label: 'Slag', kind: 'select', options, empty: allowed.kindOf(element) || 'Som det är',
    get: () => '',
    set: id => allowed.alternatives(element).find(each => each.id === id)?.action(),
  } ];
}

/** The tool *Dra pil* for the keyboard. */
function arrow(element, { elementRegistry, modeling, rules }) {
  if (!is(element, 'bpmn:FlowNode') || is(element, 'bpmn:EndEvent')) return [];
  const allowed = target => target !== element && is(target, 'bpmn:FlowNode') && target.parent === element.parent
    && target.type !== 'label' && !element.outgoing.some(each => each.target === target)
    && rules.allowed('connection.create', { source: element, target });
  const options = elementRegistry.filter(allowed)
    .map(({ id, businessObject }) => ({ value: id, label: businessObject.name || id }))
    .sort((a, b) => a.label.localeCompare(b.label, 'sv'));
  if (!options.length) return [];
  return [ {
    id: 'pil', label: 'Dra pil till', kind: 'select', options, empty: 'Ingen ny pil', get: () => '',
    set: id => modeling.connect(element, elementRegistry.get(id), rules.allowed('connection.create', { source: element, target: elementRegistry.get(id) })),
  } ];
}

function flowFields(flow, { properties, modeling }) {
  if (!is(flow, 'bpmn:SequenceFlow')) return [];
  const businessObject = getBusinessObject(flow);
  const source = businessObject.sourceRef;
  if (!isAsked(flow)) return [];
  const condition = { id: 'villkor', label: 'Villkor', kind: 'area', get: () => properties.getCondition(flow), set: value => properties.setCondition(flow, value), help: 'Till exempel fordela_arende.osaker == True.' };
  const otherwise = {
    id: 'standard', label: 'Standardväg', kind: 'check', help: 'Tas när inget annat villkor stämmer.',
    get: () => source.default === businessObject,
    set: value => modeling.updateProperties(flow.source, { default: value ? businessObject : undefined }),
  };
  // Where nothing is asked all arrows out of a step are taken, and none is what is left over.
  const asks = isAny(source, CHOOSING) || source.default || source.outgoing.some(each => each.conditionExpression);
  return asks ? [ condition, otherwise ] : [ condition ];
}

function workFields(element, services, lists, ask, deadline) {
  const { properties } = services;
  const own = key => property(element, key, services);
  const retrying = key => text => ask(key, { text, operation: properties.get(element, 'operation') });
  const candidates = [
    [ isHuman(element), { id: 'roll', label: 'Roll', kind: 'select', options: lists.roles, empty: 'Banans roll', ...own('role'), help: 'Lämnas den tom gäller banans roll.' } ],
    [ isHuman(element), { id: 'tidsfrist', label: 'Tidsfrist', kind: 'text', ...own('deadline'), preview: deadline } ],
    [ isHuman(element), { id: 'formular', label: 'Formulär', kind: 'select', options: lists.forms, empty: 'Inget formulär', ...own('form') } ],
    [ isHuman(element), { id: 'operation', label: 'Åtgärd när uppgiften är klar', kind: 'select', options: lists.operations, empty: 'Ingen åtgärd', ...own('operation') } ],
    [ is(element, 'bpmn:ServiceTask'), { id: 'operation', label: 'Åtgärd', kind: 'select', options: lists.operations, empty: 'Ingen åtgärd', ...own('operation') } ],
    [ is(element, 'bpmn:ServiceTask'), { id: 'omforsok', label: 'Nya försök', kind: 'text', ...own('retries'), preview: retrying('retries'), help: 'Hur många gånger åtgärden försöks igen om den når utanför systemet och misslyckas, 0–20. Sedan står flödet stilla tills någon tar hand om det.' } ],
    [ is(element, 'bpmn:ServiceTask'), { id: 'paus', label: 'Första pausen', kind: 'text', ...own('backoff'), suggestions: PAUSES, preview: retrying('backoff'), help: 'Hur länge det dröjer till det första nya försöket, till exempel PT5M. Pausen är dubbelt så lång varje gång.' } ],
    [ is(element, 'bpmn:CallActivity'), { id: 'process', label: 'Anropad process', kind: 'select', options: lists.processes, empty: 'Välj process', ...attribute(element, 'calledElement', services) } ],
    [ is(element, 'bpmn:BusinessRuleTask'), { id: 'beslutstabell', label: 'Beslutstabell', kind: 'select', options: lists.decisions, empty: 'Välj beslutstabell', get: () => properties.getDecision(element), set: value => properties.setDecision(element, value) } ],
    [ is(element, 'bpmn:ScriptTask'), { id: 'berakning', label: 'Beräkning', kind: 'area', ...attribute(element, 'script', services), help: 'En rad per värde: namn = uttryck.' } ],
    [ isAny(element, [ 'bpmn:SubProcess', 'bpmn:CallActivity' ]), { id: 'roll', label: 'Roll', kind: 'select', options: lists.roles, empty: 'Banans roll', ...own('role'), help: 'Gäller uppgifterna däri som inte har någon egen.' } ],
  ];
  return candidates.filter(([ shown ]) => shown).map(([ , field ]) => field);
}

function toldFields(element, services) {
  if (!isStep(element)) return [];
  const { properties, modeling } = services;
  const help = { id: 'hjalp', label: 'Hjälptext', kind: 'area', ...property(element, 'help', services) };
  return [
    { id: 'regel', label: 'Regel', kind: 'text', ...property(element, 'rule', services), help: 'Steg och kapitel i reglerna, till exempel A10 · 4.' },
    ...(isHuman(element) ? [ help ] : []),
    { id: 'beskrivning', label: 'Beskrivning', kind: 'area', get: () => properties.getDocumentation(element), set: value => properties.setDocumentation(element, value) },
    { id: 'id', label: 'Namn i uttryck', kind: 'text', get: () => getBusinessObject(element).id, set: value => modeling.updateProperties(element, { id: value }), validate: value => invalidId(value, element, services), help: 'Så heter stegets svar i villkor. Små bokstäver utan å, ä, ö.' },
  ];
}

function invalidId(value, element, { elementRegistry }) {
  if (!/^[a-z][a-z0-9_]*$/.test(value)) return 'Skriv små bokstäver a–z, siffror och understreck. Börja med en bokstav.';
  const other = elementRegistry.get(value);
  if (other && other !== element) return 'Ett annat steg heter redan så.';
  return null;
}
