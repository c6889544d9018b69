// The panel at the right: the chosen element's facts as plain labelled fields. What was typed in a
// field and can't be stored is kept until it is mended or taken back: the drawing isn't saved without it.
import { isAny } from 'bpmn-js/lib/util/ModelUtil';

import { fieldsOf } from './fields';
import { kindOf } from './steps';

const TYPING_PAUSE = 400;
const PICTURES = [ 'bpmn:Process', 'bpmn:Collaboration' ]; // not what a folded subprocess holds

export default function Panel({ root, heading, services, lists, ask, mended }) {
  const { eventBus, selection, elementRegistry } = services;
  let shown = null;
  let isRead = false; // before the file has been read there is no process
  let fields = []; // those that are shown
  let saving = false;
  let previews = []; // and what their texts would mean
  const refused = new Map(); // element: { field, value, problem }

  function show(chosen) {
    shown = chosen;
    previews = [];
    root.replaceChildren();
    heading.textContent = chosen ? headingOf(chosen) : 'Inget steg valt';
    if (!chosen) root.append(paragraph('Välj ett steg i bilden eller i listan nedan.'));
    const element = told();
    fields = element ? fieldsOf(element, services, lists, ask) : [];
    fields.forEach(field => root.append(render(field, element)));
    if (refused.has(element)) restore(refused.get(element));
    previews.forEach(preview => preview());
    if (chosen) uncover();
  }

  /** A long list of findings must not hide what was just chosen in the picture. */
  function uncover() {
    const column = root.closest('.props');
    if (!column || column.scrollHeight <= column.clientHeight) return;
    const below = heading.getBoundingClientRect().top - column.getBoundingClientRect().top;
    if (below < 0 || below > column.clientHeight / 2) column.scrollTop += below - 16;
  }

  /** What the panel tells of: where nothing is chosen it is the process itself. */
  const told = () => shown || (isRead && isAny(services.canvas.getRootElement(), PICTURES) ? services.canvas.getRootElement() : null);

  function restore({ field, value, problem }) {
    const input = inputOf(field);
    input.value = value;
    mark(input, problem);
  }

  function render(field, element) {
    const id = `egenskap-${field.id}`;
    const box = node('div', { className: field.kind === 'check' ? 'choice' : 'ds-field' });
    const label = node('label', { htmlFor: id, textContent: field.label });
    const input = inputFor(field, id);
    const help = node('p', { id: `${id}-hjalp`, textContent: field.help || '' });
    help.dataset.field = 'description';
    const error = node('p', { className: 'ds-validation-message', id: `${id}-fel`, hidden: true });
    error.setAttribute('role', 'alert');
    input.setAttribute('aria-describedby', `${help.id} ${error.id}`);
    box.append(...(field.kind === 'check' ? [ input, label, help ] : [ label, input, help, error ]));
    if (field.suggestions) suggest(box, input, field.suggestions);
    input.addEventListener('change', () => save(field, input, element));
    if (field.validate) {
      input.addEventListener('keydown', event => { if (event.key === 'Escape') takeBack(field, input, element); });
    }
    if (field.preview) previewOn(field, input, help);
    return box;
  }

  function save(field, input, element) {
    const value = field.kind === 'check' ? input.checked : input.value.trim();
    if (field.validate) {
      const problem = judge(field, value, element);
      mark(input, problem);
      if (problem) return;
    }
    if (value === field.get()) return;
    saving = true;
    try { field.set(value); } finally { saving = false; }
    previews.forEach(preview => preview()); // they may hang on this one
    setTimeout(() => renew(field)); // when the keyboard has come to where it was going
  }

  /** Another choice may ask for other facts: they are shown, and the keyboard stays where it is. */
  function renew({ id }) {
    const wanted = told() ? fieldsOf(told(), services, lists, ask) : [];
    const focused = root.contains(document.activeElement) ? document.activeElement.id : null;
    if (wanted.map(shape).join() !== fields.map(shape).join()) show(shown);
    else fields.forEach(refresh);
    const lost = document.activeElement === document.body;
    if (lost) document.getElementById(focused || `egenskap-${id}`)?.focus();
  }

  /** One fact may change another: a new step's name gives it its id. */
  function refresh(field) {
    const input = inputOf(field);
    if (input === document.activeElement || refused.get(told())?.field.id === field.id) return;
    if (field.kind === 'check') input.checked = field.get();
    else input.value = field.get();
  }

  /** What is wrong with the value, which then is remembered; null for one that may be stored. */
  function judge(field, value, element) {
    const problem = value === field.get() ? null : field.validate(value);
    if (problem) refused.set(element, { field, value, problem });
    else if (refused.delete(element)) mended();
    return problem;
  }

  function takeBack(field, input, element) {
    input.value = field.get();
    save(field, input, element);
  }

  function mark(input, problem) {
    const error = input.parentElement.querySelector('.ds-validation-message');
    error.hidden = !problem;
    error.textContent = problem || '';
    if (problem) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
  }

  /** What is typed is told in the server's words: what it would mean, or what is wrong with it. */
  function previewOn(field, input, help) {
    let timer, latest = 0;
    const preview = async () => {
      const mine = latest += 1;
      const { preview: meaning, error } = await field.preview(input.value.trim());
      if (mine !== latest) return; // something else has been typed since
      help.textContent = [ field.help, meaning ].filter(Boolean).join(' ');
      mark(input, error);
    };
    input.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(preview, TYPING_PAUSE); });
    previews.push(preview);
  }

  eventBus.on('import.done', () => { isRead = true; show(null); });
  eventBus.on('selection.changed', ({ newSelection: [ first, ...others ] }) =>
    show(first && !others.length ? first.labelTarget || first : null));
  // An undone change, or one made in the picture, must be seen here too, but not under one's fingers.
  eventBus.on('elements.changed', ({ elements }) => {
    if (elements.includes(told()) && !saving && !root.contains(document.activeElement)) show(shown);
    if (shown) heading.textContent = headingOf(shown);
  });
  eventBus.on('shape.removed', ({ element }) => {
    if (refused.delete(element)) mended();
    if (element === shown) show(null);
  });

  function choose(element) {
    const isPicture = element === services.canvas.getRootElement();
    selection.select(isPicture ? null : element);
    if (!isPicture) services.canvas.scrollToElement(element, 80);
  }

  return {
    /** Chooses the element and moves the keyboard to its first field. */
    open(id) {
      const element = elementRegistry.get(id);
      if (!element) return;
      choose(element);
      root.querySelector('input, select, textarea')?.focus();
    },

    /** Stores what is being typed. Throws, with the keyboard in that field, when something can't be stored. */
    settle() {
      if (root.contains(document.activeElement)) document.activeElement.dispatchEvent(new Event('change'));
      // What stood in the way may be gone by now: another step had the name, and was renamed.
      [ ...refused ].forEach(([ element, { field, value } ]) => {
        if (!judge(field, value, element) && value !== field.get()) field.set(value);
      });
      if (!refused.size) return;
      const [ [ element, { field, problem } ] ] = refused;
      choose(element);
      inputOf(field).focus();
      throw new Error(`${field.label}: ${problem}`);
    },
  };
}

