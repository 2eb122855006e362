/* The table block as a grid: a cell holds a field a language. Its inputs have the names that
   Wagtail's lists have, so the server reads them as it reads any block (curricula/blocks.py). */

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function iconButton(icon, label) {
  const button = make("button", { type: "button", class: "table-grid__button", title: label, "aria-label": label });
  button.innerHTML = `<svg class="icon icon-${icon}" aria-hidden="true"><use href="#icon-${icon}"></use></svg>`;
  return button;
}

/* Every message in what the server says is wrong, however deep. */
function messagesIn(error) {
  if (!error || typeof error !== "object") return [];
  if (Array.isArray(error)) return error.flatMap(messagesIn);
  return Object.entries(error).flatMap(([name, part]) =>
    name === "messages" ? part : messagesIn(part),
  );
}

class TableGrid {
  constructor(definition, placeholder, prefix, state, error) {
    this.blockDef = definition;
    this.type = definition.name;
    this.prefix = prefix;
    this.options = definition.meta.grid;
    this.words = this.options.words;
    this.element = make("div", { class: "table-grid" });
    (placeholder instanceof Element ? placeholder : placeholder[0]).replaceWith(this.element);
    this.setState(state);
    this.setError(error);
  }

  /* --- What Wagtail asks of a block --------------------------------------------------------- */

  setState(state) {
    const item = (stored) => ({ id: stored.id || crypto.randomUUID(), value: stored.value });
    this.title = { ...this.blank(), ...state.title };
    this.columns = state.columns.map(item);
    this.rows = state.rows.map((row) => ({ ...item(row), value: row.value.map(item) }));
    this.build();
  }

  getState() {
    this.keep();
    return structuredClone({ title: this.title, columns: this.columns, rows: this.rows });
  }

  getValue() {
    const { title, columns, rows } = this.getState();
    const values = (items) => items.map((item) => item.value);
    return { title, columns: values(columns), rows: rows.map((row) => values(row.value)) };
  }

  getDuplicatedState() {
    const anew = (item) => ({ ...item, id: crypto.randomUUID() });
    const { title, columns, rows } = this.getState();
    return {
      title,
      columns: columns.map(anew),
      rows: rows.map((row) => ({ ...anew(row), value: row.value.map(anew) })),
    };
  }

  setError(error) {
    this.element.querySelector(".table-grid__errors")?.remove();
    const messages = messagesIn(error);
    if (!messages.length) return;
    const list = make("div", { class: "table-grid__errors w-field--error" });
    for (const message of messages) list.append(make("p", { class: "error-message" }, message));
    this.element.prepend(list);
  }

  getTextLabel({ maxLength } = {}) {
    this.keep();
    const text = this.options.languages.map(([code]) => this.title[code]).find(Boolean) || "";
    return maxLength && text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;
  }

  setCapabilityOptions() {}

  getBlockByContentPath(path) {
    return path.length ? null : this;
  }

  focus() {
    this.element.querySelector("textarea:not([hidden])")?.focus({ preventScroll: false });
  }

  /* --- The model ----------------------------------------------------------------------------- */

  blank() {
    return Object.fromEntries(this.options.languages.map(([code]) => [code, ""]));
  }

  item(texts = {}) {
    return { id: crypto.randomUUID(), value: { ...this.blank(), ...texts } };
  }

  get width() {
    return this.columns.length;
  }

  get isEmpty() {
    const cells = [...this.columns, ...this.rows.flatMap((row) => row.value)];
    return !cells.some((cell) => Object.values(cell.value).some(Boolean));
  }

  /* Take over what was typed since the grid was built. */
  keep() {
    for (const box of this.element.querySelectorAll("textarea[data-language]")) {
      this.texts(box.dataset.at)[box.dataset.language] = box.value;
    }
  }

  texts(at) {
    if (at === "title") return this.title;
    const [row, column] = at.split(",");
    return row === "" ? this.columns[column].value : this.rows[row].value[column].value;
  }

