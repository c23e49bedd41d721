// Shows what this browser keeps of the course; saves it as a file; erases it after asking once, in the page.
import { h } from "./common.js";
import { fill, words } from "./words.js";

const PREFIX = "earned-security:";
const say = words.stored;

const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).sort();
const parsed = (text) => { try { return JSON.parse(text); } catch { return text; } };
const everything = () => Object.fromEntries(keys().map((key) => [key, parsed(localStorage.getItem(key))]));

/** "strategy-checklist: 3 entries, 210 characters (saved)", from the key and its text. */
function line(key) {
  const text = localStorage.getItem(key);
  const value = parsed(text);
  const count = value !== null && typeof value === "object"
    ? Object.values(value).filter((entry) => entry?.value !== null).length : 1;
  const [, state, ...name] = key.split(":");
  const entries = count === 1 ? say.entry : say.entries;
  return h("li", {}, fill(say.line, {
    name: name.join(":") || state, count, entries, size: text.length, state: say.states[state] ?? say.other,
  }));
}

function render(place) {
  const list = h("ul");
  const status = h("p", { role: "status" });
  const save = h("button", { type: "button", onclick: download }, say.save);
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
    const blob = new Blob([JSON.stringify(everything(), null, 1)], { type: "application/json" });
    const link = h("a", { href: URL.createObjectURL(blob), download: say.fileName });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    status.textContent = fill(say.savedFile, { file: say.fileName });
  }
  place.append(status, list, h("p", { class: "es-row" }, save, erase), question);
  show();
  addEventListener("storage", () => show());
}

for (const place of document.querySelectorAll(".es-stored")) {
  try {
    render(place);
  } catch {
    place.replaceChildren(h("p", {}, words.host.blocked));
  }
}
