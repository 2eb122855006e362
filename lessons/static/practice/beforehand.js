// Sounds and pictures are loaded before a session begins, so that practising needs no network.
const OPUS = 'audio/ogg; codecs="opus"';
// A slow network must not keep anybody from practising.
const PATIENCE = 15000;
const loaded = new Map();

function address(link) {
  const { opus } = link.dataset;
  return opus && new Audio().canPlayType(OPUS) ? opus : link.href;
}

/** Load the sounds of the rows. Never fails: what does not come stays silent. */
export async function loadSounds(rows) {
  const links = rows.flatMap((row) => [...row.querySelectorAll("a[data-audio]")]);
  const wanted = new Set(links.map(address).filter((url) => !loaded.has(url)));
  const signal = AbortSignal.timeout?.(PATIENCE);
  await Promise.allSettled([...wanted].map(async (url) => {
    const response = await fetch(url, { signal });
    if (response.ok) loaded.set(url, URL.createObjectURL(await response.blob()));
  }));
}

/** Load the pictures of the rows, which lie folded in the table. Never fails. */
export async function loadPictures(rows) {
  const pictures = rows.flatMap((row) => [...row.querySelectorAll("[data-picture]")]);
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const loading = pictures.map((picture) => new Promise((resolve) => {
    const image = new Image();
    image.onload = image.onerror = resolve;
    image.src = picture.src;
    picture.loading = "eager";
  }));
  await Promise.race([patience, Promise.all(loading)]);
}

/** Make a copied listen button play what is loaded; take it out where nothing is. */
export function useLoaded(root) {
  for (const link of root.querySelectorAll("a[data-audio]")) {
    const url = loaded.get(address(link));
    if (url) {
      link.href = url;
      delete link.dataset.opus;
    } else {
      link.remove();
    }
  }
}
