// What the engine refuses is not offered: a process owner should not be able to draw it by accident.
const REFUSED = /complex|compensation|ad-?hoc|link-|event-subprocess|conditional|data-store|signal|cancel|transaction|instantiate|escalation-start|error-start/i;

export default function Allowed(popupMenu) {
  popupMenu.registerProvider('bpmn-replace', 400, this);
}

Allowed.$inject = [ 'popupMenu' ];

Allowed.prototype.getPopupMenuEntries = () => entries =>
  Object.fromEntries(Object.entries(entries).filter(([ id ]) => !REFUSED.test(id)));

Allowed.prototype.getPopupMenuHeaderEntries = () => entries =>
  Object.fromEntries(Object.entries(entries).filter(([ id ]) => !/adhoc|participant-multiplicity/i.test(id)));
