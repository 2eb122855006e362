// Gaps and dictation: what is typed is compared with the right answers after normalising.
import { compareAnswer } from "./answers.js";
import { mark } from "./exercise.js";
import { offerLetters } from "./letters.js";

const ORDER = ["wrong", "nearly", "right"];

export function start(root, exercise) {
  const inputs = [...root.querySelectorAll("[data-answers]")];
  if (!inputs.length) return;
  offerLetters(root.querySelector("[data-letters]"), inputs);

  function clear() {
    for (const input of inputs) {
      mark(input, "");
      input.removeAttribute("aria-invalid");
    }
    exercise.quiet();
  }

  function check() {
    clear();
    if (inputs.every((input) => !input.value.trim())) return exercise.ask();
    const verdicts = inputs.map((input) => {
      const verdict = compareAnswer(input.value, JSON.parse(input.dataset.answers), input.lang);
      mark(input, verdict);
      if (verdict !== "right") input.setAttribute("aria-invalid", "true");
      return verdict;
    });
    const worst = ORDER.find((verdict) => verdicts.includes(verdict));
    exercise.tell(worst, worst === "wrong" ? [] : [exercise.why]);
    if (worst === "right") exercise.finish();
    else inputs[verdicts.indexOf(worst)].focus();
  }

  root.querySelector("[data-check]").addEventListener("click", check);
  root.addEventListener("input", clear);
  root.addEventListener("keydown", (event) => {
    // Enter ends the composition of an input method first.
    if (event.key === "Enter" && !event.isComposing && inputs.includes(event.target)) check();
  });
  exercise.again.addEventListener("click", () => {
    clear();
    inputs.forEach((input) => (input.value = ""));
    exercise.again.hidden = true;
    inputs[0].focus();
  });
}
