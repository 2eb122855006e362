// The page of the own progress: counts, save as a file, bring back, wipe.
import * as lessonStore from "../lessons/store.js";
import { isCard, isKept, load } from "./card-store.js";
import { MAX_BYTES, Refused, take, wipe, written } from "./progress-file.js";
import { isDue } from "./schedule.js";

const find = (name) => document.querySelector(`[data-${name}]`);

function show() {
  const lessons = Object.values(lessonStore.load().lessons);
  const cards = Object.values(load().cards).filter(isCard);
  const exercises = lessons.flatMap((done) => Object.keys(done)).filter((id) => id.startsWith("e"));
  const now = new Date();
  find("lessons").textContent = lessons.filter((done) => Object.keys(done).length).length;
  find("exercises").textContent = exercises.length;
  find("cards").textContent = cards.length;
  find("due").textContent = cards.filter((card) => isDue(card, now)).length;
  find("forgets").hidden = isKept() && lessonStore.isKept();
}

function tell(outcome, values = {}) {
  const note = find("outcome");
  note.hidden = false;
  note.className = `note note--${outcome === "done" ? "good" : "bad"}`;
  note.textContent = note.dataset[outcome].replace(/\{(\w+)\}/g, (whole, name) => values[name]);
}

function download() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([written()], { type: "application/json" }));
  link.download = `mittaphap-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

async function bring(input) {
  const [file] = input.files;
  if (!file) return;
  try {
    if (file.size > MAX_BYTES) throw new Refused("large");
    const { lessons, cards } = take(await file.text());
    tell("done", { lessons: Object.keys(lessons).length, cards: Object.keys(cards).length });
  } catch (error) {
    tell(error instanceof Refused ? error.reason : "unreadable");
  }
  input.value = "";
  show();
}

for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;
find("export").addEventListener("click", download);
find("import").addEventListener("change", (event) => bring(event.target));
find("wipe").addEventListener("click", () => {
  wipe();
  find("wipe-box").open = false;
  find("outcome").hidden = true;
  find("wiped").hidden = false;
  show();
});
show();
