// From the states of steps to what every shape and arrow of the picture shows.
import { is } from 'bpmn-js/lib/util/ModelUtil';

const GOING_ON = [ 'here', 'fault' ];
const OF_A_RUN = [ ...GOING_ON, 'done' ];

/**
 * Pairs of element and state: the states that the server says, `taken` for the arrows between
 * them, and `off` for what can no longer be reached from where the case is.
 */
export function marks(registry, states) {
  const known = new Map(Object.entries(states).map(([ id, state ]) => [ registry.get(id), state ]).filter(([ element ]) => element));
  // Of two versions compared only what differs is marked: nothing has been walked.
  if (![ ...known.values() ].some(state => OF_A_RUN.includes(state))) return [ ...known ];
  const ahead = reachable([ ...known ].filter(([ , state ]) => GOING_ON.includes(state)).map(([ element ]) => element), known);
  const found = [ ...known ];
  registry.filter(element => isStep(element) && !known.has(element) && !ahead.has(element))
    .forEach(element => found.push([ element, 'off' ]));
  registry.filter(element => is(element, 'bpmn:SequenceFlow') && element.waypoints)
    .forEach(flow => found.push([ flow, stateOfFlow(flow, known, ahead) ]));
  const withLabels = found.flatMap(([ element, state ]) => [ element, ...(element.labels || []) ].map(each => [ each, state ]));
  return withLabels.filter(([ , state ]) => state);
}

const isStep = element => is(element, 'bpmn:FlowNode') && !element.labelTarget;

/** Everything that can still happen from these: along the arrows, over the edges, inside. */
function reachable(starts, known) {
  const found = new Set();
  const waiting = starts.flatMap(next);
  while (waiting.length) {
    const element = waiting.pop();
    if (found.has(element)) continue;
    found.add(element);
    waiting.push(...next(element));
    if (!known.has(element)) waiting.push(...(element.children || []).filter(isStep));
  }
  return found;
}

const next = element => [
  ...(element.outgoing || []).map(flow => flow.target), ...(element.attachers || []),
].filter(isStep);

function stateOfFlow({ source, target }, known, ahead) {
  const from = known.get(source);
  if (from === 'done' && known.has(target)) return 'taken';
  if (from ? ahead.has(target) : ahead.has(source)) return null; // to come
  return 'off';
}
