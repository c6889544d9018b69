// Draws every <div data-diagram> of the page, with the states that the server says.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';

import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';

import translateModule from './i18n/translate';

const MIN_SCALE = 0.6; // below this the words can't be read: better to scroll

async function draw(container) {
  const { xml, states = {}, badges = {}, findings = {} } = read(container.dataset.diagram);
  const viewer = new NavigatedViewer({ container, additionalModules: [ translateModule ] });
  await viewer.importXML(xml);
  const registry = viewer.get('elementRegistry');
  const canvas = viewer.get('canvas');
  const marked = Object.entries(states).filter(([ id ]) => registry.get(id));
  for (const [ id, state ] of marked) canvas.addMarker(id, `is-${state}`);
  for (const [ id, text ] of Object.entries(badges)) badge(viewer, id, text, 'here');
  for (const [ id, text ] of Object.entries(findings)) badge(viewer, id, text, 'fault');
  fit(canvas, marked.find(([ , state ]) => state === 'here')?.[0], registry);
  container.dataset.ready = 'true';
}

/** The JSON that a script element of the page holds: the page has no inline script. */
function read(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

function badge(viewer, id, text, kind) {
  if (!viewer.get('elementRegistry').get(id)) return;
  const html = document.createElement('span');
  html.className = `diagram-badge is-${kind}`;
  html.textContent = text;
  viewer.get('overlays').add(id, { position: { top: -12, right: 14 }, html });
}

/** Shows the whole picture if it can be read so, else centres on where the case is. */
function fit(canvas, here, registry) {
  canvas.zoom('fit-viewport', 'auto');
  if (canvas.zoom() >= MIN_SCALE) return;
  const shape = here && registry.get(here);
  canvas.zoom(MIN_SCALE, shape ? { x: shape.x + shape.width / 2, y: shape.y + shape.height / 2 } : undefined);
  if (shape) canvas.scrollToElement(shape, 40);
}

document.querySelectorAll('[data-diagram]').forEach(container => {
  draw(container).catch(error => {
    container.dataset.ready = 'failed';
    console.error(error);
  });
});
