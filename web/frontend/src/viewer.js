// Draws every <div data-diagram> of the page, with the states that the server says.
import Viewer from 'bpmn-js/lib/Viewer';

import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';

import translateModule from './i18n/translate';
import { marks } from './viewer/marks';
import { fit, scrollTo } from './viewer/fit';

const SEEN = [ 'fault', 'here' ]; // what the picture is scrolled to, if it has any

async function draw(container) {
  const { xml, states = {}, badges = {} } = read(container.dataset.diagram);
  const viewer = new Viewer({ container, additionalModules: [ translateModule ] });
  await viewer.importXML(xml);
  const canvas = viewer.get('canvas');
  const registry = viewer.get('elementRegistry');
  for (const [ element, state ] of marks(registry, states)) {
    canvas.addMarker(element, `is-${state}`);
    if (element.children?.length) canvas.addMarker(element, 'is-frame');
  }
  for (const [ id, text ] of Object.entries(badges)) badge(viewer, id, text);
  const scroller = container.querySelector('.djs-container');
  nameScroller(scroller, container.dataset.label);
  const place = () => fit(canvas, container, scroller);
  place();
  scrollTo(scroller, canvas, firstOf(registry, states));
  new ResizeObserver(place).observe(container);
  container.dataset.ready = 'true';
}

/** The JSON that a script element of the page holds: the page has no inline script. */
function read(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

/** What is scrolled is what the keyboard stops at; the picture itself is told in the table below. */
function nameScroller(scroller, label) {
  const svg = scroller.querySelector(':scope > svg');
  svg.removeAttribute('tabindex');
  svg.setAttribute('aria-hidden', 'true');
  scroller.tabIndex = 0;
  scroller.setAttribute('role', 'region');
  scroller.setAttribute('aria-label', label);
}

function badge(viewer, id, text) {
  if (!viewer.get('elementRegistry').get(id)) return;
  const html = Object.assign(document.createElement('span'), { className: 'diagram-badge', textContent: text });
  viewer.get('overlays').add(id, { position: { top: -12, right: 14 }, html });
}

/** The innermost place that matters most: a step rather than the subprocess around it. */
function firstOf(registry, states) {
  const shapes = SEEN.flatMap(state => Object.keys(states).filter(id => states[id] === state))
    .map(id => registry.get(id)).filter(Boolean);
  return shapes.find(shape => !shape.children?.length) || shapes[0];
}

/** In a closed fold there is no width to draw in: it is drawn when it is opened. */
function drawWhenSeen(container) {
  const fold = container.closest('details:not([open])');
  const start = () => draw(container).catch(error => {
    container.dataset.ready = 'failed';
    console.error(error);
  });
  if (fold) fold.addEventListener('toggle', start, { once: true });
  else start();
}

document.querySelectorAll('[data-diagram]').forEach(drawWhenSeen);
