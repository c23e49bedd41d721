// What every piece shares: building elements, storing entries, saying what is stored, loading plotly.
import { words } from "./words.js";

export { fill, words } from "./words.js";

/** Build an element: `h("button", { type: "button", onclick: act }, "Label")`. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (typeof value === "boolean") element.toggleAttribute(name, value);
    else if (value !== undefined && value !== null) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

/** Build an element of a drawing: `svg("path", { d: "M0 0h9" })`. */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.flat(Infinity));
  return element;
}

/** Hand a text to the browser as a file. */
export function saveAs(name, text, type) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Print `children` alone: a sheet beside everything else in the document, which the page's print rules show. */
export function printSheet(...children) {
  const sheet = h("div", { class: "es-print-sheet" }, ...children);
  const root = document.documentElement;
  document.querySelectorAll(".es-print-sheet").forEach((earlier) => earlier.remove());
  document.body.append(sheet);
  root.classList.add("es-printing");
  const done = () => { sheet.remove(); root.classList.remove("es-printing"); };
  globalThis.addEventListener("afterprint", done, { once: true });
  globalThis.print();
}

/** Paragraphs of plain text, with *emphasis*; never HTML. */
export function prose(text, tag = "p") {
  return String(text ?? "").trim().split(/\n\s*\n/).map((paragraph) => h(tag, {}, ...inline(paragraph)));
}

/** One run of plain text, with *emphasis*, as nodes for `h`. */
export function inline(text) {
  return String(text ?? "").trim().replace(/\s+/g, " ").split(/(\*[^*]+\*)/).map((part) =>
    /^\*[^*]+\*$/.test(part) ? h("em", {}, part.slice(1, -1)) : part);
}

let counter = 0;
/** An id that is unique in the page, for labels and descriptions. */
export const uniqueId = (prefix) => `es-${prefix}-${(counter += 1)}`;

/** Show a text in a field that a person may be typing in: caret and selection stay where they are. */
export function showText(field, text) {
  if (field.value === text) return;
  const { selectionStart, selectionEnd } = field;
  field.value = text;
  if (field.ownerDocument.activeElement === field) field.setSelectionRange(selectionStart, selectionEnd);
}

const merged = (one, other) => {
  const result = { ...one };
  for (const [name, entry] of Object.entries(other)) {
    if (!result[name] || entry.time >= result[name].time) result[name] = entry;
  }
  return result;
};

/**
 * Entries that the host has not yet acknowledged, kept in the browser's storage under one key per entry,
 * so that several tabs with the same piece never overwrite or remove what another tab still has to send.
 */
function createQueue(storageKey) {
  const prefix = `earned-security:unsaved:${storageKey}#`;
  const entries = {};
  const read = (key) => {
    try {
      const entry = JSON.parse(localStorage.getItem(key));
      return Number.isFinite(entry?.time) && "value" in entry ? entry : undefined;
    } catch { return undefined; }
  };
  try {
    for (const key of Object.keys(localStorage)) {
      const entry = key.startsWith(prefix) ? read(key) : undefined;
      if (entry) entries[key.slice(prefix.length)] = entry;
    }
  } catch { /* no storage here: the queue lives in memory only */ }
  return {
    entries,
    isEmpty: () => Object.keys(entries).length === 0,
    add(name, entry) {
      entries[name] = entry;
      try { localStorage.setItem(prefix + name, JSON.stringify(entry)); } catch { /* full: memory only */ }
    },
    /** Drop what the host has stored; what another tab queued later under the same name stays. */
    settle(stored) {
      for (const [name, entry] of Object.entries(entries)) {
        if (!stored[name] || stored[name].time < entry.time) continue;
        delete entries[name];
        const waiting = read(prefix + name);
        if (waiting && waiting.time > stored[name].time) continue;
        try { localStorage.removeItem(prefix + name); } catch { /* nothing was kept */ }
      }
    },
  };
}

const RETRY = 3000; // milliseconds without an answer after which the entries are offered again

/**
 * The entries of a piece. `set` queues an entry in the page, asks the host to store it, and reports
 * "saved" only when the host shows it back. What the host does not acknowledge stays queued, in the
 * page's own storage, is offered again, and is replayed when the piece is next opened.
 */
