// The tools at the left: words beside shapes. A mouse drags them out; the keyboard puts the shape
// after the chosen step, so that a process can be extended without a mouse.
const SHAPES = {
  start: { type: 'bpmn:StartEvent' },
  uppgift: { type: 'bpmn:UserTask' },
  atgard: { type: 'bpmn:ServiceTask' },
  vagval: { type: 'bpmn:ExclusiveGateway' },
  vanta: { type: 'bpmn:IntermediateCatchEvent', eventDefinitionType: 'bpmn:TimerEventDefinition' },
  delprocess: { type: 'bpmn:SubProcess', isExpanded: true },
  slut: { type: 'bpmn:EndEvent' },
};

export default function Tools({ root, services, say, open }) {
  const { create, elementFactory, insertion, selection, lassoTool, handTool, globalConnect, commandStack } = services;

  const shape = name => elementFactory.createShape({ ...SHAPES[name] });

  function append(name) {
    const [ source, ...others ] = selection.get();
    if (!source || others.length || !source.businessObject.$instanceOf('bpmn:FlowNode')) {
      say('Välj först steget som det nya ska komma efter, i bilden eller i listan.');
      return;
    }
    open(insertion.after(source, shape(name)).id);
  }

  const actions = {
    markera: event => lassoTool.activateSelection(event),
    flytta: event => handTool.activateHand(event),
    pil: event => globalConnect.start(event),
    angra: () => commandStack.undo(),
    gorom: () => commandStack.redo(),
  };

  root.querySelectorAll('button[data-tool]').forEach(button => {
    const { tool } = button.dataset;
    button.addEventListener('click', event => {
      if (actions[tool]) actions[tool](event);
      else if (event.detail === 0) append(tool); // pressed with the keyboard
      else create.start(event, shape(tool));
    });
    if (SHAPES[tool]) {
      button.draggable = true;
      button.addEventListener('dragstart', event => { event.preventDefault(); create.start(event, shape(tool)); });
    }
  });
}
