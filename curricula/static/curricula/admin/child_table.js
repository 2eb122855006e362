/* The table of units of a module, or of modules of a curriculum (curricula/child_table.py): adds
   and moves rows, adds up the hours. Everything is an ordinary input that the form saves. */

const KEY_LETTERS = "23456789bcdfghjkmnpqrstvwxz";
const HOURS = ["hours_theory", "hours_practice", "hours_test"];

/* Made here, so that an autosave that is sent twice adds a row once. */
function newKey() {
  const numbers = crypto.getRandomValues(new Uint32Array(10));
  return [...numbers].map((number) => KEY_LETTERS[number % KEY_LETTERS.length]).join("");
}

class ChildTable {
  constructor(element) {
    this.element = element;
    this.form = element.closest("form");
    this.prefix = element.dataset.childTable;
    this.body = element.querySelector("[data-rows]");
    this.blank = element.querySelector("[data-blank]");
    this.said = element.querySelector("[data-said]");
    element.addEventListener("click", (event) => this.press(event));
    element.addEventListener("input", () => this.addUp());
    element.addEventListener("keydown", (event) => this.key(event));
    element.querySelector("[data-add]")?.addEventListener("click", () => {
      this.add().querySelector("[data-column]").focus();
      this.changed();
    });
    this.form.addEventListener("input", (event) => {
      if (/^hours_(theory|practice|test|exam)$/.test(event.target.name)) this.addUp();
    });
    // An autosave deletes nothing: a row goes when its editor saves the page.
    this.form.addEventListener("submit", () => {
      for (const box of this.body.querySelectorAll("[data-delete]:checked")) box.disabled = false;
    });
    this.letDrag();
    this.number();
    this.addUp();
  }

  get rows() {
    return [...this.body.querySelectorAll("[data-row]")];
  }

  /* Tells Wagtail that there is something to save. */
  changed() {
    this.body.dispatchEvent(new Event("change", { bubbles: true }));
  }

  press(event) {
    const row = event.target.closest("[data-row]");
    const move = event.target.closest("[data-move]");
    if (move) this.move(row, Number(move.dataset.move), move);
    const bin = event.target.closest("[data-toggle-delete]");
    if (bin) this.toggleDelete(row, bin);
  }

  /* Alt and an arrow move the row whose field one is in. */
  key(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const row = event.target.closest("[data-row]");
    if (!event.altKey || !step || !row) return;
    event.preventDefault();
    this.move(row, step, event.target);
  }

  move(row, step, focused) {
    const rows = this.rows;
    const place = rows.indexOf(row) + step;
    if (place < 0 || place >= rows.length) return;
    if (step < 0) rows[place].before(row);
    else rows[place].after(row);
    focused.focus();
    this.moved(row);
  }

  moved(row) {
    this.number();
    this.changed();
    const place = this.rows.indexOf(row) + 1;
    this.said.textContent = this.said.dataset.moved
      .replace("{n}", place)
      .replace("{all}", this.rows.length);
  }

  toggleDelete(row, button) {
    const key = row.querySelector("[data-key]").value;
    const isNew = !this.saved().includes(key);
    if (isNew) {
      row.remove();
      this.number();
    } else {
      const box = row.querySelector("[data-delete]");
      box.checked = !box.checked;
      row.classList.toggle("is-deleted", box.checked);
      button.setAttribute("aria-pressed", box.checked);
    }
    this.addUp();
    this.changed();
  }

  /* The keys of the rows that the server knows. */
  saved() {
    return this.form.elements.namedItem(`${this.prefix}-order`).value.split(",");
  }

  add(values = {}) {
    const total = this.form.elements.namedItem(`${this.prefix}-TOTAL_FORMS`);
    const holder = document.createElement("tbody");
    holder.innerHTML = this.blank.innerHTML.replaceAll("__prefix__", total.value);
    const row = holder.querySelector("[data-row]");
    row.querySelector("[data-key]").value = newKey();
    total.value = Number(total.value) + 1;
    for (const [column, value] of Object.entries(values)) {
      const input = this.input(row, column);
      if (input) input.value = value;
    }
    this.body.append(row);
    this.number();
    this.addUp();
    return row;
  }

