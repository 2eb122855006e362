// Letters to tap under a field, for who has no keyboard of the taught language: those of the right
// answers in the order of the alphabet, and the tones among which to choose.
const LAO_TONES = ["\u0ec8", "\u0ec9"];
const LAO_MARK = /[\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd]/;
const TONES = ["", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"];
const TONE_MARKS = /[\u0300\u0301\u0303\u0309\u0323]/g;

function lettersOf(answers, language) {
  const used = [...new Set([...answers.join("").normalize("NFC").toLowerCase()])];
  if (language === "lo") {
    const lao = used.filter((letter) => /[\u0e80-\u0eff]/.test(letter));
    return lao.length ? [...new Set([...lao, ...LAO_TONES])].sort() : [];
  }
  const found = used.filter((letter) => /[^\0-\x7f]/.test(letter) && /\p{L}/u.test(letter));
  const toned = found.flatMap((letter) => {
    const base = letter.normalize("NFD").replace(TONE_MARKS, "").normalize("NFC");
    return /[aăâeêioôơuưy]/.test(base) ? TONES.map((tone) => (base + tone).normalize("NFC")) : base;
  });
  return [...new Set(toned)];
}

function insert(input, letter) {
  const [start, end] = [input.selectionStart, input.selectionEnd];
  input.setRangeText(letter, start, end, "end");
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Fill `box` (a fold) with buttons that type into the field used last. */
export function offerLetters(box, inputs) {
  const answers = inputs.flatMap((input) => JSON.parse(input.dataset.answers));
  const letters = lettersOf(answers, inputs[0].lang);
  if (!letters.length) return;
  let target = inputs[0];
  inputs.forEach((input) => input.addEventListener("focus", () => (target = input)));
  const row = box.querySelector(".letters");
  row.lang = inputs[0].lang;
  for (const letter of letters) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "piece letters__key";
    // A mark alone stands on a dotted circle.
    button.textContent = LAO_MARK.test(letter) ? `\u25cc${letter}` : letter;
    button.addEventListener("click", () => insert(target, letter));
    row.append(button);
  }
  box.hidden = false;
}
