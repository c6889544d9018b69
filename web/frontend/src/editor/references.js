/** A warning of the reader's that is no loss: what it names is kept all the same. */
export const isKept = ({ property }) => OF_VARIABLES.includes(property);

// Names of variables that BPMN writes as references. No element of the file carries them, so the
// reader would drop them, and a diagram saved from here would have lost its multi-instances.
const OF_VARIABLES = [ 'bpmn:loopDataInputRef', 'bpmn:loopDataOutputRef' ];

export default function References(eventBus, moddle) {
  eventBus.on('import.parse.complete', ({ references }) => references
    .filter(reference => isKept(reference) && !reference.element.get(reference.property))
    .forEach(({ element, property, id }) => {
      element.set(property, moddle.create('bpmn:ItemAwareElement', { id }));
    }));
}

References.$inject = [ 'eventBus', 'moddle' ];
