// Put pieces in order: a tap adds a piece to the line, a tap there takes it back.
import { makeButton, mark } from "./exercise.js";

export function start(root, exercise) {
  const line = root.querySelector("[data-line]");
  const pieces = root.querySelector("[data-pieces]");
  const check = root.querySelector("[data-check]");
  const items = [...pieces.children];
  const right = [...items]
    .sort((a, b) => a.dataset.place - b.dataset.place)
    .map((item) => item.textContent);
  items.forEach((item) => makeButton(item, () => move(item)));

  function clear() {
    items.forEach((item) => mark(item.firstChild, ""));
    exercise.quiet();
  }

  function move(item) {
    clear();
    const adds = item.parentElement === pieces;
    const neighbour = item.nextElementSibling ?? item.previousElementSibling;
    (adds ? line : pieces).append(item);
    // Moving an element takes the focus off it; it stays where the hand is.
    (adds ? (neighbour?.firstChild ?? check) : item.firstChild).focus({ preventScroll: true });
  }

  check.addEventListener("click", () => {
    clear();
    const placed = [...line.children];
    if (!placed.length) return exercise.ask();
    // Pieces that read the same may stand for each other.
    placed.forEach((item, place) =>
      mark(item.firstChild, item.textContent === right[place] ? "right" : "wrong"));
    const isRight = placed.length === right.length
      && placed.every((item) => item.firstChild.dataset.state === "right");
    exercise.tell(isRight ? "right" : "wrong", isRight ? [exercise.why] : []);
    if (isRight) exercise.finish();
  });
  exercise.again.addEventListener("click", () => {
    clear();
    pieces.append(...items);
    exercise.again.hidden = true;
    items[0].firstChild.focus();
  });
}
