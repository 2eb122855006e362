// The page of the own list: name, order, what to do with it.
import { MAX_ITEMS, address, isKept, load, save } from "./my-list.js";

const find = (name) => document.querySelector(`[data-${name}]`);
const row = find("row").content.firstElementChild;
// The links are served with the address of the practice page.
const base = document.querySelector("[data-open]").getAttribute("href");

function say(kind, values) {
  const text = find("said").dataset[kind];
  find("said").textContent = text.replace(/\{(\w+)\}/g, (whole, name) => values[name]);
}

function change(data) {
  save(data);
  show();
}

function move(place, by) {
  const data = load();
  const items = [...data.items];
  const [item] = items.splice(place, 1);
  items.splice(place + by, 0, item);
  change({ ...data, items });
  const moved = find("items").children[place + by];
  const again = moved.querySelector(`${by < 0 ? "[data-up]" : "[data-down]"}:not(:disabled)`);
  (again ?? moved.querySelector("button:not(:disabled)")).focus();
  say("moved", { name: item.name, n: place + by + 1 });
}

function remove(place) {
  const data = load();
  const [item] = data.items.splice(place, 1);
  change(data);
  const next = find("items").children[Math.min(place, data.items.length - 1)];
  next?.querySelector("[data-remove]").focus();
  say("removed", { name: item.name });
}

function line(item, place, all) {
  const element = row.cloneNode(true);
  element.querySelector(".my-list__name").textContent = item.name;
  for (const button of element.querySelectorAll("button")) {
    button.setAttribute("aria-label", button.getAttribute("aria-label").replace("{name}", item.name));
  }
  const [up, down] = [element.querySelector("[data-up]"), element.querySelector("[data-down]")];
  up.disabled = place === 0;
  down.disabled = place === all.length - 1;
  up.addEventListener("click", () => move(place, -1));
  down.addEventListener("click", () => move(place, 1));
  element.querySelector("[data-remove]").addEventListener("click", () => remove(place));
  return element;
}

function showLinks() {
  const data = load();
  for (const link of document.querySelectorAll("[data-open]")) {
    link.href = base + address(data, link.dataset.open);
  }
}

function show() {
  const data = load();
  find("filled").hidden = !data.items.length;
  find("empty").hidden = data.items.length > 0;
  find("items").replaceChildren(...data.items.map(line));
  const count = find("count");
  count.textContent = count.dataset.text.replace("{n}", data.items.length).replace("{m}", MAX_ITEMS);
  find("forgets").hidden = isKept();
  showLinks();
}

find("name").value = load().name;
find("name").addEventListener("input", (event) => {
  save({ ...load(), name: event.target.value });
  showLinks();
});
find("clear").addEventListener("click", () => {
  find("name").value = "";
  change({ version: 1, name: "", items: [] });
});
show();
