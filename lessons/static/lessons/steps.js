// One thing at a time: shows one part of the lesson, a thin line of progress, back and on.
import { word } from "./words.js";

export function startSteps(lesson) {
  const steps = [...lesson.querySelectorAll(".step")];
  const part = (name) => lesson.querySelector(`[data-${name}]`);
  const [bar, moves, end] = [lesson.querySelector(".lesson__bar"), part("forward").parentElement, part("end")];
  const fromAddress = Number(/^#s(\d+)$/.exec(location.hash)?.[1] ?? 1);
  let place = Math.min(Math.max(fromAddress, 1), steps.length) - 1;

  // Away on the screen only: on paper the whole lesson stands (lesson-print.css).
  const away = (element, isAway) => element.toggleAttribute("data-away", isAway);
  const intro = lesson.querySelector(".lesson__intro");

  function show() {
    steps.forEach((step, number) => away(step, number !== place));
    const isLast = place === steps.length - 1;
    away(intro, place > 0);
    lesson.querySelector("progress").value = place + 1;
    part("position").textContent = word("step", { n: place + 1, m: steps.length });
    part("back").disabled = place === 0;
    part("forward").hidden = isLast;
    away(end, !isLast);
  }

  function go(to) {
    place = to;
    show();
    history.replaceState(null, "", `#s${place + 1}`);
    const top = place ? bar : lesson;
    top.scrollIntoView({ block: "start" });
    steps[place].tabIndex = -1;
    steps[place].focus({ preventScroll: true });
  }

  if (steps.length < 2) {
    bar.hidden = moves.hidden = true;
    return;
  }
  part("forward").addEventListener("click", () => go(place + 1));
  part("back").addEventListener("click", () => go(place - 1));
  part("all").addEventListener("click", (event) => {
    for (const element of [...steps, end, intro]) away(element, false);
    bar.hidden = moves.hidden = event.currentTarget.hidden = true;
    lesson.scrollIntoView({ block: "start" });
  });
  addEventListener("hashchange", () => {
    const number = Number(/^#s(\d+)$/.exec(location.hash)?.[1]);
    if (number >= 1 && number <= steps.length) go(number - 1);
  });
  show();
}
