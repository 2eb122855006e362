// Remembers on this device what was chosen: the page's language in a cookie, so that the server can
// act on it at "/", and the companion language in the browser's storage, kept in links from page to page.
const NAME = "companion";
const page = new URL(location.href);
const language = document.documentElement.lang;

function stored() {
  try {
    return localStorage.getItem(NAME) || "";
  } catch {
    // Storage may be switched off; then nothing is remembered.
    return "";
  }
}

function store(code) {
  try {
    code ? localStorage.setItem(NAME, code) : localStorage.removeItem(NAME);
  } catch {
    // As above.
  }
}

const shown = page.searchParams.get("with");
if (shown && shown !== language) store(shown);

// Capturing, so that the address is right before the browser follows it, in a new tab as well.
for (const type of ["click", "auxclick"]) {
  document.addEventListener(type, (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || link.origin !== page.origin) return;
    if (link.closest(".lang-switch")) {
      document.cookie = `language=${link.hreflang}; path=/; max-age=31536000; samesite=lax`;
    } else if ("companion" in link.dataset) {
      store(link.dataset.companion);
    } else {
      keepCompanion(link);
    }
  }, true);
}

function keepCompanion(link) {
  const companion = stored();
  const url = new URL(link.href);
  const inPages = url.pathname.startsWith(`/${language}/`);
  const inThisPage = url.hash && url.pathname === page.pathname;
  if (!companion || companion === language || !inPages || inThisPage) return;
  if (url.searchParams.has("with")) return;
  url.searchParams.set("with", companion);
  link.href = url;
}
