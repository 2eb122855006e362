/* The body of a unit with a box for a text from Word, Writer, Google Docs or a spreadsheet. The
   server reads the clipboard (curricula/pasting.py); what it makes of it is shown, then added. */

class PasteBox {
  constructor(stream, options, prefix) {
    this.stream = stream;
    this.options = options;
    this.blocks = [];
    this.box = document.createElement("details");
    this.box.className = "curricula-paste";
    const id = `${prefix}-paste`;
    this.box.innerHTML = `
      <summary></summary>
      <p class="help" id="${id}-help"></p>
      <label class="w-field__label" for="${id}-language"></label>
      <select id="${id}-language"></select>
      <label class="w-field__label" for="${id}"></label>
      <textarea id="${id}" rows="3" aria-describedby="${id}-help"></textarea>
      <p role="status"></p>
      <div class="curricula-paste__preview" hidden></div>
      <button type="button" class="button button-small" hidden></button>`;
    const [summary, help, status] = ["summary", ".help", "[role=status]"].map((selector) =>
      this.box.querySelector(selector),
    );
    summary.textContent = options.title;
    help.textContent = options.help;
    const [languageLabel, label] = this.box.querySelectorAll("label");
    languageLabel.textContent = options.language;
    label.textContent = options.label;
    this.language = this.box.querySelector("select");
    for (const [code, name] of options.languages) this.language.add(new Option(name, code));
    const source = document.querySelector("[name=source_language]")?.value;
    if (source) this.language.value = source;
    this.text = this.box.querySelector("textarea");
    this.status = status;
    this.preview = this.box.querySelector(".curricula-paste__preview");
    this.button = this.box.querySelector("button");
    this.button.textContent = options.add;
    this.text.addEventListener("paste", (event) => {
      event.preventDefault();
      this.read(event.clipboardData);
    });
    this.language.addEventListener("change", () => this.pasted && this.ask());
    this.button.addEventListener("click", () => this.add());
    // What is typed here is no change of the page yet.
    for (const event of ["input", "change"]) {
      this.box.addEventListener(event, (happened) => happened.stopPropagation());
    }
  }

  say(text, isError = false) {
    this.status.textContent = text;
    this.status.className = isError ? "curricula-paste__errors" : "";
  }

  read(clipboard) {
    this.pasted = { html: clipboard.getData("text/html"), text: clipboard.getData("text/plain") };
    return this.ask();
  }

  async ask() {
    this.show("", []);
    this.say(this.options.reading);
    try {
      const body = new FormData();
      // As files: a form's fields may not be as long as what Word puts on a clipboard.
      for (const [name, text] of Object.entries(this.pasted)) body.append(name, new Blob([text]), name);
      body.append("language", this.language.value);
      const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
      const response = await fetch(this.options.url, {
        method: "POST",
        headers: { "X-CSRFToken": token },
        body,
      });
      const answer = await response.json();
      if (answer.errors) return this.say(answer.errors.join("\n"), true);
      this.show(answer.preview, answer.blocks);
      this.say([...answer.notes, this.options.preview].join("\n"));
    } catch {
      this.say(this.options.failed, true);
    }
  }

  show(html, blocks) {
    this.blocks = blocks;
    // The server wrote this anew from plain text: nothing of the clipboard's own HTML is in it.
    this.preview.innerHTML = html;
    this.preview.hidden = this.button.hidden = !blocks.length;
  }

  add() {
    for (const { type, value } of this.blocks) {
      this.stream.insert({ type, value, id: crypto.randomUUID() }, this.stream.children.length);
    }
    this.pasted = null;
    this.show("", []);
    this.say(this.options.done);
    // Tells Wagtail that there is something to save.
    this.box.parentElement.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

class UnitBlocksDefinition extends window.wagtailStreamField.blocks.StreamBlockDefinition {
  render(placeholder, prefix, initialState, initialError) {
    const stream = super.render(placeholder, prefix, initialState, initialError);
    const paste = new PasteBox(stream, this.meta.paste, prefix);
    const element = stream.container?.[0] ?? stream.container;
    element.prepend(paste.box);
    return stream;
  }
}

window.telepath.register("curricula.blocks.UnitBlocks", UnitBlocksDefinition);