/** What decides how a field is drawn. */
const shape = ({ id, options = [] }) => `${id} ${options.length}`;

const inputOf = field => document.getElementById(`egenskap-${field.id}`);

const headingOf = element => element.businessObject.name || element.businessObject.text || capitalised(kindOf(element));

const capitalised = word => word.charAt(0).toUpperCase() + word.slice(1);

function inputFor(field, id) {
  const value = field.get();
  if (field.kind === 'area') return node('textarea', { className: 'ds-input', id, rows: 3, value });
  if (field.kind === 'check') return node('input', { className: 'ds-input', type: 'checkbox', id, checked: value });
  if (field.kind !== 'select') return node('input', { className: 'ds-input', type: 'text', id, value });
  const select = node('select', { className: 'ds-input', id });
  const options = [ { value: '', label: field.empty }, ...field.options ];
  // A value from elsewhere is shown, never thrown away by opening the panel.
  if (value && !options.some(option => option.value === value)) options.push({ value, label: `${value} (finns inte här)` });
  select.append(...options.map(option => node('option', { value: option.value, textContent: option.label, selected: option.value === value })));
  return select;
}

/** What one may choose among, or write something else. */
function suggest(box, input, suggestions) {
  const list = node('datalist', { id: `${input.id}-forslag` });
  list.append(...suggestions.map(({ value, label }) => node('option', { value, label })));
  input.setAttribute('list', list.id);
  input.autocomplete = 'off';
  box.append(list);
}

const paragraph = text => node('p', { className: 'small muted', textContent: text });

function node(tag, attributes) {
  return Object.assign(document.createElement(tag), attributes);
}
