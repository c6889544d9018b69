// The tools at the left: words beside shapes. A mouse drags them out; the keyboard puts the shape
// after the chosen step, on its edge or in the middle of what is seen: drawing needs no mouse.
import { is } from 'bpmn-js/lib/util/ModelUtil';

const TIMER = 'bpmn:TimerEventDefinition';
const SHAPES = {
  start: { type: 'bpmn:StartEvent' },
  uppgift: { type: 'bpmn:UserTask' },
  atgard: { type: 'bpmn:ServiceTask' },
  vagval: { type: 'bpmn:ExclusiveGateway' },
  vanta: { type: 'bpmn:IntermediateCatchEvent', eventDefinitionType: TIMER },
  delprocess: { type: 'bpmn:SubProcess', isExpanded: true },
  slut: { type: 'bpmn:EndEvent' },
  handelse: { type: 'bpmn:IntermediateThrowEvent' },
  kant: { type: 'bpmn:BoundaryEvent', eventDefinitionType: TIMER },
  pool: { type: 'bpmn:Participant' },
  data: { type: 'bpmn:DataObjectReference' },
  anteckning: { type: 'bpmn:TextAnnotation' },
  grupp: { type: 'bpmn:Group' },
};
const BESIDE = { pool: true, data: true, anteckning: true, grupp: true }; // no step of the flow

export default function Tools({ root, services, say, open }) {
  const { create, elementFactory, insertion, selection, lassoTool, handTool, globalConnect, commandStack, editorActions } = services;

  const shape = name => (name === 'pool' ? elementFactory.createParticipantShape() : elementFactory.createShape({ ...SHAPES[name] }));

  /** With the keyboard. */
  function put(name) {
    const [ source, ...others ] = selection.get();
    const chosen = !others.length && is(source, 'bpmn:FlowNode') ? source : null;
    if (name in BESIDE) open(insertion.beside(shape(name)).id);
    else if (name === 'kant' && !(chosen && is(chosen, 'bpmn:Activity'))) say('Välj först uppgiften eller delprocessen som händelsen ska sitta på, i bilden eller i listan.');
    else if (name === 'kant') open(insertion.onEdge(chosen, shape(name)).id);
    else if (!chosen) say('Välj först steget som det nya ska komma efter, i bilden eller i listan.');
    else open(insertion.after(chosen, shape(name)).id);
  }

  const actions = {
    markera: event => lassoTool.activateSelection(event),
    flytta: event => handTool.activateHand(event),
    pil: event => globalConnect.start(event),
    tabort: () => {
      if (!selection.get().length) { say('Välj först det som ska tas bort, i bilden eller i listan.'); return; }
      editorActions.trigger('removeSelection');
      say('Borttaget. Med Ångra kommer det tillbaka.');
    },
    angra: () => commandStack.undo(),
    gorom: () => commandStack.redo(),
  };

  root.querySelectorAll('button[data-tool]').forEach(button => {
    const { tool } = button.dataset;
    button.addEventListener('click', event => {
      if (actions[tool]) actions[tool](event);
      else if (event.detail === 0) put(tool); // pressed with the keyboard
      else create.start(event, shape(tool));
    });
    if (SHAPES[tool]) {
      button.draggable = true;
      button.addEventListener('dragstart', event => { event.preventDefault(); create.start(event, shape(tool)); });
    }
  });
}
