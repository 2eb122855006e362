// How near a typed answer is. The twin of lessons/exercises.py with what it needs of orthography's
// normalise() and fold(); tests/lessons/answers.json holds both to the same verdicts.
const MAX_MARKS = 30;
const INVISIBLE = /[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u180e\u3164\uffa0\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff\u{e0000}-\u{e007f}]+/gu;
const LONG_RUN_OF_MARKS = new RegExp(`(\\p{M}{${MAX_MARKS}})\\p{M}+`, "gu");
// The marks of one consonant, a following າ or ຳ, and the tone marks typed after that.
const CLUSTER = /[\u0eb1\u0eb4-\u0ebc\u0ecd\u0ec8-\u0ecb]+(?:[າຳ][\u0ec8-\u0ecb]*)?|ຳ[\u0ec8-\u0ecb]+/g;
const RANKS = { "ຼ": 0, "\u0eba": 2, "ຸ": 3, "ູ": 3, "່": 4, "້": 4, "໊": 4, "໋": 4 };
const TONE_RANK = 4;
const FOLDED_MARKS = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\u0ec8-\u0ecc]+/g;
const FOLDED_LETTERS = { "đ": "d", "ð": "d" };

const rank = (mark) => RANKS[mark] ?? 1;

function orderCluster(cluster, offset, text) {
  const before = text[offset - 1] ?? "";
  const around = before + (text[offset + cluster.length] ?? "");
  // As in orthography: nothing is mended beside a foreign mark or behind a vowel letter.
  if (/(?![\u0e80-\u0eff])\p{M}/u.test(around) || before === "າ" || before === "ຳ") return cluster;
  const [, stem, vowel, tail] = /^([^າຳ]*)([າຳ]?)(.*)$/u.exec(cluster);
  let marks = [...stem].sort((a, b) => rank(a) - rank(b));
  let letter = vowel;
  let rest = tail;
  if (letter === "າ" && marks.includes("ໍ")) {
    marks = marks.filter((mark) => mark !== "ໍ");
    letter = "ຳ";
  }
  if (letter === "ຳ" && !marks.some((mark) => rank(mark) === TONE_RANK)) {
    marks.push(...rest);
    rest = "";
  }
  return marks.join("") + letter + rest;
}

export function normalise(text) {
  return text
    .replace(INVISIBLE, "")
    .normalize("NFC")
    .replace(LONG_RUN_OF_MARKS, "$1")
    .replace(CLUSTER, orderCluster)
    .replaceAll("ເເ", "ແ")
    .replaceAll("ຫນ", "ໜ")
    .replaceAll("ຫມ", "ໝ");
}

/** What counts of an answer: no punctuation, spaces or capitals (ß and ﬁ have capitals of two letters). */
export function plain(text) {
  return normalise(text).replace(/[\p{P}\p{Z}\p{C}]/gu, "").toUpperCase().toLowerCase();
}

/** As plain(), without tone marks and accents, in the shape that search compares. */
export function fold(text) {
  const bare = normalise(text)
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[đð]/g, (letter) => FOLDED_LETTERS[letter])
    .replace(/[໐-໙]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0x0ed0 + 0x30))
    .replace(FOLDED_MARKS, "");
  return bare.replace(/ຫ[ຼຣ]/g, "ຫລ").replaceAll("ໍາ", "ຳ").normalize("NFC");
}

/** "right", "nearly" or "wrong": the best of `answers` counts. */
export function compareAnswer(typed, answers) {
  const given = plain(typed);
  if (answers.some((answer) => plain(answer) === given)) return "right";
  const folded = fold(given);
  const isNear = folded && answers.some((answer) => fold(plain(answer)) === folded);
  return isNear ? "nearly" : "wrong";
}
