/* A dialogue block with a box for pasted lines. The server reads them (lessons/dialogue_lines.py);
   what it makes of them becomes lines of the block, as if somebody had typed them. */

const StructBlockDefinition = window.wagtailStreamField.blocks.StructBlockDefinition;

const isBlank = (line) => !line.speaker && !line.text && !line.recording;

class PasteBox {
  constructor(block, options, prefix) {
    this.block = block;
    this.options = options;
    this.box = document.createElement("details");
    this.box.className = "lesson-paste";
    const summary = document.createElement("summary");
    summary.textContent = options.title;
    const label = document.createElement("label");
    label.className = "w-field__label";
    label.htmlFor = `${prefix}-paste`;
    label.textContent = options.label;
    const help = document.createElement("p");
    help.className = "help";
    help.id = `${prefix}-paste-help`;
    help.textContent = options.help;
    // Without a name it is never part of what the page saves.
    this.text = document.createElement("textarea");
    this.text.id = label.htmlFor;
    this.text.maxLength = options.mostCharacters;
    this.text.setAttribute("aria-describedby", help.id);
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "button button-small button-secondary";
    this.button.textContent = options.button;
    this.button.addEventListener("click", () => this.read());
    this.status = document.createElement("p");
    this.status.setAttribute("role", "status");
    this.box.append(summary, label, help, this.text, this.button, this.status);
    // What is typed here is no change of the page yet.
    for (const event of ["input", "change"]) {
      this.box.addEventListener(event, (happened) => happened.stopPropagation());
    }
  }

  say(text, isError) {
    this.status.textContent = text;
    this.status.className = isError ? "lesson-paste__errors" : "";
  }

  async read() {
    this.button.disabled = true;
    try {
      const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
      const response = await fetch(this.options.url, {
        method: "POST",
        headers: { "X-CSRFToken": token },
        body: new URLSearchParams({ text: this.text.value }),
      });
      const answer = await response.json();
      if (answer.lines) this.add(answer.lines);
      else this.say(answer.errors.join("\n"), true);
    } catch {
      this.say(this.options.failed, true);
    }
    this.button.disabled = false;
  }

  add(read) {
    const lines = this.block.childBlocks.lines;
    // The empty line that a new block begins with is in the way.
    lines.getState().forEach((line, place) => {
      if (isBlank(line.value ?? line)) lines.deleteBlock(place);
    });
    for (const line of read) {
      const translation = { lo: "", vi: "", en: "", ...line.translation };
      lines.insert(
        { speaker: line.speaker, text: line.text, translation, pronunciation: "", recording: null },
        lines.children.length,
      );
    }
    this.text.value = "";
    this.say(this.options.done.replace("%(n)s", read.length), false);
    // Tells Wagtail that there is something to save.
    lines.container?.[0]?.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

class DialogueBlockDefinition extends StructBlockDefinition {
  render(placeholder, prefix, initialState, initialError, parentCapabilities) {
    const block = super.render(placeholder, prefix, initialState, initialError, parentCapabilities);
    const paste = new PasteBox(block, this.meta.paste, prefix);
    const lines = block.container[0].querySelector("[data-contentpath=lines]");
    lines.before(paste.box);
    return block;
  }
}

window.telepath.register("lessons.blocks.DialogueBlock", DialogueBlockDefinition);
