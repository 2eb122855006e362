/* While a release is being made, its page asks every two seconds how far it is. */
const box = document.querySelector("[data-release-progress]");

async function look() {
  try {
    const response = await fetch(box.dataset.releaseProgress);
    if (response.ok) {
      const text = await response.text();
      // Nothing is drawn anew that did not change: a button keeps the focus.
      if (text !== look.shown) box.innerHTML = look.shown = text;
      if (isDone()) {
        // The buttons of a finished release stand on the page around it.
        location.reload();
        return;
      }
    }
  } catch {
    // Without a connection it stays as it was, and is asked again.
  }
  setTimeout(look, 2000);
}

function isDone() {
  return box.querySelector("[data-release-state]")?.dataset.releaseState === "done";
}

if (box && !isDone()) setTimeout(look, 2000);
