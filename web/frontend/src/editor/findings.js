import { titleOf } from './steps';

// What the check found: a list with a way to each element, and a badge on the element itself.
export default function Findings({ list, count, verdict, services, open }) {
  const { overlays, canvas, elementRegistry } = services;
  let marked = [];

  function clear() {
    overlays.remove({ type: 'finding' });
    marked.forEach(id => elementRegistry.get(id) && canvas.removeMarker(id, 'is-fault'));
    marked = [];
  }

  function show(findings) {
    clear();
    const errors = findings.filter(finding => finding.severity === 'error');
    count.textContent = findings.length ? summary(errors.length, findings.length - errors.length) : 'inga fel';
    verdict.textContent = errors.length
      ? 'Felen måste rättas innan utkastet kan driftsättas.' : 'Utkastet kan driftsättas.';
    list.replaceChildren(...findings.map(row));
    const perElement = Map.groupBy ? Map.groupBy(errors, each => each.element) : groupBy(errors);
    perElement.forEach((those, id) => mark(id, those.length));
  }

  function mark(id, n) {
    if (!id || !elementRegistry.get(id)) return;
    canvas.addMarker(id, 'is-fault');
    marked.push(id);
    const html = Object.assign(document.createElement('span'), { className: 'diagram-badge is-fault' });
    html.textContent = `${n} fel`;
    overlays.add(id, 'finding', { position: { top: -12, right: 14 }, html });
  }

  function row(finding) {
    const item = document.createElement('li');
    const tag = Object.assign(document.createElement('span'), { className: 'ds-tag' });
    tag.dataset.color = finding.severity === 'error' ? 'danger' : 'warning';
    tag.textContent = finding.severity === 'error' ? 'Fel' : 'Varning';
    const text = document.createElement('span');
    const element = finding.element && elementRegistry.get(finding.element);
    if (element) {
      const link = Object.assign(document.createElement('button'), { type: 'button', className: 'as-link' });
      link.textContent = titleOf(element);
      link.addEventListener('click', () => open(finding.element));
      text.append(link, ': ');
    }
    text.append(finding.message);
    item.append(tag, text);
    return item;
  }

  return { show };
}

const summary = (errors, warnings) => [
  errors && `${errors} fel`,
  warnings && `${warnings} ${warnings === 1 ? 'varning' : 'varningar'}`,
].filter(Boolean).join(', ');

function groupBy(findings) {
  const groups = new Map();
  findings.forEach(each => groups.set(each.element, [ ...(groups.get(each.element) || []), each ]));
  return groups;
}
