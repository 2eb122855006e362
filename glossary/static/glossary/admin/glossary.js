// A new term beside a preferred one is an admitted one: only one term a language is preferred.
document.addEventListener("w-formset:added", (event) => {
  const match = /^id_(terms_(?:lo|vi|en))/.exec(event.detail?.formsetPrefix ?? "");
  if (!match) return;
  const prefix = match[1];
  const statuses = [
    ...document.querySelectorAll(`select[name^="${prefix}-"][name$="-status"]`),
  ].filter((select) => {
    const row = select.name.replace(/-status$/, "");
    return document.querySelector(`[name="${row}-DELETE"]`)?.value !== "1";
  });
  const added = statuses.pop();
  if (added && statuses.some((select) => select.value === "preferred")) added.value = "admitted";
});
