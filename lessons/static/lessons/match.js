// Put together what belongs together: choose on one side, then on the other. Nothing is dragged.
import { makeButton, mark } from "./exercise.js";
import { fill } from "./words.js";

export function start(root, exercise) {
  const box = root.querySelector(".match");
  const [lefts, rights] = ["[data-left]", "[data-right-side]"].map((side) =>
    [...box.querySelectorAll(`${side} > li`)].map((item) => {
      const button = makeButton(item, () => choose(button));
      button.dataset.pair = item.dataset.pair;
      button.setAttribute("aria-pressed", "false");
      return button;
    }));
  const partnerText = (left) =>
    rights.find((right) => right.dataset.pair === left.dataset.pair).textContent;
  let chosen = null;

  function release() {
    if (chosen) chosen.setAttribute("aria-pressed", "false");
    chosen = null;
  }

  function choose(button) {
    if (button.getAttribute("aria-disabled") === "true") return;
    [...lefts, ...rights].forEach((other) => other.dataset.state === "wrong" && mark(other, ""));
    const before = chosen;
    release();
    if (before === button) return exercise.quiet();
    if (!before || lefts.includes(before) === lefts.includes(button)) {
      chosen = button;
      button.setAttribute("aria-pressed", "true");
      return exercise.quiet();
    }
    const [left, right] = lefts.includes(before) ? [before, button] : [button, before];
    // Two meanings may read the same in the reader's language: then either will do.
    if (partnerText(left) === right.textContent) join(left, right);
    else {
      [left, right].forEach((item) => mark(item, "wrong"));
      exercise.tell("wrong");
    }
  }

  function join(left, right) {
    const number = lefts.filter((item) => item.dataset.state === "right").length + 1;
    for (const item of [left, right]) {
      mark(item, "right");
      item.dataset.number = number;
      item.setAttribute("aria-disabled", "true");
    }
    const next = lefts.find((item) => item.dataset.state !== "right");
    if (next) {
      exercise.tell("right", [], fill(box.dataset.made, {
        left: left.textContent, right: right.textContent,
      }));
      if (document.activeElement === left || document.activeElement === right) next.focus();
    } else {
      exercise.tell("right", [exercise.why]);
      exercise.finish();
    }
  }

  exercise.again.addEventListener("click", () => {
    release();
    for (const item of [...lefts, ...rights]) {
      mark(item, "");
      delete item.dataset.number;
      item.removeAttribute("aria-disabled");
    }
    exercise.quiet();
    exercise.again.hidden = true;
    lefts[0].focus();
  });
}
