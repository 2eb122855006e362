// What is kept on this device: one JSON value under a key. Storage may be full, switched off or
// damaged; then the value lasts until the page is closed, and isKept() is false.

export class Kept {
  #memory = null;
  #kept = true;

  /** `isValid` tells whether a stored value can be used, `empty` makes the value of a new device. */
  constructor(key, isValid, empty) {
    this.key = key;
    this.isValid = isValid;
    this.empty = empty;
  }

  load() {
    if (this.#memory) return this.#memory;
    try {
      const data = JSON.parse(localStorage.getItem(this.key) ?? "null");
      if (this.isValid(data)) return data;
    } catch (error) {
      // Damaged JSON is overwritten by the next change; forbidden storage stays forbidden.
      if (!(error instanceof SyntaxError)) this.#remember(this.empty());
    }
    return this.#memory ?? this.empty();
  }

  /** Replace the value. Returns whether the device keeps it. */
  save(data) {
    try {
      localStorage.setItem(this.key, JSON.stringify(data));
      this.#memory = null;
      this.#kept = true;
    } catch {
      this.#remember(data);
    }
    return this.#kept;
  }

  isKept() {
    return this.#kept;
  }

  #remember(data) {
    this.#memory = data;
    this.#kept = false;
  }
}

export function isPlain(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
