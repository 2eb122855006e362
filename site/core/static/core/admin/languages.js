/* Languages side by side in the editor: which are shown, and what is missing or old in each.

   Columns are the fields of a TranslatedFieldPanel (`.language-column`) and the children of
   translated blocks (`.translated-block > [data-contentpath]`), which Wagtail adds while the page
   is open. Hiding is a class on the form and is done by CSS: nothing leaves the form. */

function startLanguages(bar) {
  const form = bar.closest("form");
  const data = JSON.parse(document.getElementById("language-bar-data").textContent);
  // Several editors may share a computer.
  const storageKey = `hidden-languages-${bar.dataset.editor}`;

  /* --- Which languages are shown ------------------------------------------------------------ */

  const toggles = [...bar.querySelectorAll("[data-language-toggle]")];

  const stored = () => {
    try {
      return JSON.parse(localStorage.getItem(storageKey)) || [];
    } catch {
      return [];
    }
  };

  const applyToggles = () => {
    for (const toggle of toggles) {
      form.classList.toggle(`hides-${toggle.dataset.languageToggle}`, !toggle.checked);
    }
  };

  const hidden = stored();
  for (const toggle of toggles) {
    toggle.checked = !hidden.includes(toggle.dataset.languageToggle);
    toggle.addEventListener("change", (event) => {
      // The choice is the editor's, not part of the document: Wagtail must not save for it.
      event.stopPropagation();
      // With no language shown there would be nothing left to write in.
      if (!toggles.some((other) => other.checked)) toggle.checked = true;
      applyToggles();
      const now = toggles.filter((other) => !other.checked);
      try {
        localStorage.setItem(
          storageKey,
          JSON.stringify(now.map((other) => other.dataset.languageToggle)),
        );
      } catch {
        // Without storage the choice lasts as long as the page.
      }
    });
  }
  applyToggles();

  /* --- Marks beside each language ----------------------------------------------------------- */

  const sourceSelect = form.elements.namedItem("source_language");
  const sourceLanguage = () => (sourceSelect && sourceSelect.value) || data.source;

  const labelOf = (column) =>
    column.querySelector("label").textContent.replace(/\s+/g, " ").trim();

  const mark = (kind, text) => {
    const element = document.createElement("span");
    element.className = `language-mark language-mark--${kind}`;
    element.textContent = text;
    return element;
  };

  const confirmButton = (state, code, path) => {
    const button = document.createElement("button");
    button.type = "submit";
    button.name = data.confirm;
    button.value = `${code}:${path}`;
    button.className = "language-mark__button";
    button.textContent = state === "stale" ? data.words.stillRight : data.words.done;
    return button;
  };

  const fillMarks = (holder, code, path) => {
    const state = (data.marks[path] || {})[code];
    const marks = [];
    if (code === sourceLanguage()) {
      marks.push(mark("source", data.words.source));
    } else if (state) {
      marks.push(mark(state, data.words[state]));
      if (state !== "missing") {
        const button = confirmButton(state, code, path);
        // A page has many such buttons: each says what it is about.
        button.setAttribute(
          "aria-label",
          `${button.textContent}: ${labelOf(holder.parentElement)}`,
        );
        marks.push(button);
      }
    }
    holder.replaceChildren(...marks);
  };

  /* A block's path is the one core.blocks gives it: field, ids of blocks, names of children. */
  const blockPath = (element) => {
    const parts = [];
    for (let at = element; at && at !== form; at = at.parentElement) {
      if (at.dataset.contentpath) parts.unshift(at.dataset.contentpath);
    }
    return parts.join(".");
  };

  const blockColumns = (block) =>
    [...block.querySelectorAll("[data-contentpath]")].filter(
      (child) => child.dataset.contentpath in { lo: 1, vi: 1, en: 1 },
    );

  const markBlocks = () => {
    for (const block of form.querySelectorAll(".translated-block")) {
      for (const column of blockColumns(block)) {
        if (column.dataset.language) continue;
        const code = column.dataset.contentpath;
        column.dataset.language = code;
        column.classList.add("language-column");
        column.lang = code;
        const label = column.querySelector("label");
        const holder = document.createElement("span");
        holder.className = "language-marks";
        holder.dataset.languageMarks = "";
        label.after(holder);
        fillMarks(holder, code, blockPath(block));
      }
    }
    // Wagtail's label names the hidden input behind a rich text editor, not the editor.
    for (const box of form.querySelectorAll(
      ".language-column [contenteditable=true]:not([aria-label])",
    )) {
      box.setAttribute("aria-label", labelOf(box.closest(".language-column")));
    }
  };

  const refresh = () => {
    for (const column of form.querySelectorAll(".language-column[data-language]")) {
      const holder = column.querySelector("[data-language-marks]");
      const path = column.dataset.unit || blockPath(column.parentElement);
      fillMarks(holder, column.dataset.language, path);
    }
  };

  // "missing" is no longer true once something was typed; the server says the rest on saving.
  form.addEventListener("input", (event) => {
    const column = event.target.closest(".language-column[data-language]");
    column?.querySelector(".language-mark--missing")?.remove();
  });

  if (sourceSelect) sourceSelect.addEventListener("change", refresh);
  refresh();
  markBlocks();
  // Typing in a rich text editor changes the form as well: look once a frame.
  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      markBlocks();
    });
  }).observe(form, { childList: true, subtree: true });
}

// Wagtail loads the scripts of a form in the head.
document.addEventListener("DOMContentLoaded", () => {
  const bar = document.querySelector("[data-language-bar]");
  if (bar) startLanguages(bar);
});
