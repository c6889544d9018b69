// Somebody else saved the draft in between: whichever drawing is not gone on with becomes a file.

function download(xml, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([ xml ], { type: 'application/xml' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export default function Conflict({ root, key, drawing, saveOver, leave, refused }) {
  let theirs = null;

  const close = () => { root.hidden = true; root.replaceChildren(); };

  const choices = {
    async min() {
      if (theirs.theirs !== null) download(theirs.theirs, `${key}-deras.bpmn`);
      await saveOver(theirs.lock_version);
    },
    async deras() {
      download(await drawing(), `${key}-min.bpmn`);
      leave();
    },
    async senare() { close(); },
  };

  root.addEventListener('click', event => {
    const choice = event.target.closest('[data-conflict]')?.dataset.conflict;
    if (choice) choices[choice]().catch(refused);
  });

  return {
    close,
    show(told) {
      theirs = told;
      root.innerHTML = told.html; // our own template, its values escaped
      root.hidden = false;
      root.querySelector('h2').focus();
    },
  };
}
