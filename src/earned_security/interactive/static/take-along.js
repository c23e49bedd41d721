// Taking one's work along from a notebook: save it as a file, bring one in. The kernel reads, checks and merges.
import { asking, fill, h, saveAs, uniqueId, words } from "./common.js";

const say = words.takeAlong;
const LARGEST = 5_000_000; // bytes

function render({ model, el }) {
  const titleId = uniqueId("title");
  const count = h("p", {});
  const status = h("p", { class: "es-status", role: "status" });
  const file = h("input", { type: "file", accept: ".json,application/json", hidden: true, onchange: load });
  const section = h("section", { class: "es-piece", "aria-labelledby": titleId },
    h("h3", { id: titleId }, model.get("content").title), count,
    h("div", { class: "es-row" },
      h("button", { type: "button", class: "es-primary", onclick: () => ask({ type: "save" }) }, say.save),
      h("button", { type: "button", onclick: () => file.click() }, say.bringIn), file),
    status);

  const tell = (text, state = "") => { status.dataset.status = state; status.textContent = text; };
  const show = () => {
    const pieces = new Set(Object.keys(model.get("entries") ?? {}).map((name) => name.split("/", 1)[0]));
    count.textContent = pieces.size ? fill(say.count, { count: pieces.size }) : say.nothing;
  };
  const kernel = asking(model, () => tell(say.silent, "refused"));
  const ask = (message) => { tell(say.working); kernel.ask(message); };
  async function load() {
    const [chosen] = file.files;
    if (!chosen) return;
    if (chosen.size > LARGEST) tell(fill(say.refused, { problem: say.tooLarge }), "refused");
    else ask({ type: "bring-in", text: await chosen.text() });
    file.value = ""; // so that the same file can be chosen again
  }
  function receive(message, buffers) {
    if (message?.type !== "save" && message?.type !== "bring-in") return;
    kernel.answered();
    if (message.problem) { tell(fill(message.type === "save" ? say.notSaved : say.refused, message), "refused"); return; }
    if (message.type === "save") {
      saveAs(message.file, buffers[0], "application/json");
      tell(fill(say.saved, message));
      return;
    }
    tell([fill(say.broughtIn, message), ...message.left_out, say.reopen].join(" "));
  }

  model.on("change:entries", show);
  model.on("msg:custom", receive);
  show();
  el.append(section);
  return () => {
    kernel.answered();
    model.off("change:entries", show);
    model.off("msg:custom", receive);
    section.remove();
  };
}

export default { render };
