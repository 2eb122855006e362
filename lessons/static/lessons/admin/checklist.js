/* What a lesson misses is read anew whenever Wagtail has saved the draft by itself. */
document.addEventListener("w-autosave:success", async () => {
  const list = document.querySelector("[data-lesson-checklist]");
  if (!list) return;
  try {
    const response = await fetch(list.dataset.lessonChecklist);
    if (response.ok) list.innerHTML = await response.text();
  } catch {
    // Without a connection the list stays as it was; the next save tries again.
  }
});
