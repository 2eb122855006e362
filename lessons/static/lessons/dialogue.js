// Plays a dialogue line by line, slowly if wanted; hides its text or its translation.
// media/player.js plays the sounds and tells the end of each by the event "audioend".

function press(button, isOn) {
  button.setAttribute("aria-pressed", String(isOn));
}

export function startDialogue(root) {
  const sounds = [...root.querySelectorAll(".dialogue__line a[data-audio]")];
  const playAll = root.querySelector("[data-play-all]");
  const label = playAll?.querySelector("[data-on]");
  const names = label && { off: label.textContent, on: label.dataset.on };
  let running = false;

  function setRunning(value) {
    running = value;
    label.textContent = running ? names.on : names.off;
  }

  function play(place) {
    if (place >= sounds.length) return setRunning(false);
    const line = sounds[place].closest("li");
    line.scrollIntoView({ block: "nearest" });
    sounds[place].click();
  }

  playAll?.addEventListener("click", () => {
    const sounding = sounds.find((sound) => /playing|loading/.test(sound.dataset.state ?? ""));
    if (running) {
      setRunning(false);
      sounding?.click();
    } else {
      sounding?.click();
      setRunning(true);
      play(0);
    }
  });
  root.addEventListener("audioend", (event) => {
    if (running) play(sounds.indexOf(event.target) + 1);
  });
  root.addEventListener("click", (event) => {
    // A line that a person chooses ends the run.
    if (running && event.isTrusted && event.target.closest("a[data-audio]")) setRunning(false);
  });
  root.querySelector("[data-slow]")?.addEventListener("click", ({ currentTarget }) => {
    const isSlow = root.dataset.rate === undefined;
    press(currentTarget, isSlow);
    if (isSlow) root.dataset.rate = "0.7";
    else delete root.dataset.rate;
  });
  for (const button of root.querySelectorAll("[data-hide]")) {
    button.addEventListener("click", () => {
      press(button, root.classList.toggle(`dialogue--no-${button.dataset.hide}`));
    });
  }
}
