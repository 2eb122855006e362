// When a card comes back: FSRS, in whole days. Within a session a forgotten card returns by itself,
// so the scheduler's learning steps of minutes are off.
import { createEmptyCard, fsrs } from "./vendor/ts-fsrs.js";

const scheduler = fsrs({ enable_short_term: false });
export const GRADES = [1, 2, 3, 4];

function unpack(value, now) {
  if (!value) return createEmptyCard(now);
  const [due, last, stability, difficulty, days, reps, lapses, state] = value;
  return {
    due: new Date(due * 1000), last_review: new Date(last * 1000), stability, difficulty,
    scheduled_days: days, elapsed_days: 0, learning_steps: 0, reps, lapses, state,
  };
}

/** The stored card after an answer of `grade` (1 again, 2 hard, 3 good, 4 easy). */
export function rate(value, grade, now) {
  // A clock set back must not make a review older than the one before.
  const moment = value && now < value[1] * 1000 ? new Date(value[1] * 1000) : now;
  const { card } = scheduler.next(unpack(value, moment), moment, grade);
  const seconds = (date) => Math.round(date.getTime() / 1000);
  const short = (number) => Math.round(number * 1e4) / 1e4;
  return [
    seconds(card.due), seconds(card.last_review), short(card.stability), short(card.difficulty),
    card.scheduled_days, card.reps, card.lapses, card.state,
  ];
}

/** The days until a card comes back, for each grade. */
export function intervals(value, now) {
  return GRADES.map((grade) => rate(value, grade, now)[4]);
}

/** Whether a card comes back today or should have come before. */
export function isDue(value, now) {
  return value[0] * 1000 < new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).getTime();
}