export function createStore(model) {
  const queue = createQueue(model.get("storage_key"));
  const listeners = new Set();
  const unsubscribe = [];
  let status = "idle";
  let timer;
  let postponed = false;
  let attempt = 0;

  const stored = () => model.get("entries") ?? {};
  const known = () => merged(stored(), queue.entries);
  function report(next) {
    status = next;
    listeners.forEach((listener) => listener(status));
  }
  function offer() {
    clearTimeout(timer);
    postponed = false;
    if (queue.isEmpty()) return;
    // The number makes every request differ from the last, so that the host sees a repeated one too.
    attempt = Math.max(attempt + 1, Date.now());
    timer = setTimeout(() => {
      report(model.get("problem") ? "refused" : "waiting");
      offer();
    }, RETRY);
    try {
      model.set("outbox", { attempt, entries: structuredClone(queue.entries) });
      model.save_changes();
    } catch { /* the host is gone; the entries wait */ }
  }
  function acknowledge() {
    const waited = !queue.isEmpty();
    queue.settle(stored());
    if (!queue.isEmpty()) return;
    clearTimeout(timer);
    const holdsAnything = Object.values(stored()).some((entry) => entry.value !== null);
    report(waited || status === "saved" || holdsAnything ? "saved" : "idle");
  }
  function listen(event, listener) {
    model.on(event, listener);
    const stop = () => model.off(event, listener);
    unsubscribe.push(stop);
    return stop;
  }

  const store = {
    get: (name) => known()[name]?.value ?? undefined,
    all: () => Object.fromEntries(Object.entries(known())
      .filter(([, entry]) => entry.value !== null).map(([name, entry]) => [name, entry.value])),
    /** Store one entry; `null` erases it. `delay`: see `setAll`. */
    set: (name, value, delay) => store.setAll({ [name]: value }, delay),
    /**
     * Store several entries at once. With a `delay` in milliseconds (for typing) they are kept in the
     * page at once and offered to the host when nothing was set for so long, or on `flush`.
     */
    setAll(values, delay = 0) {
      const before = known();
      for (const [name, value] of Object.entries(values)) {
        queue.add(name, { value, time: Math.max(Date.now(), (before[name]?.time ?? 0) + 1) });
      }
      report("saving");
      if (!delay) { offer(); return; }
      clearTimeout(timer);
      postponed = true;
      timer = setTimeout(offer, delay);
    },
    /** Offer at once what a delay holds back. */
    flush() { if (postponed) offer(); },
    status: () => status,
    /** "idle" | "saving" | "saved" | "waiting" (no answer from the host) | "refused" (with `problem`). */
    onStatus(listener) { listeners.add(listener); return () => listeners.delete(listener); },
    /** Called when entries change from outside: another tab, another view of the same piece. */
    onEntries: (listener) => listen("change:entries", listener),
    /** Any event of the model, until the store is closed. */
    listen,
    close() {
      store.flush();
      clearTimeout(timer);
      unsubscribe.forEach((stop) => stop());
      listeners.clear();
    },
  };
  listen("change:entries", acknowledge);
  listen("change:problem", () => { if (model.get("problem") && !queue.isEmpty()) report("refused"); });
  acknowledge();
  if (!queue.isEmpty()) { status = "saving"; offer(); }
  return store;
}

/** One line that says, to eyes and to screen readers, what is stored and what is not. */
export function statusLine(model, store) {
  const line = h("p", { class: "es-status", role: "status" });
  const show = () => {
    const problem = model.get("problem");
    // A file that cannot be read is a problem before anything was answered.
    const status = store.status() === "idle" && problem ? "refused" : store.status();
    if (status === "refused" && !problem) return; // tried again just now; the outcome follows
    const text = [words.store[status], status === "refused" && problem, model.get("notice")].filter(Boolean).join(" ");
    line.dataset.status = status;
    if (line.textContent !== text) line.textContent = text; // said once, not at every attempt
  };
  store.onStatus(show);
  store.listen("change:notice", show);
  store.listen("change:problem", show);
  show();
  return line;
}

/** A polite live region: `const say = announcer(el); say("...")`. */
export function announcer(el) {
  const region = h("p", { class: "es-visually-hidden", "aria-live": "polite" });
  el.append(region);
  return (text) => { region.textContent = text; };
}

/**
 * plotly, loaded once for the page: from the site's own file, or from the kernel where there is no site.
 * A failed or unanswered request is forgotten, so that the next piece, or the next kernel, is asked again.
 */
export function loadPlotly(model) {
  if (globalThis.Plotly) return Promise.resolve(globalThis.Plotly);
  globalThis.earnedSecurityPlotly ??= new Promise((resolve, reject) => {
    const fail = () => {
      globalThis.earnedSecurityPlotly = undefined;
      reject(new Error("plotly could not be loaded"));
    };
    const run = (address) => {
      const script = h("script", { src: address });
      script.addEventListener("load", () => resolve(globalThis.Plotly));
      script.addEventListener("error", fail);
      document.head.append(script);
    };
    const site = model.get("content").plotly_address;
    if (site) { run(site); return; }
    const unanswered = setTimeout(fail, 30000);
    model.on("msg:custom", (message, buffers) => {
      if (message?.type !== "plotly") return;
      clearTimeout(unanswered);
      run(URL.createObjectURL(new Blob([buffers[0]], { type: "text/javascript" })));
    });
    model.send({ type: "plotly" });
  });
  return globalThis.earnedSecurityPlotly;
}

/** One question at a time to the kernel, of which `silence` tells when it cannot be asked or does not answer. */
export function asking(model, silence, patience = 20000) {
  let timer;
  const answered = () => clearTimeout(timer);
  const ask = (message) => {
    answered();
    timer = setTimeout(silence, patience);
    try {
      model.send(message);
    } catch {
      answered();
      silence();
    }
  };
  return { ask, answered };
}
