// Results while typing: an ARIA combobox over the search form, which works without it.
// https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
const WAIT = 180; // ms without a key before the server is asked
const TAGS = { lo: "ລາວ", vi: "VIỆT", en: "ENG" };

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function side([code, before, match, after]) {
  const text = element("span", { class: `term lang-${code}`, lang: code }, before);
  if (match) text.append(element("mark", {}, match), after);
  const tag = element("span", { class: `lang-tag lang-${code}`, lang: code }, TAGS[code]);
  return element("span", { class: "search-box__side" }, tag, text);
}

function enhance(form) {
  const input = form.querySelector("input[type=search]");
  const list = form.querySelector("[role=listbox]");
  const status = form.querySelector("[role=status]");
  let options = [];
  let current = -1;
  let timer;
  let request;
  let asked = "";

  for (const [key, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  })) input.setAttribute(key, value);

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    choose(-1);
  }

  function open() {
    list.hidden = !options.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  function choose(index) {
    options[current]?.removeAttribute("aria-selected");
    current = index;
    const option = options[current];
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  }

  function show(results) {
    options = results.map(({ url, sides }, index) => {
      const option = element("li", { class: "search-box__suggestion", role: "option", id: `s${index}` },
        ...sides.map(side));
      option.dataset.url = url;
      return option;
    });
    list.replaceChildren(...options);
    choose(-1);
    open();
    const words = options.length > 1 ? status.dataset.many : options.length ? status.dataset.one : status.dataset.none;
    status.textContent = words.replace("{n}", options.length);
  }

  async function ask() {
    const query = input.value.trim();
    if (query === asked) return open();
    request?.abort();
    asked = query;
    if (!query) return show([]), (status.textContent = "");
    request = new AbortController();
    try {
      const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(query)}`, { signal: request.signal });
      if (answer.ok) show((await answer.json()).results);
    } catch {
      // Typed on, or no connection: the form itself still searches.
      if (asked === query) asked = "";
    }
  }

  function follow(option) {
    const url = new URL(option.dataset.url, location.href);
    const companion = form.elements.with?.value;
    if (companion) url.searchParams.set("with", companion);
    location.assign(url);
  }

  input.addEventListener("input", (event) => {
    // A Vietnamese input method changes letters as one types; wait until it is done.
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("compositionend", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.isComposing) return;
    if (event.key in steps && options.length) {
      event.preventDefault();
      open();
      // One place more than there are options: the input itself.
      const places = options.length + 1;
      choose(((current + 1 + steps[event.key] + places) % places) - 1);
    } else if (event.key === "Enter" && !list.hidden && options[current]) {
      event.preventDefault();
      follow(options[current]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) follow(option);
  });
  // A press on an option must not take the focus away before the click arrives.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  input.addEventListener("focus", () => input.value.trim() === asked && open());
  form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || close());
}

document.querySelectorAll("form[data-suggest]").forEach(enhance);
