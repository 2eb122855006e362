/* Plays a[data-audio] in place, one at a time. data-opus is the smaller copy, href the one every
   browser plays. The button's data-state is loading, playing or error (audio-button.css). What
   stands around a button may slow it down (data-rate); "audioend" tells that it was heard to the
   end. */

const OPUS = 'audio/ogg; codecs="opus"';
const audio = new Audio();
audio.preload = "none";
let playing = null;

function show(button, state) {
  if (state) {
    button.dataset.state = state;
  } else {
    delete button.dataset.state;
  }
  button.setAttribute("aria-pressed", String(state === "loading" || state === "playing"));
}

function stop() {
  audio.pause();
  if (playing) {
    show(playing, "");
  }
  playing = null;
}

function play(button) {
  stop();
  playing = button;
  show(button, "loading");
  const opus = button.dataset.opus;
  audio.src = opus && audio.canPlayType(OPUS) ? opus : button.href;
  audio.defaultPlaybackRate = audio.playbackRate = Number(button.closest("[data-rate]")?.dataset.rate) || 1;
  audio.play().catch((error) => {
    // Another button pressed meanwhile interrupts this one; that is no failure.
    if (error.name !== "AbortError" && playing === button) {
      fail(button);
    }
  });
}

function fail(button) {
  playing = null;
  show(button, "error");
  if (button.dataset.error && button.nextElementSibling?.role !== "alert") {
    const note = document.createElement("span");
    note.role = "alert";
    note.className = "audio-awaited";
    note.textContent = button.dataset.error;
    button.after(note);
  }
}

audio.addEventListener("playing", () => playing && show(playing, "playing"));
audio.addEventListener("ended", () => {
  const button = playing;
  stop();
  button?.dispatchEvent(new CustomEvent("audioend", { bubbles: true }));
});

function toggle(button) {
  if (playing === button) {
    stop();
  } else {
    play(button);
  }
}

// Listening at the document serves buttons that come later, with results of a search.
document.addEventListener("click", (event) => {
  const button = event.target.closest("a[data-audio]");
  if (button && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    toggle(button);
  }
});

document.addEventListener("keydown", (event) => {
  // A button answers the space bar too, which a link does not.
  const button = event.key === " " && event.target.closest?.("a[data-audio]");
  if (button) {
    event.preventDefault();
    toggle(button);
  }
});

function prepare(root) {
  for (const button of root.querySelectorAll("a[data-audio]:not([role])")) {
    button.setAttribute("role", "button");
    button.setAttribute("aria-pressed", "false");
  }
}

prepare(document);
new MutationObserver(() => prepare(document)).observe(document.body, { childList: true, subtree: true });
