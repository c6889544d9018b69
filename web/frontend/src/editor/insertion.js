// Puts a new step after another, on the arrow that leaves it: what comes after moves aside.
import { getBBox, selfAndAllChildren } from 'diagram-js/lib/util/Elements';
import { is } from 'bpmn-js/lib/util/ModelUtil';

const GAP = 50; // between steps, as the picture's own placing has it
const COMMAND = 'arendegang.insert';

/** One step to undo, though it is several changes. */
function InsertHandler(modeling, spaceTool, canvas) {
  this.preExecute = context => {
    const { source, shape } = context;
    const [ flow ] = source.outgoing.filter(isFlow);
    const { target } = flow;
    const back = leavesBackwards(flow, source) && roomBeside(source, shape, -1) >= shape.width + GAP;
    if (!back) makeRoom(source, shape);
    const middle = GAP + shape.width / 2;
    const position = {
      x: back ? source.x - middle : source.x + source.width + middle,
      y: source.y + source.height / 2,
    };
    context.created = modeling.createShape(shape, position, source.parent);
    modeling.reconnectEnd(flow, context.created, position);
    modeling.layoutConnection(flow, { waypoints: [], connectionStart: middleOf(source), connectionEnd: position });
    modeling.connect(context.created, target);
  };

  function makeRoom(source, shape) {
    const missing = shape.width + 2 * GAP - roomBeside(source, shape, 1);
    if (missing <= 0) return;
    const start = source.x + source.width + 1;
    const elements = selfAndAllChildren(canvas.getRootElement());
    const { movingShapes, resizingShapes } = spaceTool.calculateAdjustments(elements, 'x', missing, start);
    const stays = element => !movingShapes.includes(element);
    const drawn = elements.filter(element => element.waypoints)
      .map(connection => [ connection, moved(connection, start, missing, stays) ]);
    spaceTool.makeSpace(movingShapes, resizingShapes, { x: missing, y: 0 }, 'e', start);
    // The tool draws anew what has moved at one end only; the arrows are to keep their ways.
    drawn.forEach(([ connection, waypoints ]) => modeling.updateWaypoints(connection, waypoints, { labelBehavior: false }));
  }
}

InsertHandler.$inject = [ 'modeling', 'spaceTool', 'canvas' ];

/** The arrow's points with those to the right moved, but for an end that stays at its step. */
function moved({ waypoints, source, target }, start, dx, stays) {
  const fixed = new Set([ ...(stays(source) ? standing(waypoints) : []), ...(stays(target) ? standing([ ...waypoints ].reverse()) : []) ]);
  return waypoints.map(point => ({ x: point.x > start && !fixed.has(point) ? point.x + dx : point.x, y: point.y }));
}

/** The first point and those straight above or below it: moved alone they would slant. */
function standing([ first, ...others ]) {
  const bend = others.findIndex(point => point.x !== first.x);
  return [ first, ...others.slice(0, bend < 0 ? others.length : bend) ];
}

const middleOf = ({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 });

const leavesBackwards = (flow, source) => flow.waypoints[1].x < source.x;

/** How far it is, to the right (1) or left (-1), to what stands at the height of the new step. */
function roomBeside(source, shape, direction) {
  const top = source.y + (source.height - shape.height) / 2;
  const distances = source.parent.children
    .filter(other => other !== source && is(other, 'bpmn:FlowNode') && !other.labelTarget)
    .filter(other => other.y < top + shape.height && other.y + other.height > top)
    .map(other => direction > 0 ? other.x - source.x - source.width : source.x - other.x - other.width);
  return Math.min(...distances.filter(distance => distance >= 0), Infinity);
}

export default function Insertion(commandStack, autoPlace, modeling, canvas) {
  commandStack.registerHandler(COMMAND, InsertHandler);

  /** The new step: on the only arrow that leaves `source`, else hung after it, as a gateway's next way. */
  this.after = (source, shape) => {
    const leaving = source.outgoing.filter(isFlow);
    const splits = is(source, 'bpmn:Gateway') && source.incoming.filter(isFlow).length < 2;
    if (leaving.length !== 1 || splits || is(shape, 'bpmn:EndEvent')) return autoPlace.append(source, shape);
    const context = { source, shape };
    commandStack.execute(COMMAND, context);
    return context.created;
  };

  /** The event on the lower edge of `host`, right of those that sit there. */
  this.onEdge = (host, shape) => {
    const taken = host.attachers.filter(each => each.y > host.y + host.height / 2).map(each => each.x + each.width);
    const last = host.x + host.width - shape.width / 2;
    const x = Math.min(last, Math.max(host.x + shape.width, ...taken.map(right => right + shape.width)));
    return modeling.createShape(shape, { x, y: host.y + host.height }, host, { attach: true });
  };

  /** What is drawn beside the flow: in the middle of what is seen; a pool around or below the rest. */
  this.beside = shape => {
    const root = canvas.getRootElement();
    if (is(shape, 'bpmn:Participant')) return pool(shape, root);
    const { x, y, width, height } = canvas.viewbox();
    const inPool = is(shape, 'bpmn:DataObjectReference') && root.children.find(each => is(each, 'bpmn:Participant'));
    return modeling.createShape(shape, { x: x + width / 2, y: y + height / 2 }, inPool || root);
  };

  function pool(shape, root) {
    const box = getBBox(root.children.filter(each => !each.waypoints && !each.labelTarget));
    if (is(root, 'bpmn:Collaboration')) {
      return modeling.createShape(shape, { x: box.x + shape.width / 2, y: box.y + box.height + GAP + shape.height / 2 }, root);
    }
    Object.assign(shape, { width: Math.max(shape.width, box.width + 4 * GAP), height: Math.max(shape.height, box.height + 2 * GAP) });
    return modeling.createShape(shape, { x: box.x + box.width / 2, y: box.y + box.height / 2 }, root);
  }
}

Insertion.$inject = [ 'commandStack', 'autoPlace', 'modeling', 'canvas' ];

const isFlow = connection => is(connection, 'bpmn:SequenceFlow');
