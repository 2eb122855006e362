// How much of a lesson is done, in words.
import { doneIn } from "./store.js";
import { word } from "./words.js";

/** "3 of 7 exercises done", "" where nothing is. `element` has data-lesson and data-exercises. */
export function progressText(element) {
  const total = Number(element.dataset.exercises);
  // Ids of exercises begin with e; letters that were traced are kept beside them.
  const done = [...doneIn(element.dataset.lesson)].filter((id) => id.startsWith("e")).length;
  if (!done || !total) return "";
  return done >= total ? word("finished") : word("count", { n: done, m: total });
}
