// Places to tap on the picture of a sign; the list below it holds the same texts.
export function startSign(root) {
  const picture = root.querySelector(".sign__picture");
  if (!picture) return;
  const spots = [...root.querySelectorAll("[data-across]")];

  function choose(spot) {
    for (const other of spots) {
      const isChosen = other === spot;
      other.toggleAttribute("data-chosen", isChosen);
      other.button.setAttribute("aria-pressed", String(isChosen));
    }
    spot.scrollIntoView({ block: "nearest" });
  }

  spots.forEach((spot, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sign__spot";
    button.textContent = place + 1;
    button.setAttribute("aria-label", `${place + 1}: ${spot.querySelector(".spoken__text").textContent}`);
    button.setAttribute("aria-pressed", "false");
    button.style.insetInlineStart = `${spot.dataset.across}%`;
    button.style.insetBlockStart = `${spot.dataset.down}%`;
    button.addEventListener("click", () => choose(spot));
    spot.button = button;
    picture.append(button);
  });
}
