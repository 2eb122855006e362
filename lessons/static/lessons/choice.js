// Choose one or several: native radio buttons or check boxes.
import { mark } from "./exercise.js";

export function start(root, exercise) {
  const inputs = [...root.querySelectorAll(".option__input")];
  const label = (input) => input.closest(".option");
  const reason = (input) =>
    root.querySelector(`[data-option="${input.value}"] .answers__why`);

  function clear() {
    inputs.forEach((input) => mark(label(input), ""));
    exercise.quiet();
  }

  root.addEventListener("change", clear);
  root.querySelector("[data-check]").addEventListener("click", () => {
    clear();
    const chosen = inputs.filter((input) => input.checked);
    if (!chosen.length) return exercise.ask();
    const wrong = chosen.filter((input) => !("right" in input.dataset));
    const missed = inputs.filter((input) => "right" in input.dataset && !input.checked);
    chosen.forEach((input) => mark(label(input), wrong.includes(input) ? "wrong" : "right"));
    if (wrong.length || missed.length) {
      exercise.tell("wrong", wrong.map(reason));
    } else {
      exercise.tell("right", [...chosen.map(reason), exercise.why]);
      exercise.finish();
    }
  });
  exercise.again.addEventListener("click", () => {
    inputs.forEach((input) => (input.checked = false));
    clear();
    exercise.again.hidden = true;
    inputs[0].focus();
  });
}
