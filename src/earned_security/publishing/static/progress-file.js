// What a learner takes along, as one file: the same that JupyterLab keeps as progress.json (assessment/responses.py).
// No page, so that it is easily checked.
import { fill } from "./words.js";
import { words } from "./words-book.js";

const VERSION = 1;
const LARGEST = 5_000_000; // bytes
const MOST = 5_000; // entries
const LATEST = 1e14; // milliseconds
const NAME = /^[a-z0-9][a-z0-9-]{0,99}(\/[A-Za-z0-9][\w:. -]{0,149}){1,3}$/;

const isPlain = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isEntry = (entry) => isPlain(entry) && "value" in entry && Object.keys(entry).length === 2
  && Number.isInteger(entry.time) && entry.time >= 0 && entry.time <= LATEST;

/** The text of the file. `saved`: {piece id: entries}; `aside`: texts that could not be read, by key. */
export function writeFile(saved, aside, courseVersion) {
  const entries = {};
  for (const [piece, own] of Object.entries(saved)) {
    for (const [name, { value, time }] of Object.entries(own)) entries[`${piece}/${name}`] = { value, time };
  }
  const others = Object.keys(aside).length ? { set_aside: aside } : {};
  return JSON.stringify({ schema_version: VERSION, assignment: null, course_version: courseVersion, entries, ...others }, null, 1);
}

/** Read such a file: {saved, leftOut} (names of entries that cannot be used), or {problem: why it is refused}. */
export function readFile(text) {
  const say = words.stored;
  if (new Blob([text]).size > LARGEST) return { problem: say.tooLarge };
  let data;
  try { data = JSON.parse(text); } catch { return { problem: say.notJson }; }
  if (!isPlain(data) || !isPlain(data.entries)) return { problem: say.notOurs };
  if (Number.isInteger(data.schema_version) && data.schema_version > VERSION) return { problem: say.newer };
  if (data.schema_version !== VERSION) return { problem: say.notOurs };
  if (typeof data.assignment === "string") return { problem: say.graded };
  if (Object.keys(data.entries).length > MOST) return { problem: say.tooMany };
  const saved = Object.create(null); // a piece called "constructor" would find one in {}
  const leftOut = [];
  for (const [name, entry] of Object.entries(data.entries)) {
    if (!NAME.test(name) || !isEntry(entry)) { leftOut.push(name.slice(0, 60)); continue; }
    const [piece] = name.split("/", 1);
    (saved[piece] ??= {})[name.slice(piece.length + 1)] = entry;
  }
  return { saved, leftOut };
}

/** What bringing `added` in would change in `saved`: the numbers for the words `broughtIn`. */
export function difference(saved, added) {
  const counts = { added: 0, newer: 0, kept: 0 };
  for (const [piece, own] of Object.entries(added)) {
    const ours = Object.hasOwn(saved, piece) ? saved[piece] : {};
    for (const [name, { time }] of Object.entries(own)) {
      const here = Object.hasOwn(ours, name) ? ours[name] : null;
      counts[!here ? "added" : time > here.time ? "newer" : "kept"] += 1;
    }
  }
  return counts;
}

export const broughtIn = (counts, leftOut) => [fill(words.stored.broughtIn, counts),
  leftOut.length ? fill(words.stored.leftOut, { names: leftOut.join(", ") }) : ""].filter(Boolean).join(" ");
