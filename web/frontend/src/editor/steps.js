// The list of every step, and of the arrows where something is asked: the keyboard's way to what the
// picture shows.
import { isAny } from 'bpmn-js/lib/util/ModelUtil';

import { isAsked } from './fields';

const KINDS = [
  [ 'bpmn:StartEvent', 'start' ], [ 'bpmn:EndEvent', 'slut' ], [ 'bpmn:BoundaryEvent', 'kanthändelse' ],
  [ 'bpmn:Event', 'händelse' ], [ 'bpmn:Gateway', 'vägval' ], [ 'bpmn:CallActivity', 'anropad process' ],
  [ 'bpmn:SubProcess', 'delprocess' ], [ 'bpmn:ServiceTask', 'åtgärd' ], [ 'bpmn:BusinessRuleTask', 'beslutstabell' ],
  [ 'bpmn:ScriptTask', 'beräkning' ], [ 'bpmn:SendTask', 'skickar' ], [ 'bpmn:ReceiveTask', 'väntar' ],
  [ 'bpmn:Task', 'uppgift' ], [ 'bpmn:SequenceFlow', 'pil' ], [ 'bpmn:Lane', 'bana' ],
  [ 'bpmn:Participant', 'pool' ], [ 'bpmn:Process', 'process' ],
];

export const kindOf = element => KINDS.find(([ type ]) => isAny(element, [ type ]))?.[1] || 'steg';

/** What it is called in the lists. */
export const titleOf = element => element.businessObject.name || `(utan namn, ${kindOf(element)})`;

const SHOWN = [ 'bpmn:FlowNode' ];

export default function Steps({ list, count, services, properties, open }) {
  const { elementRegistry, eventBus, selection } = services;
  let scheduled = false;

  function draw() {
    scheduled = false;
    const elements = elementRegistry.filter(element => isAny(element, SHOWN) && element.type !== 'label')
      .sort((a, b) => a.x - b.x || a.y - b.y);
    count.textContent = elements.length;
    list.replaceChildren(...elements.flatMap(element => [ row(element), ...(element.outgoing || []).filter(isAsked).map(arrow) ]));
  }

  function arrow(flow) {
    const { name } = flow.businessObject;
    return entry(flow, `Pil till ${titleOf(flow.target)}`, name ? ` ${name}` : '');
  }

  function row(element) {
    const kind = element.businessObject.name ? kindOf(element) : ''; // else it stands in the title
    return entry(element, titleOf(element), ` ${properties.get(element, 'role') || kind}`);
  }

  function entry(element, words, beside) {
    const item = document.createElement('li');
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'as-link' });
    button.textContent = words;
    button.addEventListener('click', () => open(element.id));
    if (selection.isSelected(element)) button.setAttribute('aria-current', 'true');
    const kind = Object.assign(document.createElement('span'), { className: 'muted' });
    kind.textContent = beside;
    item.append(button, kind);
    return item;
  }

  const redraw = () => { if (!scheduled) { scheduled = true; requestAnimationFrame(draw); } };
  eventBus.on([ 'elements.changed', 'selection.changed', 'import.done' ], redraw);
}
