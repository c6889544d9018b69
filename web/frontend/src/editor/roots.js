// Messages, signals, errors and escalations are declared once in the file, beside the process, and
// pointed at by name: what is written in the panel finds its declaration, or makes one.
import { getBusinessObject } from 'bpmn-js/lib/util/ModelUtil';

import { snakeCase } from './naming';

const COMMAND = 'arendegang.refer';
const KINDS = {
  message: { type: 'bpmn:Message', reference: 'messageRef', definition: 'bpmn:MessageEventDefinition' },
  signal: { type: 'bpmn:Signal', reference: 'signalRef', definition: 'bpmn:SignalEventDefinition' },
  error: { type: 'bpmn:Error', reference: 'errorRef', definition: 'bpmn:ErrorEventDefinition', code: 'errorCode' },
  escalation: { type: 'bpmn:Escalation', reference: 'escalationRef', definition: 'bpmn:EscalationEventDefinition', code: 'escalationCode' },
};

const nameOf = (root, { code }) => (root && ((code && root.get(code)) || root.get('name'))) || '';

/** The event's definition, or the send or receive task itself. */
function holderOf(element, { definition }) {
  const businessObject = getBusinessObject(element);
  return businessObject.get('eventDefinitions')?.find(each => each.$type === definition) || businessObject;
}

/** One step to undo: the reference, what it refers to, and what nobody refers to any more. */
function ReferHandler(modeling, moddle, elementRegistry) {
  this.preExecute = ({ element, kind, name }) => {
    const { type, reference, code } = KINDS[kind];
    const holder = holderOf(element, KINDS[kind]);
    const definitions = rootOf(holder);
    const before = holder.get(reference);
    const declared = () => definitions.get('rootElements');
    const declare = rootElements => modeling.updateModdleProperties(element, definitions, { rootElements });
    let root = name && declared().find(each => each.$type === type && nameOf(each, KINDS[kind]) === name);
    if (name && !root) {
      root = moddle.create(type, { id: free(`${kind}_${snakeCase(name)}`, declared()), name, ...(code && { [code]: name }) });
      root.$parent = definitions;
      declare([ ...declared(), root ]);
    }
    modeling.updateModdleProperties(element, holder, { [reference]: root || undefined });
    if (before && before !== root && !isUsed(before, KINDS[kind])) declare(declared().filter(each => each !== before));
  };

  const isUsed = (root, kind) => elementRegistry.getAll()
    .some(element => element.businessObject && holderOf(element, kind).get(kind.reference) === root);

  function free(wanted, declared) {
    const taken = id => elementRegistry.get(id) || declared.some(each => each.id === id);
    let id = wanted;
    for (let n = 2; taken(id); n += 1) id = `${wanted}_${n}`;
    return id;
  }
}

ReferHandler.$inject = [ 'modeling', 'moddle', 'elementRegistry' ];

export default function Roots(commandStack, canvas) {
  commandStack.registerHandler(COMMAND, ReferHandler);

  this.get = (element, kind) => nameOf(holderOf(element, KINDS[kind]).get(KINDS[kind].reference), KINDS[kind]);

  this.set = (element, kind, name) => commandStack.execute(COMMAND, { element, kind, name });

  /** What is declared in this drawing. */
  this.names = kind => rootOf(getBusinessObject(canvas.getRootElement())).get('rootElements')
    .filter(each => each.$type === KINDS[kind].type).map(each => nameOf(each, KINDS[kind])).filter(Boolean);
}

Roots.$inject = [ 'commandStack', 'canvas' ];

function rootOf(moddleElement) {
  let root = moddleElement;
  while (root.$parent) root = root.$parent;
  return root;
}