  input(row, column) {
    // A pasted name is in the language that is written first.
    const selector = column === "name" ? "[data-column^=name_]" : `[data-column=${column}]`;
    return row.querySelector(selector);
  }

  number() {
    this.rows.forEach((row, place) => {
      row.querySelector("[data-order]").value = place + 1;
      row.querySelector("[data-number]").textContent = place + 1;
      row.querySelector("[data-move='-1']").disabled = place === 0;
      row.querySelector("[data-move='1']").disabled = place === this.rows.length - 1;
    });
  }

  /* --- Adding up --------------------------------------------------------------------------- */

  addUp() {
    const sums = { credits: 0, hours_theory: 0, hours_practice: 0, hours_test: 0, total: 0 };
    for (const row of this.rows) {
      let total = 0;
      for (const column of ["credits", ...HOURS]) {
        const value = Number(this.input(row, column)?.value) || 0;
        if (!row.classList.contains("is-deleted")) sums[column] += value;
        if (column !== "credits") total += value;
      }
      row.querySelector("[data-total]").textContent = total;
      if (!row.classList.contains("is-deleted")) sums.total += total;
    }
    for (const output of this.element.querySelectorAll("[data-sum]")) {
      output.textContent = Math.round(sums[output.dataset.sum] * 10) / 10;
    }
    this.compare(sums);
  }

  own(name) {
    return Number(this.form.elements.namedItem(name)?.value) || 0;
  }

  /* What the units add up to beside what the module says: told, never corrected. */
  compare(sums) {
    const exams = this.element.querySelector("[data-with-exams]");
    if (exams) {
      exams.hidden = !this.own("hours_exam");
      exams.querySelector("output").textContent = sums.total + this.own("hours_exam");
      return;
    }
    const warning = this.element.querySelector("[data-mismatch]");
    const own = HOURS.map((name) => this.own(name));
    const differs = HOURS.some((name, place) => sums[name] !== own[place]);
    warning.hidden = !this.rows.length || !differs;
    const text = warning.querySelector("[data-text]");
    const said = text.dataset.text
      .replace("{units}", sums.total)
      .replace("{theory}", sums.hours_theory)
      .replace("{practice}", sums.hours_practice)
      .replace("{test}", sums.hours_test)
      .replace("{module}", `${own[0] + own[1] + own[2]} (${own.join(" / ")})`);
    if (text.textContent !== said) text.textContent = said;
    for (const [place, name] of HOURS.entries()) {
      const output = this.element.querySelector(`[data-sum=${name}]`);
      output.classList.toggle("differs", this.rows.length > 0 && sums[name] !== own[place]);
    }
  }

  /* --- Dragging ---------------------------------------------------------------------------- */

  /* By pointer, so that it works with mouse and finger alike. */
  letDrag() {
    let dragged = null;
    this.body.addEventListener("pointerdown", (event) => {
      const handle = event.target.closest("[data-handle]");
      if (!handle || event.button) return;
      event.preventDefault();
      dragged = handle.closest("[data-row]");
      dragged.classList.add("is-dragged");
      this.body.setPointerCapture(event.pointerId);
    });
    this.body.addEventListener("pointermove", (event) => {
      if (!dragged) return;
      const over = this.rows.find((row) => {
        const box = row.getBoundingClientRect();
        return row !== dragged && event.clientY > box.top && event.clientY < box.bottom;
      });
      if (!over) return;
      const box = over.getBoundingClientRect();
      if (event.clientY < box.top + box.height / 2) over.before(dragged);
      else over.after(dragged);
    });
    const drop = () => {
      if (!dragged) return;
      dragged.classList.remove("is-dragged");
      this.moved(dragged);
      dragged = null;
    };
    this.body.addEventListener("pointerup", drop);
    this.body.addEventListener("pointercancel", drop);
  }
}

document.addEventListener("DOMContentLoaded", () => {
  for (const element of document.querySelectorAll("[data-child-table]")) {
    element.childTable = new ChildTable(element);
  }
});
