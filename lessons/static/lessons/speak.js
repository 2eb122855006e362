// Say it and hear yourself beside the model. The recording stays in this page's memory: it is not
// stored and not sent.
const LONGEST = 15_000;

export function start(root, exercise) {
  const part = (name) => root.querySelector(`[data-${name}]`);
  const [record, mine, compare] = ["record", "mine", "compare"].map(part);
  const label = record.querySelector("[data-on]");
  const names = { off: label.textContent, on: label.dataset.on };
  const model = root.querySelector("a[data-audio]");
  const note = root.querySelector(".speak__private");
  const own = new Audio();
  let recorder = null;

  function giveUp() {
    record.hidden = true;
    note.textContent = note.dataset.none;
    note.setAttribute("role", "status");
  }

  function keep(chunks, type) {
    if (own.src) URL.revokeObjectURL(own.src);
    own.src = URL.createObjectURL(new Blob(chunks, { type }));
    mine.hidden = false;
    compare.hidden = !model;
    (model ? compare : mine).focus();
  }

  async function begin() {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      recorder = new MediaRecorder(stream);
    } catch {
      stream?.getTracks().forEach((track) => track.stop());
      return giveUp();
    }
    const chunks = [];
    const limit = setTimeout(() => recorder?.stop(), LONGEST);
    recorder.addEventListener("dataavailable", (event) => chunks.push(event.data));
    recorder.addEventListener("stop", () => {
      clearTimeout(limit);
      stream.getTracks().forEach((track) => track.stop());
      label.textContent = names.off;
      keep(chunks, recorder.mimeType);
      recorder = null;
    });
    recorder.start();
    label.textContent = names.on;
  }

  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) giveUp();
  record.addEventListener("click", () => (recorder ? recorder.stop() : begin()));
  mine.addEventListener("click", () => own.play());
  compare.addEventListener("click", () => {
    model.addEventListener("audioend", () => own.play(), { once: true });
    model.click();
  });
  part("said").addEventListener("click", () => {
    exercise.tell("right", [exercise.why]);
    exercise.finish();
  });
}
