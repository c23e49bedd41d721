// A stand-in for the place where a piece is shown. What it "stores" is kept in localStorage under test:disk, so that
// it outlives a reload and reaches other tabs. window.hostMode: "acknowledge", "silent" or "refuse".
const DISK = "test:disk";
const read = () => JSON.parse(localStorage.getItem(DISK) ?? "{}");

function createModel(content) {
  const traits = { content, entries: read(), outbox: {}, notice: window.hostNotice ?? "", problem: "", storage_key: `test/${content.id}` };
  const listeners = {};
  const model = {
    get: (name) => traits[name],
    set: (name, value) => { traits[name] = value; },
    on: (event, listener) => { (listeners[event] ??= new Set()).add(listener); },
    off: (event, listener) => { listeners[event]?.delete(listener); },
    send(message) { (window.sent ??= []).push(message); },
    receive(message, buffers) { listeners["msg:custom"]?.forEach((listener) => listener(message, buffers)); },
    save_changes() {
      window.offers = (window.offers ?? 0) + 1;
      const offered = structuredClone(traits.outbox.entries);
      // A kernel answers later, never at once.
      setTimeout(async () => {
        if (window.hostMode === "silent") return;
        model.take("problem", "");
        if (window.hostMode === "refuse") { model.take("problem", "The disk is full."); return; }
        const disk = read();
        for (const [name, entry] of Object.entries(offered)) {
          if (!disk[name] || entry.time >= disk[name].time) disk[name] = entry;
        }
        localStorage.setItem(DISK, JSON.stringify(disk));
        model.take("entries", read());
        if (window.viewOf) model.take("view", await window.viewOf(read().answer?.value ?? null));
      }, 20);
    },
    take(name, value) {
      traits[name] = value;
      listeners[`change:${name}`]?.forEach((listener) => listener());
    },
  };
  addEventListener("storage", ({ key }) => { if (key === DISK) model.take("entries", read()); });
  return model;
}

window.hostMode = new URLSearchParams(location.search).get("mode") ?? "acknowledge";
document.documentElement.dataset.theme = new URLSearchParams(location.search).get("theme") ?? "light";

window.show = async (content) => {
  const module = await import(window.bundleAddress ?? `/${content.kind}.js`);
  const el = document.createElement("div");
  document.querySelector("main").append(el);
  window.model = createModel(content);
  // A graded case is played by the host: a test gives the real function.
  if (window.viewOf) window.model.take("view", await window.viewOf(read().answer?.value ?? null));
  window.close = module.default.render({ model: window.model, el });
};
const content = await (await fetch(`/content/${location.pathname.split("/").pop()}`)).json();
await window.show(content);
document.documentElement.dataset.ready = "yes";
