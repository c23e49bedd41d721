// What this browser keeps of the course: entries by piece, under `earned-security:saved:<piece id>`, and the last place.
const PREFIX = "earned-security:";
const SAVED = `${PREFIX}saved:`;
const PLACE = `${PREFIX}place`;

export const savedKey = (piece) => SAVED + piece;
/** Every key of the course in this browser. */
export const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).sort();
/** The piece whose entries lie under a key; undefined for any other key, also for one that was set aside. */
export const pieceOf = (key) => (/^[a-z0-9-]+$/.test(key.slice(SAVED.length)) && key.startsWith(SAVED) ? key.slice(SAVED.length) : undefined);

const isEntry = (entry) => entry !== null && typeof entry === "object" && "value" in entry && Number.isFinite(entry.time);

/** The entries in a stored text; throws where it cannot be read. */
export const entriesIn = (text) =>
  Object.fromEntries(Object.entries(JSON.parse(text)).filter(([, entry]) => isEntry(entry)));

/** Two sets of entries as one: the later time wins for each. */
export function later(entries, added) {
  const merged = { ...entries };
  for (const [name, entry] of Object.entries(added)) {
    if (!Object.hasOwn(merged, name) || entry.time >= merged[name].time) merged[name] = entry;
  }
  return merged;
}

/** `{entries, damaged}` under a key. What cannot be read is set aside under a dated name, and `damaged` is true. */
export function read(key) {
  const text = localStorage.getItem(key);
  if (text === null) return { entries: {}, damaged: false };
  try {
    return { entries: entriesIn(text), damaged: false };
  } catch {
    localStorage.setItem(`${key}:damaged-${new Date().toISOString()}`, text);
    localStorage.removeItem(key);
    return { entries: {}, damaged: true };
  }
}

/** Merge entries into what is stored, and read back what is there. */
export function merge(key, added) {
  const { entries, damaged } = read(key);
  localStorage.setItem(key, JSON.stringify(later(entries, added)));
  return { entries: read(key).entries, damaged };
}

/** The book's folder, with a slash at its end, wherever it is served. */
export const ROOT = new URL("../../", import.meta.url);
/** The page that is open, as the table of contents names it: "notebooks/04-building-safety-and-trust". */
export const thisPage = () => decodeURIComponent(location.pathname.slice(ROOT.pathname.length)).replace(/\.html$/, "");

/** Where something was entered last. A piece may stand on several pages, so its entries alone do not say. */
export function keepPlace(piece) {
  try { localStorage.setItem(PLACE, JSON.stringify({ page: thisPage(), piece })); } catch { /* full: the entries count */ }
}
export function place() {
  try {
    return JSON.parse(localStorage.getItem(PLACE)) ?? {};
  } catch {
    return {};
  }
}
export const isPlace = (key) => key === PLACE;
