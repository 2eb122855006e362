// What a learner knows of each card, on this device only: nothing of it is sent anywhere.
//
//   {version: 1, cards: {"<word id> <way>": [due, last, stability, difficulty, days, reps, lapses, state]}}
//
// The way is "lo-vi" or "vi-lo"; due and last review are seconds since 1970, days the interval
// between them; the rest as in ts-fsrs.
import { Kept, isPlain } from "./device.js";

export const VERSION = 1;
const KEY = /^[a-z0-9]{1,16} (lo-vi|vi-lo)$/;
// The last second of the year 9999: later dates cannot be shown.
const LAST = 253402300799;
const LIMITS = [
  [0, LAST], [0, LAST], [0, 1e6], [0, 10], [0, 1e6], [0, 1e6], [0, 1e6], [0, 3],
];

export function emptyCards() {
  return { version: VERSION, cards: {} };
}

/** Whether a value is a card as it is stored. */
export function isCard(value) {
  return Array.isArray(value) && value.length === LIMITS.length
    && value.every((number, place) => Number.isFinite(number)
      && number >= LIMITS[place][0] && number <= LIMITS[place][1]);
}

/** Whether all of `cards` could have been stored by this version. */
export function areCards(cards) {
  return isPlain(cards)
    && Object.entries(cards).every(([key, value]) => KEY.test(key) && isCard(value));
}

const store = new Kept(
  "cards", (data) => isPlain(data) && data.version === VERSION && isPlain(data.cards), emptyCards,
);

export const load = () => store.load();
export const save = (data) => store.save(data);
export const isKept = () => store.isKept();

/** The stored card, null for a new or damaged one. */
export function card(id, data = load()) {
  const value = Object.hasOwn(data.cards, id) ? data.cards[id] : null;
  return isCard(value) ? value : null;
}

/** Store one card. Read anew: another tab may have stored meanwhile. */
export function saveCard(id, value) {
  const data = load();
  data.cards[id] = value;
  return save(data);
}
