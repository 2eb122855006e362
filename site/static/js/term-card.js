// A tap on a marked term opens its card over the page. Without this script, or without an answer
// from the server, the mark is what it looks like: a link to the concept.
const WAIT = 8000; // ms for an answer
const cards = new Map();
const dialog = document.createElement("dialog");
let opener = null;

async function load(id) {
  if (!cards.has(id)) {
    const request = new AbortController();
    const timer = setTimeout(() => request.abort(), WAIT);
    try {
      const answer = await fetch(`/${document.documentElement.lang}/glossary/${id}/card`, { signal: request.signal });
      if (!answer.ok) throw new Error(answer.statusText);
      cards.set(id, await answer.text());
    } finally {
      clearTimeout(timer);
    }
  }
  return cards.get(id);
}

async function show(mark) {
  if (mark.dataset.state) return;
  mark.dataset.state = "loading";
  try {
    dialog.innerHTML = await load(mark.dataset.concept);
  } catch {
    return location.assign(mark.href);
  } finally {
    delete mark.dataset.state;
  }
  const { player } = dialog.firstElementChild.dataset;
  if (player) import(player);
  opener = mark;
  if (!dialog.open) dialog.showModal();
}

function wanted(event) {
  const mark = event.target.closest?.("a.term-mark");
  if (!mark || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(mark);
}

if (dialog.showModal) {
  dialog.className = "term-card";
  dialog.setAttribute("aria-labelledby", "term-card-title");
  document.body.append(dialog);
  for (const mark of document.querySelectorAll("a.term-mark")) {
    mark.setAttribute("role", "button");
    mark.setAttribute("aria-haspopup", "dialog");
  }
  document.addEventListener("click", wanted);
  // A button answers the space bar too, which a link does not.
  document.addEventListener("keydown", (event) => event.key === " " && wanted(event));
  // The body fills the dialog, so that a click on the dialog itself is one beside it.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => opener?.focus());
}
