// The static page as the home of a piece: the same model that a live kernel gives, kept by this browser's storage.
// Content is a file beside this one; what the learner enters is kept under `earned-security:saved:<piece id>`.
import { h } from "./common.js";
import { keepPlace, merge, read, savedKey } from "./storage.js";
import { words } from "./words.js";

const NEAR = "600px"; // a piece starts before it is scrolled into view

/** A model as anywidget has it: get, set, save_changes, on, off, send. */
export function createModel(content) {
  const key = savedKey(content.id);
  const traits = { content, entries: {}, outbox: {}, notice: "", problem: "", storage_key: content.id };
  const listeners = new Map();
  let offered = traits.outbox;

  const tell = (name) => listeners.get(`change:${name}`)?.forEach((listener) => listener(model, traits[name]));
  const take = (name, value) => { traits[name] = value; tell(name); };
  /** Do something with the storage; where the browser refuses, `problem` says so. */
  function attempt(act) {
    try {
      const { entries, damaged } = act();
      traits.problem = "";
      if (damaged) traits.notice = words.host.damaged;
      take("entries", entries);
    } catch (error) {
      take("problem", error?.name === "QuotaExceededError" ? words.host.full : words.host.blocked);
    }
  }
  const model = {
    get: (name) => traits[name],
    set: (name, value) => take(name, value),
    save_changes() {
      if (traits.outbox === offered) return;
      offered = traits.outbox;
      attempt(() => {
        const stored = merge(key, traits.outbox.entries ?? {});
        keepPlace(content.id);
        return stored;
      });
    },
    on(event, listener) {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener));
    },
    off: (event, listener) => { listeners.get(event)?.delete(listener); },
    send() {},
  };
  // Another tab stored something, or the learner erased everything.
  addEventListener("storage", (event) => {
    if (event.key === key || event.key === null) attempt(() => read(key));
  });
  attempt(() => read(key));
  return model;
}

async function start(host) {
  try {
    const response = await fetch(new URL(`./content/${host.dataset.content}`, import.meta.url));
    const content = await response.json();
    content.plotly_address = new URL("./vendor/plotly-basic.min.js", import.meta.url).href;
    content.way_out_address = host.dataset.wayOut;
    const piece = await import(`./${content.kind}.js`);
    const el = h("div");
    await piece.default.render({ model: createModel(content), el });
    host.append(el);
    host.dataset.started = "yes";
  } catch (error) {
    console.error(error);
    host.append(h("p", { role: "alert" }, words.host.broken));
  }
}

const near = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((entry) => entry.isIntersecting)) {
    near.unobserve(entry.target);
    start(entry.target);
  }
}, { rootMargin: NEAR });
document.querySelectorAll(".es-host").forEach((host) => near.observe(host));
