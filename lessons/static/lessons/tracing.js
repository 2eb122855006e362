// Trace a letter: a faint model from the card's own font, ink from finger, pen or mouse, and a score
// by how far the two overlap.
import { doneIn, markDone } from "./store.js";
import { fill } from "./words.js";

// The score is counted on a coarse grid; ink this many cells beside the model still counts.
const CELLS = 60;
const TOLERANCE = 3;
const INK_WIDTH = 16;
// How much of the pad's width or height the model takes.
const FILLED = 0.68;
const GOOD = 80;
const FAIR = 60;

function grid(draw, size) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = CELLS;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.scale(CELLS / size, CELLS / size);
  draw(context);
  const { data } = context.getImageData(0, 0, CELLS, CELLS);
  return Array.from({ length: CELLS * CELLS }, (_, cell) => data[cell * 4 + 3] > 60);
}

function widened(cells) {
  const wide = new Array(cells.length).fill(false);
  cells.forEach((isSet, cell) => {
    if (!isSet) return;
    const [x, y] = [cell % CELLS, Math.floor(cell / CELLS)];
    for (let row = Math.max(0, y - TOLERANCE); row <= Math.min(CELLS - 1, y + TOLERANCE); row++) {
      for (let column = Math.max(0, x - TOLERANCE); column <= Math.min(CELLS - 1, x + TOLERANCE); column++) {
        wide[row * CELLS + column] = true;
      }
    }
  });
  return wide;
}

function share(cells, within) {
  let set = 0;
  let inside = 0;
  cells.forEach((isSet, cell) => {
    set += isSet;
    inside += isSet && within[cell];
  });
  return set ? inside / set : 0;
}

/** 0–100: how much of the model is covered, and how much of the ink is on it. */
export function overlap(model, ink) {
  const covered = share(model, widened(ink));
  const onModel = share(ink, widened(model));
  return covered && onModel ? Math.round(200 * covered * onModel / (covered + onModel)) : 0;
}

function drawStrokes(context, strokes) {
  context.lineWidth = INK_WIDTH;
  context.lineCap = context.lineJoin = "round";
  for (const [first, ...others] of strokes) {
    context.beginPath();
    context.moveTo(...first);
    // A tap alone is a dot, but a line without length is not drawn.
    for (const [x, y] of others.length ? others : [[first[0] + 0.1, first[1]]]) context.lineTo(x, y);
    context.stroke();
  }
}

export function startTracing(card, lesson) {
  const pad = card.querySelector(".tracing__pad");
  const canvas = card.querySelector("canvas");
  const score = card.querySelector(".tracing__score");
  const open = card.querySelector("[data-trace]");
  const head = card.querySelector(".letter-card__letter");
  const letter = card.dataset.letter;
  const id = `trace-${letter}`;
  const context = canvas.getContext("2d");
  const size = canvas.width;
  let strokes = [];
  let drawing = null;
  let font = "";
  let model = null;

  function drawModel(target) {
    target.font = font;
    const box = target.measureText(letter);
    const across = (box.actualBoundingBoxLeft - box.actualBoundingBoxRight) / 2;
    const down = (box.actualBoundingBoxAscent - box.actualBoundingBoxDescent) / 2;
    target.fillText(letter, size / 2 + across, size / 2 + down);
  }

  function paint() {
    const style = getComputedStyle(card);
    context.clearRect(0, 0, size, size);
    context.fillStyle = style.getPropertyValue("--line");
    drawModel(context);
    context.strokeStyle = style.getPropertyValue("--lang") || style.color;
    drawStrokes(context, strokes);
  }

  async function prepare() {
    const { fontFamily } = getComputedStyle(head);
    font = `400 100px ${fontFamily}`;
    await document.fonts.load(font, letter).catch(() => []);
    // As large as the pad allows: a low letter such as ກ, or three side by side (ngh).
    context.font = font;
    const box = context.measureText(letter);
    const width = box.actualBoundingBoxLeft + box.actualBoundingBoxRight;
    const height = box.actualBoundingBoxAscent + box.actualBoundingBoxDescent;
    font = `400 ${Math.floor(size * FILLED * 100 / Math.max(width, height))}px ${fontFamily}`;
    model = grid(drawModel, size);
    paint();
  }

  function judge() {
    const percent = overlap(model, grid((target) => drawStrokes(target, strokes), size));
    const level = percent >= GOOD ? "good" : percent >= FAIR ? "fair" : "poor";
    score.dataset.state = level;
    score.textContent = fill(score.dataset[level], { n: percent });
    if (level === "good") finish();
  }

  function finish() {
    markDone(lesson, id);
    card.dataset.done = "";
  }

  function point(event) {
    const box = canvas.getBoundingClientRect();
    return [event.offsetX * size / box.width, event.offsetY * size / box.height];
  }

  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    drawing = [point(event)];
    strokes.push(drawing);
    paint();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    drawing.push(point(event));
    paint();
  });
  for (const type of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(type, () => {
      if (drawing) judge();
      drawing = null;
    });
  }
  card.querySelector("[data-clear]").addEventListener("click", () => {
    strokes = [];
    score.textContent = "";
    delete score.dataset.state;
    paint();
  });
  card.querySelector("[data-practised]").addEventListener("click", () => {
    finish();
    score.dataset.state = "good";
    score.textContent = score.dataset.done;
  });
  open.addEventListener("click", () => {
    pad.hidden = !pad.hidden;
    open.setAttribute("aria-expanded", String(!pad.hidden));
    if (!pad.hidden && !model) prepare();
  });
  if (doneIn(lesson).has(id)) card.dataset.done = "";
}
