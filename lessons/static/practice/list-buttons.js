// What needs a script on lists and sheets: copy the link, print.
for (const element of document.querySelectorAll("button[data-needs-script]")) element.hidden = false;

document.addEventListener("click", async (event) => {
  if (event.target.closest("[data-print]")) print();
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // Without a secure address browsers have only the older way.
    document.execCommand("copy");
  }
  button.textContent = button.dataset.copied;
});
