// The checklist as a file: what is written, and what is accepted back. No page, so that it is easily checked.
import { fill, words } from "./words.js";

const FORMAT = "earned-security-strategy-checklist";
const VERSION = 1;
const LARGEST = 1_000_000; // characters
export const LONGEST_NOTE = 4000; // characters

const isEmpty = (entry) => !entry.ticked && !entry.note.trim();

/** The text of a saved checklist. `entries`: {strategy id: {ticked, note}}. */
export function writeFile(entries) {
  const kept = Object.fromEntries(Object.entries(entries).filter(([, entry]) => !isEmpty(entry)));
  return JSON.stringify({ format: FORMAT, version: VERSION, saved: new Date().toISOString(), entries: kept }, null, 1);
}

/**
 * Read a saved checklist. Returns {entries, unknown} (unknown: ids that this checklist does not have) or
 * {problem: why it is refused}.
 */
export function readFile(text, ids) {
  const say = words.checklist;
  if (text.length > LARGEST) return { problem: say.tooLarge };
  let data;
  try { data = JSON.parse(text); } catch { return { problem: say.notJson }; }
  if (data?.format !== FORMAT || typeof data.entries !== "object" || data.entries === null
      || Array.isArray(data.entries)) return { problem: say.notOurs };
  if (!(data.version <= VERSION)) return { problem: say.newer };
  const entries = {};
  const unknown = [];
  for (const [name, entry] of Object.entries(data.entries)) {
    const usable = typeof entry?.ticked === "boolean" && typeof entry.note === "string"
      && entry.note.length <= LONGEST_NOTE;
    if (!usable) return { problem: fill(say.badEntry, { name: name.slice(0, 60) }) };
    if (ids.includes(name)) entries[name] = { ticked: entry.ticked, note: entry.note };
    else unknown.push(name.slice(0, 60));
  }
  return { entries, unknown };
}

/** Add loaded entries to present ones without losing any: ticks join, and two different notes are both kept. */
export function combine(present, loaded) {
  const note = present.note.includes(loaded.note.trim()) ? present.note
    : loaded.note.includes(present.note.trim()) ? loaded.note
    : `${present.note.trim()}\n\n${loaded.note.trim()}`;
  return { ticked: present.ticked || loaded.ticked, note };
}
