// What all kinds of exercises share: feedback by colour, icon and word, and the mark "done".
import { doneIn, markDone } from "./store.js";
import { word } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const DRAWINGS = {
  right: "M4 13l5 5L20 6",
  nearly: "M3 10c3-4 6-4 9 0s6 4 9 0M3 17h18",
  wrong: "M5 12a7 7 0 1 1 2 5M5 12l-2-3M5 12l4-1",
};

function drawing(state) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon feedback__icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", DRAWINGS[state] ?? DRAWINGS.wrong);
  svg.append(path);
  return svg;
}

export class Exercise {
  /** `root` is the exercise's section, `lesson` the id progress is kept under. */
  constructor(root, lesson) {
    this.root = root;
    this.lesson = lesson;
    this.box = root.querySelector("[data-feedback]");
    this.again = root.querySelector("[data-again]");
    this.showDone();
  }

  showDone() {
    this.root.querySelector(".exercise__done").hidden = !doneIn(this.lesson).has(this.root.id);
  }

  /** Say how the answer was; `reasons` are elements to be copied, with their languages. */
  tell(state, reasons = [], text = word(state)) {
    const strong = document.createElement("strong");
    strong.textContent = text;
    const copies = reasons.filter(Boolean).map((element) => {
      const copy = document.createElement("p");
      copy.append(...element.cloneNode(true).childNodes);
      return copy;
    });
    const body = document.createElement("div");
    body.append(strong, ...copies);
    this.box.dataset.state = state;
    this.box.replaceChildren(drawing(state), body);
    this.box.scrollIntoView({ block: "nearest" });
  }

  /** Ask for an answer where there is none yet. */
  ask() {
    this.tell("empty", [], word("empty"));
  }

  quiet() {
    delete this.box.dataset.state;
    this.box.replaceChildren();
  }

  /** The explanation of the whole exercise. */
  get why() {
    return this.root.querySelector("[data-why]");
  }

  finish() {
    if (this.again) this.again.hidden = false;
    markDone(this.lesson, this.root.id);
    this.showDone();
  }
}

/** Set or take off an element's state: right, nearly, wrong or "". */
export function mark(element, state) {
  if (state) {
    element.dataset.state = state;
  } else {
    delete element.dataset.state;
  }
}

/** Turn the content of `element` into a button inside it. */
export function makeButton(element, onClick) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "piece";
  const content = document.createElement("span");
  content.append(...element.childNodes);
  button.append(content);
  button.addEventListener("click", onClick);
  element.append(button);
  return button;
}
