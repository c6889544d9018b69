// Enhancements only: every page works without this file.

const typing = (target) =>
  target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

// --- "/" goes to the search field

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) {
    return;
  }
  const field = document.getElementById("sok");
  if (field) {
    event.preventDefault();
    field.focus();
    field.select();
  }
});

// --- the inbox: ↑ ↓ move, Enter opens (it is a link), T takes

const rows = () => Array.from(document.querySelectorAll("table.inbox tr.row"));

function moveTo(row) {
  rows().forEach((other) => other.classList.toggle("current", other === row));
  row.querySelector("th a").focus();
  row.scrollIntoView({ block: "nearest" });
}

function inTurn() {
  const focused = document.activeElement?.closest("table.inbox tr.row");
  return focused ?? document.querySelector("table.inbox tr.row.current");
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) {
    return;
  }
  const all = rows();
  if (!all.length) {
    return;
  }
  const place = all.indexOf(inTurn());
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const step = event.key === "ArrowDown" ? 1 : -1;
    // The first press goes to the row in turn, not past it.
    const focused = document.activeElement?.closest("table.inbox tr.row");
    const next = focused ? place + step : Math.max(place, 0);
    if (all[next]) {
      event.preventDefault();
      moveTo(all[next]);
    }
  } else if (event.key === "Enter" && event.target === document.body && place >= 0) {
    all[place].querySelector("th a").click();
  } else if (event.key.toLowerCase() === "t" && place >= 0) {
    all[place].querySelector("button[data-take]")?.click();
  }
});

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("table.inbox tr.row");
  if (row) {
    rows().forEach((other) => other.classList.toggle("current", other === row));
  }
});

// --- a refused form: the reader lands in the box that says why

document.querySelector("[data-focus]")?.focus();

// --- a field shows when the answer that calls for it is given

function answers(form, name) {
  return Array.from(form.elements)
    .filter((field) => field.name === name)
    .filter((field) => !/^(radio|checkbox)$/.test(field.type) || field.checked)
    .map((field) => field.value);
}

document.querySelectorAll("form").forEach((form) => {
  const called = form.querySelectorAll("[data-when]");
  const show = () => called.forEach((part) => {
    const wanted = part.dataset.is.split(" ");
    part.hidden = !answers(form, part.dataset.when).some((value) => wanted.includes(value));
  });
  if (called.length) {
    form.addEventListener("change", show);
    show();
  }
});

// --- a choice that narrows another fetches its choices at once

document.querySelectorAll("select[data-narrows]").forEach((select) => {
  const button = select.closest("li").querySelector("button[value*='.keep.']");
  button.hidden = true;
  select.addEventListener("change", () => button.click());
});

// --- many boxes: a field that narrows them; what is ticked always shows

document.querySelectorAll("[data-search-for]").forEach((search) => {
  const field = search.querySelector("input");
  const said = search.querySelector("[role=status]");
  const boxes = Array.from(document.getElementById(search.dataset.searchFor).children);
  const ticked = (box) => box.querySelector("input").checked;
  const narrow = () => {
    const words = field.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const fits = (box) => words.every((word) => box.textContent.toLocaleLowerCase().includes(word));
    boxes.forEach((box) => { box.hidden = !fits(box) && !ticked(box); });
    const text = words.length ? said.dataset.some : said.dataset.all;
    said.textContent = text
      .replace("{shown}", boxes.filter(fits).length)
      .replace("{chosen}", boxes.filter(ticked).length);
  };
  search.hidden = false;
  // What is searched for is no answer: it neither sends the form nor makes it changed.
  field.addEventListener("input", (event) => { event.stopPropagation(); narrow(); });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
    }
  });
  boxes.forEach((box) => box.addEventListener("change", narrow));
  narrow();
});

// --- nothing typed is lost by a slip: leaving a changed form asks first

const guarded = document.querySelector("form[data-guard]");

if (guarded) {
  let changed = false;
  guarded.addEventListener("input", () => { changed = true; });
  guarded.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => {
    if (changed) {
      event.preventDefault();
    }
  });
}

// --- a second press on a button sends nothing twice

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
});

window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// --- likely duplicates while the heading of a new case is typed

const similar = document.querySelector("[data-similar]");
const headingField = document.getElementById("heading");

if (similar && headingField) {
  let timer;
  headingField.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const address = `${similar.dataset.similar}?heading=${encodeURIComponent(headingField.value)}`;
      const answer = await fetch(address);
      if (answer.ok) similar.innerHTML = await answer.text();
    }, 400);
  });
}
