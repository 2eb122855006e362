// Shows on the pages of courses and units what is done of each lesson.
import { progressText } from "./progress.js";

function show() {
  for (const lesson of document.querySelectorAll("[data-lesson]")) {
    const place = lesson.querySelector("[data-progress]");
    place.textContent = progressText(lesson);
    place.hidden = !place.textContent;
  }
}

show();
// Coming back with the browser's button shows the page as it was left.
addEventListener("pageshow", show);
addEventListener("storage", show);