  change(act, focusAt) {
    this.keep();
    act();
    this.build();
    if (focusAt) this.element.querySelector(`textarea[data-at="${focusAt}"]`)?.focus();
    this.element.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* --- Building ------------------------------------------------------------------------------ */

  build() {
    // Short rows come from files; the grid shows what is missing in them.
    for (const row of this.rows) while (row.value.length < this.width) row.value.push(this.item());
    const table = make("table", {});
    const head = make("tr", {}, make("td"));
    this.columns.forEach((column, place) => head.append(this.headCell(column, place)));
    table.append(make("thead", { "data-contentpath": "columns" }, head));
    const body = make("tbody", { "data-contentpath": "rows" });
    this.rows.forEach((row, place) => body.append(this.row(row, place)));
    table.append(body);
    this.element.replaceChildren(
      this.hidden("columns-count", this.width),
      this.hidden("rows-count", this.rows.length),
      make("p", { class: "w-field__label" }, this.words.title),
      this.cell(this.title, "title", "title", this.words.title, this.options.lengths.title),
      make("div", { class: "table-grid__scroll" }, table),
      this.buttons(),
      this.pasteBox(),
    );
  }

  hidden(name, value) {
    return make("input", { type: "hidden", name: `${this.prefix}-${name}`, value });
  }

  /* What Wagtail's lists post of an item beside its value. */
  itemInputs(name, item, place) {
    return [
      this.hidden(`${name}-${place}-deleted`, ""),
      this.hidden(`${name}-${place}-order`, place),
      this.hidden(`${name}-${place}-id`, item.id),
    ];
  }

  cell(texts, name, at, label, maxLength) {
    const block = make("div", { class: "translated-block table-grid__cell" });
    if (at === "title") block.dataset.contentpath = "title";
    for (const [code, tag, language] of this.options.languages) {
      const id = `${this.prefix}-${name}-${code}`;
      const box = make("textarea", { id, name: id, lang: code, rows: 1, maxlength: maxLength });
      Object.assign(box.dataset, { language: code, at });
      box.value = texts[code] || "";
      const said = make("span", { class: "w-sr-only" }, ` ${label}, ${language}`);
      const column = make("div", { "data-contentpath": code });
      column.append(make("label", { class: "w-field__label", for: id }, tag, said), box);
      block.append(column);
    }
    return block;
  }

  headCell(column, place) {
    const number = { column: place + 1 };
    const cell = make("th", { scope: "col", "data-contentpath": column.id });
    const label = fill(this.words.column, number);
    const lengths = this.options.lengths;
    cell.append(
      ...this.itemInputs("columns", column, place),
      this.cell(column.value, `columns-${place}-value`, `,${place}`, label, lengths.column),
    );
    if (this.width > 1) {
      const remove = iconButton("bin", fill(this.words.removeColumn, number));
      remove.addEventListener("click", () =>
        this.change(() => {
          this.columns.splice(place, 1);
          for (const row of this.rows) row.value.splice(place, 1);
        }),
      );
      cell.append(remove);
    }
    return cell;
  }

  row(row, place) {
    const name = `rows-${place}-value`;
    const remove = iconButton("bin", fill(this.words.removeRow, { row: place + 1 }));
    remove.addEventListener("click", () => this.change(() => this.rows.splice(place, 1)));
    const inputs = [
      ...this.itemInputs("rows", row, place),
      this.hidden(`${name}-count`, row.value.length),
    ];
    const tr = make("tr", { "data-contentpath": row.id }, make("td", {}, ...inputs, remove));
    row.value.forEach((cell, column) => {
      const label = fill(this.words.cell, { row: place + 1, column: column + 1 });
      const length = this.options.lengths.cell;
      const td = make("td", { "data-contentpath": cell.id }, ...this.itemInputs(name, cell, column));
      td.append(this.cell(cell.value, `${name}-${column}-value`, `${place},${column}`, label, length));
      tr.append(td);
    });
    return tr;
  }

  buttons() {
    const style = { type: "button", class: "button button-small button-secondary" };
    const row = make("button", style, this.words.addRow);
    row.disabled = this.rows.length >= this.options.mostRows;
    row.addEventListener("click", () =>
      this.change(
        () => this.rows.push({ id: crypto.randomUUID(), value: this.columns.map(() => this.item()) }),
        `${this.rows.length},0`,
      ),
    );
    const column = make("button", style, this.words.addColumn);
    column.disabled = this.width >= this.options.mostColumns;
    column.addEventListener("click", () =>
      this.change(() => this.columns.push(this.item()), `,${this.width}`),
    );
    return make("p", { class: "table-grid__buttons" }, row, column);
  }

  /* --- Pasting ------------------------------------------------------------------------------- */

  pasteBox() {
    const box = make("details", { class: "curricula-paste" });
    const textId = `${this.prefix}-paste`;
    const choice = make("select", { id: `${textId}-language` });
    for (const [code, , name] of this.options.languages) choice.append(make("option", { value: code }, name));
    const source = document.querySelector("[name=source_language]")?.value;
    if (source) choice.value = source;
    const text = make("textarea", { id: textId, rows: 4, maxlength: 200000 });
    const button = make("button", { type: "button", class: "button button-small button-secondary" });
    button.textContent = this.words.fill;
    const status = make("p", { role: "status" });
    box.append(
      make("summary", {}, this.words.paste),
      make("p", { class: "help" }, this.words.help),
      make("label", { class: "w-field__label", for: choice.id }, this.words.language),
      choice,
      make("label", { class: "w-field__label", for: textId }, this.words.cells),
      text,
      button,
      status,
    );
    // What is typed here is no change of the page yet.
    for (const event of ["input", "change"]) box.addEventListener(event, (e) => e.stopPropagation());
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
        const response = await fetch(this.options.url, {
          method: "POST",
          headers: { "X-CSRFToken": token },
          body: new URLSearchParams({ text: text.value }),
        });
        const answer = await response.json();
        status.textContent = answer.errors?.join("\n") || this.fill(answer, choice.value) || "";
      } catch {
        status.textContent = this.words.failed;
      }
      button.disabled = false;
    });
    return box;
  }

  /* Put pasted cells into the grid; what is wrong with them, or nothing. */
  fill({ columns, rows }, code) {
    this.keep();
    if (this.isEmpty) {
      this.change(() => {
        this.columns = columns.map((text) => this.item({ [code]: text }));
        this.rows = rows.map((cells) => ({
          id: crypto.randomUUID(),
          value: cells.map((text) => this.item({ [code]: text })),
        }));
      });
      return "";
    }
    if (columns.length !== this.width || rows.length !== this.rows.length) {
      return fill(this.words.differs, {
        columns: this.width,
        rows: this.rows.length,
        pastedColumns: columns.length,
        pastedRows: rows.length,
      });
    }
    this.change(() => {
      columns.forEach((text, place) => (this.columns[place].value[code] = text));
      rows.forEach((cells, row) =>
        cells.forEach((text, place) => (this.rows[row].value[place].value[code] = text)),
      );
    });
    return "";
  }
}

class TableBlockDefinition extends window.wagtailStreamField.blocks.StructBlockDefinition {
  render(placeholder, prefix, initialState, initialError) {
    return new TableGrid(this, placeholder, prefix, initialState, initialError);
  }
}

window.telepath.register("curricula.blocks.TableBlock", TableBlockDefinition);
