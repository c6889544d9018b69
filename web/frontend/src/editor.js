// The process editor: bpmn-js in the middle, our tools, findings, panel and list of steps around it.
import Modeler from 'bpmn-js/lib/Modeler';

import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css';

import Allowed from './editor/allowed';
import Conflict from './editor/conflict';
import Findings from './editor/findings';
import Insertion from './editor/insertion';
import Naming from './editor/naming';
import Panel from './editor/panel';
import Properties from './editor/properties';
import References, { isKept } from './editor/references';
import Roots from './editor/roots';
import Steps from './editor/steps';
import Tools from './editor/tools';
import spiffworkflow from './editor/spiffworkflow.json';
import translateModule, { missing } from './i18n/translate';

const byId = id => document.getElementById(id);
const settings = JSON.parse(byId('editor-settings').textContent);
const status = byId('editor-status');
const say = text => { status.textContent = text; };

const modeler = new Modeler({
  container: '#ritytan',
  moddleExtensions: { spiffworkflow },
  drawable: settings.drawable,
  additionalModules: [
    translateModule,
    {
      __init__: [ 'ourNaming', 'ourAllowed', 'ourReferences' ],
      ourProperties: [ 'type', Properties ],
      ourRoots: [ 'type', Roots ],
      insertion: [ 'type', Insertion ],
      ourNaming: [ 'type', Naming ],
      ourAllowed: [ 'type', Allowed ],
      ourReferences: [ 'type', References ],
      paletteProvider: [ 'value', null ], // our tools stand in the page, with words
    },
  ],
});

const SERVICES = [
  'canvas', 'commandStack', 'create', 'editorActions', 'elementFactory', 'elementRegistry', 'eventBus', 'globalConnect',
  'handTool', 'insertion', 'lassoTool', 'moddle', 'modeling', 'overlays', 'rules', 'selection',
];
const services = Object.fromEntries(SERVICES.map(name => [ name, modeler.get(name) ]));
Object.assign(services, {
  allowed: modeler.get('ourAllowed'), properties: modeler.get('ourProperties'), roots: modeler.get('ourRoots'),
});

let lockVersion = settings.lockVersion;
let unsaved = false;

function told() { say(unsaved ? 'Ändringar som inte är sparade.' : ''); }

async function send(url, body) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-CSRFToken': settings.csrfToken },
    body: JSON.stringify(body),
  });
  const answer = await response.json().catch(() => ({}));
  if (response.status === 409 && answer.html) throw Object.assign(new Error(answer.detail), { conflict: answer });
  if (!response.ok) throw new Error(answer.detail || 'Servern svarade inte som väntat. Utkastet finns kvar här på sidan; försök igen.');
  return answer;
}

/** What a text in the panel would mean; nothing when the server can't be reached just now. */
async function ask(what, asked) {
  const address = `${settings.previewUrls[what]}?${new URLSearchParams(asked)}`;
  return fetch(address).then(answer => answer.json()).catch(() => ({}));
}

async function save() {
  panel.settle();
  const { xml } = await modeler.saveXML({ format: true });
  const answer = await send(settings.saveUrl, { bpmn: xml, lock_version: lockVersion });
  lockVersion = answer.lock_version;
  unsaved = false;
  conflict.close();
  findings.show(answer.findings);
  return answer;
}

function refused(error) {
  say(error.message);
  if (error.conflict) conflict.show(error.conflict);
}

const actions = {
  async spara() { await save(); say('Utkastet är sparat.'); },
  async kontrollera() {
    panel.settle();
    const { xml } = await modeler.saveXML({ format: true });
    const answer = await send(settings.checkUrl, { bpmn: xml });
    findings.show(answer.findings);
    say(answer.findings.length ? 'Kontrollen är klar. Se listan till höger.' : 'Kontrollen hittade inga fel.');
  },
  async driftsatt() { await save(); window.location.assign(settings.deployUrl); },
  async jamfor() { await save(); window.location.assign(settings.compareUrl); },
};

document.querySelectorAll('[data-action]').forEach(button => button.addEventListener('click', async () => {
  button.disabled = true;
  try { await actions[button.dataset.action](); } catch (error) { refused(error); } finally { button.disabled = false; }
}));

const conflict = Conflict({
  root: byId('konflikt'), key: settings.key,
  drawing: async () => (await modeler.saveXML({ format: true })).xml,
  async saveOver(version) { lockVersion = version; await save(); say('Din ritning är sparad.'); },
  leave() { unsaved = false; window.location.reload(); },
  refused,
});

const panel = Panel({
  root: byId('egenskaper'), heading: byId('egenskaper-rubrik'), services,
  lists: settings.lists, ask, mended: told,
});
const findings = Findings({
  list: byId('fynd'), count: byId('fynd-antal'), verdict: byId('hinder'), services, open: panel.open,
});
Steps({ list: byId('steg'), count: byId('steg-antal'), services, properties: services.properties, open: panel.open });
Tools({ root: byId('verktyg'), services, say, open: panel.open });

services.eventBus.on('commandStack.changed', () => { unsaved = true; told(); });
window.addEventListener('beforeunload', event => { if (unsaved) event.preventDefault(); });
document.addEventListener('keydown', event => {
  if ((event.ctrlKey || event.metaKey) && event.key === 's') { event.preventDefault(); actions.spara().catch(refused); }
});

const READABLE = 0.75; // smaller words can't be read: better to begin at the left and scroll

function show(canvas) {
  canvas.zoom('fit-viewport', 'auto');
  if (canvas.zoom() >= READABLE) return;
  canvas.zoom(READABLE);
  const { x, y, width, height, inner } = canvas.viewbox();
  const below = Math.max(0, (height - inner.height) / 2);
  canvas.scroll({ dx: (x - inner.x + (width - Math.min(width, inner.width)) / 2) * READABLE, dy: (y - inner.y + below) * READABLE });
}

(async () => {
  const { warnings } = await modeler.importXML(settings.bpmn);
  show(services.canvas);
  findings.show(settings.findings || []);
  unsaved = false;
  const unread = warnings.filter(warning => !isKept(warning));
  say(unread.length ? 'Något i filen kunde inte läsas. Jämför innan du driftsätter.' : '');
  byId('ritytan').dataset.ready = 'true';
})().catch(error => say(`Bilden kan inte visas: ${error.message}`));

// For the browser tests: drawing through the picture's own services, and untranslated texts.
window.arendegang = { modeler, missing };
