/* Rows of a spreadsheet become rows of the table of units or modules (curricula/pasted_rows.py). */
document.addEventListener("DOMContentLoaded", () => {
  for (const box of document.querySelectorAll("[data-paste-rows]")) {
    const element = box.closest("[data-child-table]");
    const text = box.querySelector("textarea");
    const status = box.querySelector("[role=status]");
    for (const event of ["input", "change"]) {
      box.addEventListener(event, (happened) => happened.stopPropagation());
    }
    box.querySelector("button").addEventListener("click", async () => {
      try {
        const body = new URLSearchParams({ text: text.value });
        if (element.hasAttribute("data-is-curriculum")) body.set("codes", "1");
        const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
        const response = await fetch(text.dataset.url, {
          method: "POST",
          headers: { "X-CSRFToken": token },
          body,
        });
        const answer = await response.json();
        status.textContent = answer.errors?.join("\n") ?? "";
        if (answer.errors) return;
        for (const row of answer.rows) element.childTable.add(row);
        element.childTable.changed();
        text.value = "";
      } catch {
        status.textContent = text.dataset.failed;
      }
    });
  }
});
