// The panel at the right: the chosen element's facts as plain labelled fields.
import { fieldsOf } from './fields';
import { kindOf } from './steps';

const TYPING_PAUSE = 400;

export default function Panel({ root, heading, services, lists, deadlineUrl }) {
  const { eventBus, selection, elementRegistry } = services;
  let shown = null;

  function show(element) {
    shown = element;
    root.replaceChildren();
    heading.textContent = element ? nameOf(element) : 'Inget steg valt';
    if (!element) {
      root.append(paragraph('Välj ett steg i bilden eller i listan nedan.'));
      return;
    }
    fieldsOf(element, services, lists).forEach(field => root.append(render(field)));
  }

  function render(field) {
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
    const store = () => save(field, input, error, help);
    input.addEventListener('change', store);
    if (field.kind === 'deadline') previewOn(input, help, error);
    return box;
  }

  function save(field, input, error) {
    const value = field.kind === 'check' ? input.checked : input.value.trim();
    if (value === field.get()) return;
    const problem = field.validate?.(value);
    error.hidden = !problem;
    error.textContent = problem || '';
    input.toggleAttribute('aria-invalid', Boolean(problem));
    if (!problem) field.set(value);
  }

  function previewOn(input, help, error) {
    let timer;
    const preview = async () => {
      const text = input.value.trim();
      if (!text) { help.textContent = 'Ingen tidsfrist.'; error.hidden = true; return; }
      const answer = await fetch(`${deadlineUrl}?text=${encodeURIComponent(text)}`).then(r => r.json());
      help.textContent = answer.preview || '';
      error.hidden = !answer.error;
      error.textContent = answer.error || '';
      input.toggleAttribute('aria-invalid', Boolean(answer.error));
    };
    input.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(preview, TYPING_PAUSE); });
    preview();
  }

  eventBus.on('selection.changed', ({ newSelection }) => show(newSelection.length === 1 ? newSelection[0] : null));
  // An undone change, or one made in the picture, must be seen here too, but not under one's fingers.
  eventBus.on('elements.changed', ({ elements }) => {
    if (shown && elements.includes(shown) && !root.contains(document.activeElement)) show(shown);
    if (shown) heading.textContent = nameOf(shown);
  });
  eventBus.on('shape.removed', ({ element }) => { if (element === shown) show(null); });
  show(null);

  return {
    /** Chooses the element and moves the keyboard to its first field. */
    open(id) {
      const element = elementRegistry.get(id);
      if (!element) return;
      selection.select(element);
      services.canvas.scrollToElement(element, 80);
      root.querySelector('input, select, textarea')?.focus();
    },
  };
}

const nameOf = element => element.businessObject.name || kindOf(element);

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

const paragraph = text => node('p', { className: 'small muted', textContent: text });

function node(tag, attributes) {
  return Object.assign(document.createElement(tag), attributes);
}
