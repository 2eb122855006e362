// The cards of a list: each word one or both ways, and which of them come next.
import { card, load } from "./card-store.js";
import { isDue } from "./schedule.js";

/** The cards of the table's rows in a way: {id, row, asked, answered, place}. */
export function deck(rows, way) {
  const ways = way === "both" ? ["lo-vi", "vi-lo"] : [way];
  return ways.flatMap((each) => [...rows].map((row, place) => {
    const [asked, answered] = each.split("-");
    return { id: `${row.dataset.word} ${each}`, row, asked, answered, place };
  }));
}

/** The cards by their state: {due, fresh, later}; what is due longest stands first. */
export function sorted(cards, now = new Date()) {
  const data = load();
  const known = cards.map((each) => ({ ...each, value: card(each.id, data) }));
  const byDate = (one, other) => one.value[0] - other.value[0];
  return {
    due: known.filter(({ value }) => value && isDue(value, now)).sort(byDate),
    fresh: known.filter(({ value }) => !value),
    later: known.filter(({ value }) => value && !isDue(value, now)).sort(byDate),
  };
}

/** The cards of a session: what is due, then what is new; where there is neither, the next ones. */
export function session({ due, fresh, later }, length) {
  if (!due.length && !fresh.length) return later.slice(0, length);
  const first = due.slice(0, length);
  // New words in the order of the list, a word's second way after all first ones.
  const next = [...fresh].sort((one, other) => one.place - other.place).slice(0, length - first.length);
  next.sort((one, other) => one.asked.localeCompare(other.asked));
  return [...first, ...next];
}
