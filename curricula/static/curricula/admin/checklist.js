/* What is missing or wrong is read when the page has opened, and anew after each autosave. Looking
   through a whole programme takes a moment that opening and saving should not wait for. */
async function readChecklist() {
  const list = document.querySelector("[data-curricula-checklist]");
  if (!list) return;
  try {
    const response = await fetch(list.dataset.curriculaChecklist);
    if (response.ok) list.innerHTML = await response.text();
  } catch {
    // Without a connection the list stays as it was; the next save tries again.
  }
}

document.addEventListener("DOMContentLoaded", readChecklist);
document.addEventListener("w-autosave:success", readChecklist);
