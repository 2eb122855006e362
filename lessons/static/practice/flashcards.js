// Flashcards of the list below: choose, practise one card at a time, see what comes next. While
// practising nothing is asked of the server.
import { loadPictures, loadSounds, useLoaded } from "./beforehand.js";
import { isKept, saveCard } from "./card-store.js";
import { deck, session, sorted } from "./deck.js";
import { intervals, rate } from "./schedule.js";

const find = (name) => document.querySelector(`[data-${name}]`);
const rows = [...document.querySelectorAll("tr[data-pair]")];
const start = find("start");
// A forgotten card comes back behind so many others.
const BACK_BEHIND = 4;
const AGAIN = 1;

let queue = [];
let current = null;
let done = 0;
let known = 0;
let total = 0;

function chosen(name) {
  return start.elements[name].value;
}

function cards() {
  return sorted(deck(rows, chosen("way")));
}

function fill(element, values) {
  element.textContent = element.dataset.text.replace(/\{(\w)\}|\{date\}/g, (whole, name) => values[name ?? "date"]);
}

/** How many cards there are of each kind, and what the button does. */
function showCounts() {
  const { due, fresh, later } = cards();
  find("due").textContent = due.length;
  find("new").textContent = fresh.length;
  find("later").textContent = later.length;
  const isNothing = !due.length && !fresh.length;
  find("next").hidden = !isNothing;
  if (isNothing && later.length) {
    // Day before month, as all three languages write it; browsers know no Lao months.
    const date = new Date(later[0].value[0] * 1000);
    fill(find("next"), { date: `${date.getDate()}/${date.getMonth() + 1}` });
  }
  const begin = find("begin");
  begin.dataset.start ??= begin.textContent.trim();
  begin.querySelector("[data-label]").textContent = isNothing ? begin.dataset.ahead : begin.dataset.start;
  showSoundSize();
  find("forgets").hidden = isKept();
}

function showSoundSize() {
  const place = find("sound-size");
  if (!place) return;
  const used = new Set(session(cards(), Number(chosen("count"))).map((each) => each.row));
  const sizes = [...used].flatMap((row) => [...row.querySelectorAll(".audio-button__size")])
    .map((size) => Number.parseInt(size.textContent, 10) || 0);
  place.textContent = `${sizes.reduce((sum, size) => sum + size, 0)} KB`;
}

function show(...names) {
  for (const name of ["start", "session", "end"]) find(name).hidden = !names.includes(name);
  const isPractising = names.includes("session");
  for (const element of document.querySelectorAll("[data-around]")) element.hidden = isPractising;
  // A page keeps its heading for those who find their way by headings.
  find("list-head").classList.toggle("visually-hidden", isPractising);
  document.body.classList.toggle("is-practising", isPractising);
}

async function begin() {
  const picked = session(cards(), Number(chosen("count")));
  const used = [...new Set(picked.map((each) => each.row))];
  const button = find("begin");
  button.disabled = true;
  if (start.elements.sound?.checked) {
    button.querySelector("[data-label]").textContent = button.dataset.loading;
    await loadSounds(used);
  }
  await loadPictures(used);
  button.disabled = false;
  queue = picked.map((each) => ({ ...each, isFirst: true }));
  total = queue.length;
  done = known = 0;
  show("session");
  ask();
}

function copies(selectors) {
  return selectors
    .map((selector) => current.row.querySelector(selector)?.cloneNode(true))
    .filter(Boolean);
}

function ask() {
  current = queue.shift();
  if (!current) {
    finish();
    return;
  }
  find("bar").max = total;
  find("bar").value = done;
  fill(find("position"), { n: Math.min(done + 1, total), m: total });
  const question = find("question");
  question.replaceChildren(...copies([`[data-side="${current.asked}"]`]));
  useLoaded(question);
  find("answer").hidden = find("grades").hidden = true;
  find("asking").hidden = false;
  question.focus({ preventScroll: true });
  scrollTo(0, 0);
}

function reveal() {
  const answer = find("answer");
  answer.replaceChildren(...copies([
    "[data-picture]", `[data-side="${current.answered}"]`, "[data-help]",
  ]));
  useLoaded(answer);
  const days = intervals(current.value, new Date());
  document.querySelectorAll("[data-grade]").forEach((button, place) => {
    button.querySelector("[data-interval]").textContent = span(days[place]);
  });
  answer.hidden = find("grades").hidden = false;
  find("asking").hidden = true;
  answer.focus({ preventScroll: true });
}

/** Days in words: "4 d", "2 mo". Browsers know no Lao units, so the page brings its own. */
function span(days) {
  const [number, unit] = days < 30 ? [days, "days"]
    : days < 365 ? [Math.round(days / 30), "months"] : [Math.round(days / 365), "years"];
  return find("grades").dataset[unit].replace("{n}", number);
}

function grade(number) {
  if (current.isFirst) {
    // Only the first answer counts: what follows in the same session is fresh in memory.
    saveCard(current.id, rate(current.value, number, new Date()));
    find("forgets").hidden = isKept();
    if (number !== AGAIN) known += 1;
  }
  if (number === AGAIN) {
    queue.splice(BACK_BEHIND, 0, { ...current, isFirst: false });
  } else {
    done += 1;
  }
  ask();
}

function finish() {
  current = null;
  showCounts();
  show("end", "start");
  fill(find("result"), { n: total, m: known });
  find("end").focus();
}

function stop() {
  current = null;
  showCounts();
  show("start");
  find("begin").focus();
}

function onKey(event) {
  if (!current || event.ctrlKey || event.metaKey || event.altKey) return;
  const isAsking = !find("asking").hidden;
  if (event.key === " " && !event.target.closest("a, button")) {
    event.preventDefault();
    isAsking ? reveal() : grade(3);
  } else if (!isAsking && /^[1-4]$/.test(event.key)) {
    event.preventDefault();
    grade(Number(event.key));
  }
}

if (start && rows.length) {
  start.hidden = false;
  start.addEventListener("change", showCounts);
  start.addEventListener("submit", (event) => {
    event.preventDefault();
    begin();
  });
  find("show").addEventListener("click", reveal);
  find("stop").addEventListener("click", stop);
  find("more").addEventListener("click", begin);
  for (const button of document.querySelectorAll("[data-grade]")) {
    button.addEventListener("click", () => grade(Number(button.dataset.grade)));
  }
  document.addEventListener("keydown", onKey);
  showCounts();
}
