// Shows what this browser keeps of the course; saves it as a file, brings such a file in, and erases it after asking once.
import { h, saveAs } from "./common.js";
import { broughtIn, difference, readFile, writeFile } from "./progress-file.js";
import { entriesIn, isPlace, keys, later, merge, pieceOf, place, read, savedKey } from "./storage.js";
import { fill, words as shared } from "./words.js";
import { words } from "./words-book.js";

const say = words.stored;
// What a piece has not yet handed over: `earned-security:unsaved:<piece id>#<name>`, one entry under each key (common.js).
const UNSAVED = /^earned-security:unsaved:([a-z0-9-]+)#(.+)$/;

const parsed = (text) => { try { return JSON.parse(text); } catch { return text; } };

/** Everything, as `{saved: {piece: entries}, aside: {key: text}}`; nothing is left out. */
function everything() {
  const saved = {};
  const aside = {};
  for (const key of keys().filter((one) => !isPlace(one))) {
    const text = localStorage.getItem(key);
    const waiting = UNSAVED.exec(key);
    try {
      const [piece, entries] = waiting ? [waiting[1], entriesIn(`{${JSON.stringify(waiting[2])}:${text}}`)] : [pieceOf(key), entriesIn(text)];
      if (!piece) throw new Error("no piece");
      saved[piece] = later(saved[piece] ?? {}, entries);
    } catch {
      aside[key] = text;
    }
  }
  return { saved, aside };
}

/** Merge all of it into what is stored or, where the browser has no room, nothing. */
function keep(added) {
  const before = new Map();
  try {
    for (const [piece, entries] of Object.entries(added)) {
      const key = savedKey(piece);
      read(key); // sets aside what cannot be read
      before.set(key, localStorage.getItem(key));
      merge(key, entries);
    }
  } catch (error) {
    for (const key of before.keys()) localStorage.removeItem(key);
    for (const [key, text] of before) if (text !== null) localStorage.setItem(key, text);
    throw error;
  }
}

/** "strategy-checklist: 3 entries, 210 characters (saved)", from the key and its text. */
function line(key) {
  const text = localStorage.getItem(key);
  if (isPlace(key)) return h("li", {}, fill(say.place, { page: place().page ?? text }));
  const value = parsed(text);
  const count = value !== null && typeof value === "object"
    ? Object.values(value).filter((entry) => entry?.value !== null).length : 1;
  const [, state, ...name] = key.split(":");
  const entries = count === 1 ? say.entry : say.entries;
  return h("li", {}, fill(say.line, {
    name: name.join(":") || state, count, entries, size: text.length,
    state: key.includes(":damaged-") ? say.aside : say.states[state] ?? say.other,
  }));
}

function render(place) {
  const list = h("ul");
  const status = h("p", { role: "status" });
  const save = h("button", { type: "button", onclick: download }, say.save);
  const file = h("input", { type: "file", accept: ".json,application/json", hidden: true, onchange: load });
  const bringIn = h("button", { type: "button", onclick: () => file.click() }, say.bringIn);
  const erase = h("button", { type: "button", onclick: () => confirm(true) }, say.erase);
  const yes = h("button", { type: "button", class: "es-danger", onclick: eraseAll }, say.yes);
  const no = h("button", { type: "button", onclick: () => { confirm(false); erase.focus(); } }, say.no);
  const question = h("div", { role: "group", "aria-labelledby": "es-erase-question", hidden: true },
    h("p", { id: "es-erase-question" }, say.question), h("p", { class: "es-row" }, yes, no));

  function show(message = "") {
    const found = keys();
    list.replaceChildren(...found.map(line));
    list.hidden = save.disabled = erase.disabled = !found.length;
    status.textContent = [message, found.length ? "" : say.nothing].filter(Boolean).join(" ");
  }
  function confirm(open) {
    question.hidden = !open;
    if (open) no.focus();
  }
  function eraseAll() {
    keys().forEach((key) => localStorage.removeItem(key));
    confirm(false);
    show(say.erased);
    status.tabIndex = -1;
    status.focus();
  }
  function download() {
    const { saved, aside } = everything();
    saveAs(say.fileName, writeFile(saved, aside, place.dataset.version ?? ""), "application/json");
    status.textContent = fill(say.savedFile, { file: say.fileName });
  }
  async function load() {
    const [chosen] = file.files;
    if (!chosen) return;
    const { saved: added, leftOut, problem } = readFile(await chosen.text().catch(() => ""));
    file.value = ""; // so that the same file can be chosen again
    if (problem) { show(fill(say.notBroughtIn, { reason: problem })); return; }
    try {
      const counts = difference(everything().saved, added);
      keep(added);
      show(broughtIn(counts, leftOut));
    } catch {
      show(fill(say.notBroughtIn, { reason: say.full }));
    }
  }
  place.append(status, list, h("p", { class: "es-row" }, save, bringIn, file, erase), question);
  show();
  addEventListener("storage", () => show());
}

for (const place of document.querySelectorAll(".es-stored")) {
  try {
    render(place);
  } catch {
    place.replaceChildren(h("p", {}, shared.host.blocked));
  }
}
