// Searches the whole document, without a network. Keys are folded as on the site: no tones, no
// accents, no spaces inside a run of Lao, so that ໄຟ ຟ້າ finds ໄຟຟ້າ and duong day finds đường dây.
"use strict";

(() => {
  const LETTERS = { đ: "d", ð: "d", ɖ: "d", "’": "'", "‘": "'", "–": "-", "—": "-", "−": "-" };
  const DROPPED = /[\u0300-\u036f\u0ec8-\u0ecc\u200b-\u200d\ufeff\u00ad]/;
  const LAO = /[\u0e80-\u0eff]/;
  const MOST = 50;

  // The key of a text, and for each of its letters the place in the text.
  function fold(text) {
    const key = [];
    const places = [];
    for (let i = 0; i < text.length; i += 1) {
      for (let letter of text[i].normalize("NFKD").toLowerCase()) {
        const last = key[key.length - 1];
        letter = LETTERS[letter] || letter;
        if (letter >= "໐" && letter <= "໙") {
          letter = String(letter.charCodeAt(0) - 0x0ed0);
        }
        if (DROPPED.test(letter)) {
          continue;
        }
        if (/\s/.test(letter)) {
          if (!last || last === " ") {
            continue;
          }
          letter = " ";
        } else if (last === " " && LAO.test(letter) && LAO.test(key[key.length - 2] || "")) {
          key.pop();
          places.pop();
        }
        if (last === "ຫ" && (letter === "ຼ" || letter === "ຣ")) {
          letter = "ລ";
        }
        if (last === "ເ" && letter === "ເ") {
          key[key.length - 1] = "ແ";
          continue;
        }
        key.push(letter);
        places.push(i);
      }
    }
    return { key: key.join(""), places };
  }

  const foldedPages = () =>
    window.pagesOfDocument.map(([address, title, passages]) => ({
      address,
      title,
      titleKey: fold(title).key,
      passages,
      keys: passages.map((passage) => fold(passage).key),
    }));
  let pages = null;

  function find(query) {
    const key = fold(query).key.trim();
    const words = key.split(" ");
    if (key === "") {
      return [];
    }
    pages = pages || foldedPages();
    const found = [];
    for (const page of pages) {
      const whole = page.keys.findIndex((passage) => passage.includes(key));
      const all = page.keys.findIndex((passage) => words.every((word) => passage.includes(word)));
      const inTitle = page.titleKey.includes(key);
      if (inTitle || whole >= 0 || all >= 0) {
        const rank = inTitle ? 0 : whole >= 0 ? 1 : 2;
        found.push({ page, rank, passage: whole >= 0 ? whole : all, words: whole >= 0 ? [key] : words });
      }
    }
    return found.sort((one, other) => one.rank - other.rank);
  }

  // The passage around the first word found, the words marked.
  function excerpt(text, words) {
    const { key, places } = fold(text);
    const element = document.createElement("p");
    const first = Math.max(0, Math.min(...words.map((w) => key.indexOf(w)).filter((at) => at >= 0)));
    const start = Math.max(0, (places[first] || 0) - 60);
    const marks = [];
    for (const word of words) {
      for (let at = key.indexOf(word); at >= 0; at = key.indexOf(word, at + word.length)) {
        const end = places[at + word.length];
        marks.push([places[at], end === undefined ? text.length : end]);
      }
    }
    marks.sort((one, other) => one[0] - other[0]);
    let done = start;
    const end = Math.min(text.length, start + 240);
    element.append(start > 0 ? "… " : "");
    for (const [from, to] of marks) {
      if (from >= done && to <= end) {
        element.append(text.slice(done, from));
        const mark = document.createElement("mark");
        mark.textContent = text.slice(from, to);
        element.append(mark);
        done = to;
      }
    }
    element.append(text.slice(done, end), end < text.length ? " …" : "");
    return element;
  }

  const form = document.querySelector("form.search");
  const input = form.querySelector("input");
  const list = document.querySelector(".found");
  const status = document.querySelector("[role=status]");

  function show() {
    const found = find(input.value);
    list.replaceChildren();
    for (const { page, passage, words } of found.slice(0, MOST)) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = page.address;
      link.textContent = page.title;
      item.append(link);
      if (passage >= 0) {
        item.append(excerpt(page.passages[passage], words));
      }
      list.append(item);
    }
    status.textContent =
      input.value.trim() === "" ? "" : found.length ? `${form.dataset.found} ${found.length}` : form.dataset.nothing;
  }

  let waiting = 0;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 150);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
  form.hidden = false;
})();
