// Progress as a file: what lessons and cards keep on the device, to take to another one.
//
//   {format: "mittaphap-progress", version: 1, saved: "…", lessons: {…}, cards: {…}}
//
// `lessons` as in lessons/store.js, `cards` as in card-store.js.
import * as lessonStore from "../lessons/store.js";
import {
  areCards, isCard, isKept as areCardsKept, load as loadCards, save as saveCards, VERSION as CARDS,
} from "./card-store.js";
import { isPlain } from "./device.js";

const FORMAT = "mittaphap-progress";
export const VERSION = 1;
export const MAX_BYTES = 5_000_000;
const ID = /^[A-Za-z0-9][\w-]{0,63}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Why a file is refused: `reason` is large, unreadable, foreign, newer, damaged or full. */
export class Refused extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

function areLessons(lessons) {
  return isPlain(lessons) && Object.entries(lessons).every(([id, done]) =>
    ID.test(id) && isPlain(done)
    && Object.entries(done).every(([key, date]) => ID.test(key) && DATE.test(date)));
}

/** The whole progress as the text of a file. */
export function written(now = new Date()) {
  const cards = Object.entries(loadCards().cards).filter(([, value]) => isCard(value));
  return JSON.stringify({
    format: FORMAT,
    version: VERSION,
    saved: now.toISOString(),
    lessons: lessonStore.load().lessons,
    cards: Object.fromEntries(cards),
  });
}

/** {lessons, cards} of a file's text. Throws Refused. */
export function read(text) {
  let data;
  try {
    data = JSON.parse(text);
  } catch {
    throw new Refused("unreadable");
  }
  if (!isPlain(data) || data.format !== FORMAT) throw new Refused("foreign");
  if (!Number.isInteger(data.version) || data.version < 1) throw new Refused("damaged");
  if (data.version > VERSION) throw new Refused("newer");
  if (!areLessons(data.lessons) || !areCards(data.cards)) throw new Refused("damaged");
  return { lessons: data.lessons, cards: data.cards };
}

/** Own and brought lessons: all that was done in either, on the first day it was. */
export function mergeLessons(own, brought) {
  const merged = { ...own };
  for (const [id, done] of Object.entries(brought)) {
    merged[id] = { ...done, ...merged[id] };
    for (const [key, date] of Object.entries(done)) {
      if (date < merged[id][key]) merged[id][key] = date;
    }
  }
  return merged;
}

/** Own and brought cards: of each the one that was practised last. */
export function mergeCards(own, brought) {
  const merged = { ...own };
  for (const [id, card] of Object.entries(brought)) {
    if (!isCard(merged[id]) || card[1] > merged[id][1]) merged[id] = card;
  }
  return merged;
}

/** Join the text of a file with what is there: all of it or nothing. Throws Refused. */
export function take(text) {
  const brought = read(text);
  const [lessons, cards] = [lessonStore.load(), loadCards()];
  const before = [structuredClone(lessons), structuredClone(cards)];
  // Where the device kept nothing before, the file counts until the page is closed.
  const wasKept = areCardsKept() && lessonStore.isKept();
  const keepsCards = saveCards({ version: CARDS, cards: mergeCards(cards.cards, brought.cards) });
  const keepsLessons = lessonStore.save({
    ...lessons, lessons: mergeLessons(lessons.lessons, brought.lessons),
  });
  if (wasKept && !(keepsCards && keepsLessons)) {
    saveCards(before[1]);
    lessonStore.save(before[0]);
    throw new Refused("full");
  }
  return brought;
}

/** Remove all progress from the device. */
export function wipe() {
  saveCards({ version: CARDS, cards: {} });
  lessonStore.save({ version: lessonStore.VERSION, lessons: {} });
}
