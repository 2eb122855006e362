// A lesson's page: its exercises, players and steps. Without this file everything can be read, and
// every answer stands under "Show the answer".
import "../media/player.js";
import * as choice from "./choice.js";
import { startDialogue } from "./dialogue.js";
import { Exercise } from "./exercise.js";
import * as match from "./match.js";
import * as order from "./order.js";
import { progressText } from "./progress.js";
import { startSteps } from "./steps.js";
import { isKept } from "./store.js";
import * as typed from "./typed.js";
import { word } from "./words.js";

const KINDS = { choice, match, order, typed };
const lesson = document.querySelector("[data-lesson]");

for (const element of lesson.querySelectorAll("[data-needs-script]")) element.hidden = false;
for (const root of lesson.querySelectorAll("[data-exercise]")) {
  const exercise = new Exercise(root, lesson.dataset.lesson);
  KINDS[root.dataset.exercise]?.start(root, exercise);
  if (root.dataset.exercise === "speak") {
    import("./speak.js").then((speak) => speak.start(root, exercise));
  }
}
lesson.querySelectorAll("[data-dialogue]").forEach(startDialogue);
if (lesson.querySelector("[data-tracing]")) {
  import("./tracing.js").then(({ startTracing }) => {
    for (const card of lesson.querySelectorAll("[data-letter]")) {
      startTracing(card, lesson.dataset.lesson);
    }
  });
}
if (lesson.querySelector("[data-across]")) {
  import("./sign.js").then(({ startSign }) => {
    lesson.querySelectorAll("[data-sign]").forEach(startSign);
  });
}
if (!("teacher" in lesson.dataset)) startSteps(lesson);

function showProgress() {
  lesson.querySelector("[data-progress]").textContent = progressText(lesson);
  const note = lesson.querySelector("p[data-forgets]");
  note.hidden = isKept();
  note.textContent = isKept() ? "" : word("forgets");
}

document.addEventListener("progress", showProgress);
showProgress();
