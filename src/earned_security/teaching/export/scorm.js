// Tells a learning management system, by SCORM 2004 or 1.2, how many self-checks have an answer and what they earned.
// It runs before the pieces: answers that the system kept are put where the pieces look for theirs. Words that were written
// stay in this browser. Without such a system around it the page works all the same, and reports nothing.
import { keys, merge, read, savedKey } from "./storage.js";

const { checks, words: say } = JSON.parse(document.getElementById("scorm-about").textContent);
const LEARNER = "earned-security-scorm:learner";
const TEXT = "text"; // how a check is stored of which only "done" leaves this browser

/** The share of its points that an answer earns, as assessment/marking.py says; 0 for what is no answer. */
export function share(check, value) {
  const { type, key } = check;
  const within = (times) => Number.isFinite(value)
    && Math.abs(value - key.value) <= times * key.tolerance + 1e-9 * Math.max(1, Math.abs(key.value));
  switch (type) {
    case "choose-one": return value === key ? 1 : 0;
    case "choose-many":
    case "mark-passages": {
      const hits = value.filter((id) => key.includes(id)).length;
      return Math.max(0, (2 * hits - value.length) / key.length);
    }
    case "match":
    case "classify": {
      const entries = Object.keys(key);
      return entries.filter((entry) => value[entry] === key[entry]).length / entries.length;
    }
    case "order": {
      const reversed = key.before.filter(([first, then]) => value.indexOf(first) > value.indexOf(then));
      if (reversed.some((pair) => pair.some((id) => (key.safety ?? []).includes(id)))) return 0;
      return 1 - reversed.length / key.before.length;
    }
    case "scale":
      if (value < check.min || value > check.max) return 0;
      return within(1) ? 1 : within(2) ? 0.5 : 0;
    case "numeric": return within(1) ? 1 : 0;
    default: return 0;
  }
}

/** `{answered, all, earned, most}` of the answers by id; what is not judged counts as answered and earns nothing. */
export function standing(answers) {
  const judged = checks.filter((check) => check.judged);
  const worth = (check) => { try { return check.points * share(check, answers[check.id].value); } catch { return 0; } };
  return {
    answered: checks.filter(({ id }) => answers[id]).length,
    all: checks.length,
    earned: judged.filter(({ id }) => answers[id]).reduce((sum, check) => sum + worth(check), 0),
    most: judged.reduce((sum, { points }) => sum + points, 0),
  };
}

const rounded = (number) => String(Math.round(number * 1e4) / 1e4);
const two = (number) => String(number).padStart(2, "0");

const SCORM_2004 = {
  name: "API_1484_11", initialize: "Initialize", get: "GetValue", set: "SetValue", commit: "Commit", terminate: "Terminate",
  lastError: "GetLastError", alreadyOpen: "103",
  learner: "cmi.learner_id", exit: "cmi.exit", time: "cmi.session_time", longest: 64000,
  duration: (seconds) => `PT${seconds}S`,
  values: ({ answered, all, earned, most }) => ({
    "cmi.completion_status": answered === all ? "completed" : "incomplete",
    "cmi.progress_measure": rounded(answered / all),
    ...(most ? { "cmi.score.min": "0", "cmi.score.max": rounded(most), "cmi.score.raw": rounded(earned), "cmi.score.scaled": rounded(earned / most) } : {}),
  }),
};
const SCORM_12 = {
  name: "API", initialize: "LMSInitialize", get: "LMSGetValue", set: "LMSSetValue", commit: "LMSCommit", terminate: "LMSFinish",
  lastError: "LMSGetLastError", alreadyOpen: "101",
  learner: "cmi.core.student_id", exit: "cmi.core.exit", time: "cmi.core.session_time", longest: 4096,
  duration: (seconds) => `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`,
  values: ({ answered, all, earned, most }) => ({
    "cmi.core.lesson_status": answered === all ? "completed" : "incomplete",
    ...(most ? { "cmi.core.score.min": "0", "cmi.core.score.max": "100", "cmi.core.score.raw": rounded(100 * earned / most) } : {}),
  }),
};

/** The system's interface, in the windows around this one or in the one that opened it; null where there is none. */
function find(start) {
  try {
    for (let place = start, steps = 0; place && steps < 100; steps += 1) {
      for (const version of [SCORM_2004, SCORM_12]) if (place[version.name]) return { api: place[version.name], version };
      if (place.parent === place) break;
      place = place.parent;
    }
  } catch { /* a window of another site */ }
  return null;
}

const status = document.getElementById("scorm-status");
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const begun = Date.now();
const found = find(window) ?? find(window.opener) ?? find(window.top?.opener);
// Back from the way out, the conversation with the system is still going on: "already initialized".
const open = found !== null && (String(found.api[found.version.initialize]("")) === "true"
  || String(found.api[found.version.lastError]()) === found.version.alreadyOpen);
const get = (name) => String(found.api[found.version.get](name) ?? "");
const set = (name, value) => String(found.api[found.version.set](name, value)) === "true";

let answers = {};
let told = "";
let completed = false;
let toWayOut = false; // that page is part of the module

function restore() {
  const learner = get(found.version.learner);
  const before = localStorage.getItem(LEARNER);
  if (before !== null && before !== learner) keys().forEach((key) => localStorage.removeItem(key)); // somebody else's
  localStorage.setItem(LEARNER, learner);
  let kept = {};
  try { kept = JSON.parse(get("cmi.suspend_data")); } catch { /* the first time */ }
  for (const { id, stored } of checks) {
    const entry = kept[id];
    if (!Number.isFinite(entry?.time)) continue;
    answers[id] = entry;
    if (stored !== TEXT) merge(savedKey(id), { answer: entry });
  }
}

/** Take in what the pieces have stored. An answer that was taken back to try again stands until there is another. */
function look() {
  for (const { id, stored, name } of checks) {
    const entry = read(savedKey(id)).entries[name];
    if (entry && entry.value !== null) answers[id] = stored === TEXT ? { value: true, time: entry.time } : entry;
  }
}

function report() {
  look();
  const now = standing(answers);
  completed ||= now.answered === now.all;
  status.textContent = fill(open ? (completed ? say.completed : say.connected) : say.alone, now);
  if (!open) return;
  const { version, api } = found;
  const values = version.values(completed ? { ...now, answered: now.all } : now);
  const whole = JSON.stringify(answers);
  values["cmi.suspend_data"] = whole.length <= version.longest ? whole : "";
  const said = JSON.stringify(values);
  if (said === told) return;
  const refused = Object.entries(values).filter(([name, value]) => !set(name, value));
  if (refused.length || String(api[version.commit]("")) !== "true") status.textContent = say.refused;
  else told = said;
}

function close() {
  if (!open || close.done) return;
  close.done = true;
  report();
  set(found.version.time, found.version.duration(Math.round((Date.now() - begun) / 1000)));
  set(found.version.exit, "suspend"); // so that the system keeps the answers
  found.api[found.version.commit]("");
  if (!toWayOut) found.api[found.version.terminate]("");
}

if (open) {
  restore();
  completed = ["completed", "passed"].includes(get(found.version === SCORM_2004 ? "cmi.completion_status" : "cmi.core.lesson_status"));
}
const store = Storage.prototype.setItem;
Storage.prototype.setItem = function setItem(...entry) {
  store.apply(this, entry);
  queueMicrotask(report);
};
addEventListener("storage", report);
addEventListener("pagehide", close);
addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); }); // the browser kept the page as it was left
addEventListener("click", ({ target }) => { toWayOut = Boolean(target.closest?.("a[href$='crisis-and-grounding.html']")); }, { capture: true });
document.documentElement.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
report();
