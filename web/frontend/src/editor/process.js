// What the process itself is called and is for, and what it is given and gives when it is called.
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

const SIDES = {
  in: { data: 'dataInputs', type: 'bpmn:DataInput', sets: 'inputSets', set: 'bpmn:InputSet', refs: 'dataInputRefs' },
  ut: { data: 'dataOutputs', type: 'bpmn:DataOutput', sets: 'outputSets', set: 'bpmn:OutputSet', refs: 'dataOutputRefs' },
};
const NAME = /^[a-z_][a-z0-9_]*$/i;

/** The process that is drawn in the element: the picture's own, or a pool's. */
function processOf(element) {
  const businessObject = getBusinessObject(element);
  if (is(businessObject, 'bpmn:Participant')) return businessObject.get('processRef');
  return is(businessObject, 'bpmn:Process') ? businessObject : undefined;
}

export function processFields(element, { modeling, moddle, elementRegistry }) {
  const process = processOf(element);
  if (!process) return [];
  const update = properties => modeling.updateModdleProperties(element, process, properties);

  const namesOf = side => (process.get('ioSpecification')?.get(SIDES[side].data) || []).map(each => each.id);

  function specify(names) {
    const made = (type, attributes, parent) => Object.assign(moddle.create(type, attributes), { $parent: parent });
    const specification = made('bpmn:InputOutputSpecification', {}, process);
    Object.entries(SIDES).forEach(([ side, { data, type, sets, set, refs } ]) => {
      const listed = names[side].map(name => made(type, { id: name, name }, specification));
      specification.set(data, listed);
      specification.set(sets, [ made(set, { [refs]: listed }, specification) ]);
    });
    update({ ioSpecification: names.in.length || names.ut.length ? specification : undefined });
  }

  const listed = side => ({
    get: () => namesOf(side).join(', '),
    set: text => specify({ in: namesOf('in'), ut: namesOf('ut'), [side]: split(text) }),
    validate: text => {
      const wrong = split(text).find(name => !NAME.test(name));
      if (wrong) return `”${wrong}” kan inte vara ett namn. Skriv bokstäver a–z, siffror och understreck.`;
      const taken = split(text).find((name, n, all) => elementRegistry.get(name) || all.indexOf(name) !== n || namesOf(side === 'in' ? 'ut' : 'in').includes(name));
      return taken ? `”${taken}” finns redan i processen.` : null;
    },
  });

  return [
    { id: 'process_namn', label: 'Processens namn', kind: 'text', get: () => process.get('name') || '', set: value => update({ name: value || undefined }) },
    { id: 'process_beskrivning', label: 'Vad processen är till för', kind: 'area', get: () => process.get('documentation')[0]?.text || '', set: text => update({ documentation: text ? [ Object.assign(moddle.create('bpmn:Documentation', { text }), { $parent: process }) ] : [] }) },
    { id: 'process_in', label: 'Får när den anropas', kind: 'text', ...listed('in'), help: 'Namn med komma emellan. Lämnas det tomt får den allt som anroparen vet.' },
    { id: 'process_ut', label: 'Ger tillbaka', kind: 'text', ...listed('ut'), help: 'Namn med komma emellan. Lämnas det tomt ger den tillbaka allt.' },
  ];
}

const split = text => text.split(',').map(name => name.trim()).filter(Boolean);
