// A step that is done several times: once for each of a list, so many times, or until something holds.
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

const WAYS = [
  { value: 'samtidigt', label: 'En för var, samtidigt', type: 'bpmn:MultiInstanceLoopCharacteristics', isSequential: false },
  { value: 'i_tur', label: 'En för var, i tur och ordning', type: 'bpmn:MultiInstanceLoopCharacteristics', isSequential: true },
  { value: 'om', label: 'Om och om igen', type: 'bpmn:StandardLoopCharacteristics' },
];

const loopOf = element => getBusinessObject(element).get('loopCharacteristics');

function wayOf(element) {
  const loop = loopOf(element);
  if (!loop) return '';
  return WAYS.find(({ type, isSequential }) => loop.$type === type && Boolean(loop.isSequential) === Boolean(isSequential))?.value || '';
}

export function repeatingFields(element, { modeling, moddle }) {
  if (!is(element, 'bpmn:Activity')) return [];
  const loop = loopOf(element);
  const update = (name, value) => modeling.updateModdleProperties(element, loop, { [name]: value });
  const made = (type, attributes) => Object.assign(moddle.create(type, attributes), { $parent: loop });

  const expression = name => ({
    get: () => loop.get(name)?.body || '',
    set: body => update(name, body ? made('bpmn:FormalExpression', { body }) : undefined),
  });
  /** A name that BPMN writes as an element of its own, or as a reference to one. */
  const variable = (name, type) => ({
    get: () => loop.get(name)?.id || '',
    set: id => update(name, id ? made(type, type === 'bpmn:ItemAwareElement' ? { id } : { id, name: id }) : undefined),
  });

  const way = {
    id: 'upprepning', label: 'Görs flera gånger', kind: 'select', options: WAYS, empty: 'Nej, en gång',
    get: () => wayOf(element),
    set: value => {
      const { type, isSequential } = WAYS.find(each => each.value === value) || {};
      if (type && loop?.$type === type) modeling.updateModdleProperties(element, loop, { isSequential });
      else modeling.updateProperties(element, { loopCharacteristics: type && moddle.create(type, isSequential === undefined ? {} : { isSequential }) });
    },
  };
  if (!loop) return [ way ];
  return is(loop, 'bpmn:MultiInstanceLoopCharacteristics')
    ? [ way,
      { id: 'lista', label: 'För var och en i', kind: 'text', ...variable('loopDataInputRef', 'bpmn:ItemAwareElement'), help: 'Namnet på en lista, till exempel remissinstanser. Eller ange ett antal nedan.' },
      { id: 'antal', label: 'Antal gånger', kind: 'text', ...expression('loopCardinality'), help: 'När det inte finns någon lista: ett tal eller ett uttryck.' },
      { id: 'var_och_en', label: 'Var och en kallas', kind: 'text', ...variable('inputDataItem', 'bpmn:DataInput'), help: 'Namnet som den ur listan har i stegets uttryck, till exempel instans.' },
      { id: 'samlas_i', label: 'Svaren samlas i', kind: 'text', ...variable('loopDataOutputRef', 'bpmn:ItemAwareElement'), help: 'Namnet på den lista som svaren läggs i.' },
      { id: 'svar', label: 'Det som samlas', kind: 'text', ...variable('outputDataItem', 'bpmn:DataOutput'), help: 'Namnet på det som varje gång ger.' },
      { id: 'nog', label: 'Räcker när', kind: 'text', ...expression('completionCondition'), help: 'Ett uttryck som avbryter resten när det är sant. Lämnas det tomt görs alla.' } ]
    : [ way,
      { id: 'sa_lange', label: 'Görs om så länge', kind: 'text', ...expression('loopCondition'), help: 'Ett uttryck, till exempel not granska.godkant.' },
      { id: 'hogst', label: 'Högst antal gånger', kind: 'text', get: () => String(loop.get('loopMaximum') ?? ''), set: value => update('loopMaximum', value ? Number(value) : undefined), validate: value => (/^\d*$/.test(value) ? null : 'Skriv ett heltal.') },
      { id: 'prova_forst', label: 'Pröva uttrycket före första gången', kind: 'check', get: () => Boolean(loop.get('testBefore')), set: value => update('testBefore', value) } ];
}
