// What the gate refuses is not offered: a process owner should not be able to draw it by accident.
// Which kinds run is told by the server, by the rules that the gate itself goes by.
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';
import { isDifferentType } from 'bpmn-js/lib/features/popup-menu/util/TypeUtil';
import * as replaceOptions from 'bpmn-js/lib/features/replace/ReplaceOptions';

const OPTIONS = Object.values(replaceOptions).flatMap(each => (Array.isArray(each) ? each : Object.values(each).flat()));
const TARGETS = new Map(OPTIONS.filter(option => option.target).map(option => [ option.actionName, option.target ]));
// What the pad beside an element adds that bpmn-js has no option for by the same name.
const APPENDED = {
  'append.condition-intermediate-event': { type: 'bpmn:IntermediateCatchEvent', eventDefinitionType: 'bpmn:ConditionalEventDefinition' },
  'append.signal-intermediate-event': { type: 'bpmn:IntermediateCatchEvent', eventDefinitionType: 'bpmn:SignalEventDefinition' },
  'append.compensation-activity': { type: 'bpmn:Task', isForCompensation: true },
};
const HEADER = /^toggle-(parallel-mi|sequential-mi|loop|non-interrupting|is-collection)$/;
const BEFORE_OTHERS = 2000;

const decapitalised = word => word.charAt(0).toLowerCase() + word.slice(1);
const triggerOf = type => (type ? decapitalised(type.replace(/^bpmn:|EventDefinition$/g, '')) : '');

/** Whether the gate lets such an element through; `drawable` is what the server told. */
function runs(target, { kinds, marks }, isFlowElement) {
  if (!isFlowElement(target.type)) return true;
  const triggers = kinds[decapitalised(target.type.replace('bpmn:', ''))];
  return Boolean(triggers?.includes(triggerOf(target.eventDefinitionType))) && !marks.some(mark => target[mark]);
}

export default function Allowed(drawable, popupMenu, contextPad, replaceMenuProvider, moddle, modeling, eventBus, translate) {
  const isFlowElement = type => is(moddle.create(type), 'bpmn:FlowElement');
  const allowed = target => !target || runs(target, drawable, isFlowElement);
  const kept = (entries, keep) => Object.fromEntries(Object.entries(entries).filter(keep));

  function entriesFor(element, entries) {
    return kept(entries, ([ id ]) => allowed(TARGETS.get(id)) && !asksInVain(id, element));
  }

  popupMenu.registerProvider('bpmn-replace', 400, {
    getPopupMenuEntries: element => entries => entriesFor(element, entries),
    getPopupMenuHeaderEntries: () => entries => kept(entries, ([ id ]) => HEADER.test(id)),
  });
  contextPad.registerProvider(400, {
    getContextPadEntries: () => entries => kept(entries, ([ id ]) => allowed(APPENDED[id])),
  });

  // An event that is set on an edge must wait for something: for a time, until one chooses otherwise.
  eventBus.on('commandStack.shape.replace.preExecute', BEFORE_OTHERS, ({ context }) => {
    const { businessObject, eventDefinitionType } = context.newData;
    const isBare = is(businessObject, 'bpmn:BoundaryEvent') && !businessObject.get('eventDefinitions').length;
    if (isBare && !eventDefinitionType) context.newData.eventDefinitionType = 'bpmn:TimerEventDefinition';
  });

  // A link is the end of one flow and the beginning of another.
  eventBus.on('commandStack.shape.replace.postExecuted', ({ context: { newShape } }) => {
    const [ definition ] = getBusinessObject(newShape).get('eventDefinitions') || [];
    if (!definition || !is(definition, 'bpmn:LinkEventDefinition')) return;
    const severed = is(newShape, 'bpmn:CatchEvent') ? newShape.incoming : newShape.outgoing;
    severed.filter(each => is(each, 'bpmn:SequenceFlow')).forEach(each => modeling.removeConnection(each));
  });

  /** What the element can be made into instead: [{ id, label, action }]. */
  this.alternatives = element => {
    if (is(element, 'bpmn:SequenceFlow') || is(element, 'bpmn:Participant')) return [];
    const entries = entriesFor(element, replaceMenuProvider.getPopupMenuEntries(element));
    return Object.entries(entries).map(([ id, { label, action } ]) => ({ id, label, action }));
  };

  /** What kind of element it is, in the words of the menu where it is chosen. */
  this.kindOf = element => {
    const differs = isDifferentType(element);
    const interrupts = getBusinessObject(element).cancelActivity !== false;
    const option = OPTIONS.find(each => each.target && !differs(each) && (each.target.cancelActivity !== false) === interrupts);
    return option ? translate(option.label) : '';
  };
}

Allowed.$inject = [ 'config.drawable', 'popupMenu', 'contextPad', 'replaceMenuProvider', 'moddle', 'modeling', 'eventBus', 'translate' ];

/** A condition asks where several arrows leave; a default is what holds when no condition does. */
function asksInVain(id, flow) {
  const source = flow.businessObject?.sourceRef;
  if (!source || !is(source, 'bpmn:Activity')) return false;
  if (id === 'replace-with-conditional-flow') return source.outgoing.length < 2;
  return id === 'replace-with-default-flow' && !source.outgoing.some(each => each.conditionExpression);
}
