// What scripts say, in the page's language: templates/lessons/words.html holds it.
const words = document.getElementById("lesson-words")?.dataset ?? {};

/** Put `values` into the {names} of a text. */
export function fill(text, values = {}) {
  return (text ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function word(name, values) {
  return fill(words[name], values);
}
