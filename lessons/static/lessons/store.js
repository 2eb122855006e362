// A learner's progress, on this device only: nothing of it is sent anywhere.
//
//   {version: 1, lessons: {<lesson id>: {<exercise id>: "YYYY-MM-DD"}}}
//
// Storage may be full, switched off or damaged; then progress lasts until the page is closed, and
// isKept() is false, so that the page can say so.
export const KEY = "lessons";
export const VERSION = 1;

let memory = null;
let kept = true;

function isProgress(data) {
  const isPlain = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  return isPlain(data) && data.version === VERSION && isPlain(data.lessons)
    && Object.values(data.lessons).every(isPlain);
}

/** All progress; what is stored but cannot be read counts as none. */
export function load() {
  if (memory) return memory;
  try {
    const data = JSON.parse(localStorage.getItem(KEY) ?? "null");
    if (isProgress(data)) return data;
  } catch (error) {
    // Damaged JSON is overwritten by the next answer; forbidden storage is not.
    if (!(error instanceof SyntaxError)) remember(emptyProgress());
  }
  return memory ?? emptyProgress();
}

function emptyProgress() {
  return { version: VERSION, lessons: {} };
}

function remember(data) {
  memory = data;
  kept = false;
}

/** Replace all progress. Returns whether the device keeps it. */
export function save(data) {
  try {
    localStorage.setItem(KEY, JSON.stringify(data));
    memory = null;
    kept = true;
  } catch {
    remember(data);
  }
  document.dispatchEvent(new CustomEvent("progress"));
  return kept;
}

/** Whether the device keeps what was stored last. */
export function isKept() {
  return kept;
}

/** The ids of what was done in a lesson. */
export function doneIn(lesson) {
  return new Set(Object.keys(load().lessons[lesson] ?? {}));
}

/** Note that something in a lesson was done today. */
export function markDone(lesson, id) {
  // Read anew: another tab may have stored meanwhile.
  const data = load();
  data.lessons[lesson] = { ...data.lessons[lesson], [id]: new Date().toISOString().slice(0, 10) };
  return save(data);
}
