// The list a teacher puts together, on this device: {version: 1, name, items: [{id, name}]}.
// Shared as an address that holds the ids; the server stores nothing of it.
import { Kept, isPlain } from "./device.js";

export const MAX_ITEMS = 200;
const ID = /^[a-z0-9]{10,12}$/;

function isList(data) {
  return isPlain(data) && data.version === 1 && typeof data.name === "string"
    && Array.isArray(data.items) && data.items.length <= MAX_ITEMS
    && data.items.every((item) => isPlain(item) && ID.test(item.id) && typeof item.name === "string");
}

const store = new Kept("list", isList, () => ({ version: 1, name: "", items: [] }));

export const load = () => store.load();
export const save = (data) => store.save(data);
export const isKept = () => store.isKept();

export function has(id) {
  return load().items.some((item) => item.id === id);
}

/** Add an entry, or take it off again. Returns false where the list is full. */
export function toggle(id, name) {
  const data = load();
  const left = data.items.filter((item) => item.id !== id);
  if (left.length === data.items.length) {
    if (left.length >= MAX_ITEMS) return false;
    left.push({ id, name: name.slice(0, 200) });
  }
  save({ ...data, items: left });
  return true;
}

/** The part of a list's address that follows /practice/: `view` is list, sheet or package. */
export function address({ name, items }, view) {
  const ending = { list: "", sheet: "sheet/", package: "words.apkg" }[view];
  const query = name.trim() ? `?${new URLSearchParams({ name: name.trim() })}` : "";
  return `list/${items.map((item) => item.id).join(".")}/${ending}${query}`;
}
