// "Add to my list" beside every word of the glossary and below a lesson.
import { has, toggle } from "./my-list.js";

const template = document.getElementById("my-list-button").content.firstElementChild;
const CONCEPT = /\/glossary\/([a-z0-9]{10,12})-[^/]*\/$/;

function words(root) {
  const terms = [...root.querySelectorAll(".term[lang]")].map((term) => term.textContent.trim());
  return [...new Set(terms)].filter(Boolean).slice(0, 2).join(" · ");
}

function show(button, id) {
  const isOn = has(id);
  button.setAttribute("aria-pressed", String(isOn));
  button.querySelector("span").textContent = isOn ? button.dataset.on : button.dataset.off;
}

function place(parent, id, name) {
  const button = template.cloneNode(true);
  // Many buttons on a page say the same: the word makes each one's name its own.
  const about = document.createElement("span");
  about.className = "visually-hidden";
  about.textContent = `: ${name}`;
  show(button, id);
  button.append(about);
  button.addEventListener("click", () => {
    if (toggle(id, name)) show(button, id);
    else button.querySelector("span").textContent = button.dataset.full;
  });
  parent.append(button);
}

for (const card of document.querySelectorAll(".pair-card")) {
  const id = CONCEPT.exec(card.querySelector(".pair-card__link")?.pathname)?.[1];
  if (id) place(card.querySelector(".pair-card__foot"), id, words(card));
}
for (const spot of document.querySelectorAll("[data-my-list]")) {
  place(spot, spot.dataset.myList, spot.dataset.name);
}
