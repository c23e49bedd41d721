// An explorer: predict, move a model's settings, read what it says.
import { announcer, createStore, fill, h, prose, saveAs, statusLine, uniqueId, words } from "./common.js";
import { restsOn } from "./evidence.js";
import { createComputer } from "./explorer-compute.js";
import { createControls } from "./explorer-controls.js";
import { createFigure } from "./explorer-figure.js";

const text = words.explorer;
const decimals = (value, count) => value.toFixed(count).replace(/^-(0(\.0*)?)$/, "$1"); // no "-0.00"
/** Hours after midnight as a time of day. */
function clock(hours) {
  const minutes = Math.round(hours * 60) % 1440;
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, "0")).join(":");
}
/** A sentence with numbers in it: `{name}` has two decimals if it is not whole, `{name:1}` one, `{name:clock}` is a time. */
const withNumbers = (sentence, values) => sentence.replace(/\{(\w+)(?::(\w+))?\}/g, (_, name, form) => {
  const value = values[name];
  if (typeof value !== "number") return value;
  if (form === "clock") return clock(value);
  return form || !Number.isInteger(value) ? decimals(value, Number(form ?? 2)) : value;
});
const later = (action, delay) => {
  let timer;
  const start = (...values) => { clearTimeout(timer); timer = setTimeout(action, delay, ...values); };
  start.cancel = () => clearTimeout(timer);
  return start;
};

/** A question before the first look; `reveal(true)` is called when it is answered or passed over. */
function prediction({ question, options }, store, reveal) {
  const name = uniqueId("prediction");
  const hint = h("p", { class: "es-problem", role: "alert" });
  const inputs = options.map((option) => h("input", { type: "radio", name, value: option.id }));
  const answer = (option) => { store.set("prediction", { option }); show(option); reveal(true); };
  const form = h("form", { class: "es-prediction" },
    h("fieldset", {}, h("legend", {}, question),
      options.map((option, index) => h("label", { class: "es-option" }, inputs[index], h("span", {}, option.text)))),
    hint,
    h("div", { class: "es-row" },
      h("button", { type: "submit", class: "es-primary" }, text.predict),
      h("button", { type: "button", class: "es-show", onclick: () => answer(null) }, text.showMe)));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = inputs.find((input) => input.checked);
    if (chosen) answer(chosen.value);
    else hint.textContent = text.predictFirst;
  });
  const element = h("div", { tabindex: "-1" }, form);
  function show(id) {
    const option = options.find((candidate) => candidate.id === id);
    element.replaceChildren(...(option ? [h("div", { class: "es-feedback", "data-verdict": option.right ? "good" : "poor" },
      h("p", {}, h("strong", {}, `${text.youPredicted} `), `${option.text}. `,
        h("strong", {}, option.right ? text.asPredicted : text.notPredicted)), prose(option.feedback))] : []));
  }
  return { element, show };
}

/** The numbers of the last result as a table, and as a file. */
function numbers(content) {
  const body = h("tbody");
  const head = h("tr", {}, content.table.map((column) => h("th", { scope: "col" }, column.label)));
  const scroll = h("div", { class: "es-scroll", tabindex: "0", role: "group", "aria-label": text.numbers },
    h("table", {}, h("thead", {}, head), body));
  const details = h("details", {}, h("summary", {}, text.numbers), scroll);
  let result;
  const rows = () => {
    const columns = content.table.map((column) => result.series[column.series]);
    return columns[0].map((_, index) => columns.map((column) => column[index] ?? null));
  };
  const shown = (value) => (value === null ? "–" : Number.isInteger(value) ? String(value) : value.toFixed(4));
  const write = () => body.replaceChildren(...rows().map((row) =>
    h("tr", {}, row.map((value, index) => h(index ? "td" : "th", index ? {} : { scope: "row" }, shown(value))))));
  const writeLater = later(write, 300);
  details.addEventListener("toggle", () => { if (details.open && result) write(); });
  return {
    element: details,
    show(next) { result = next; if (details.open) write(); else writeLater(); },
    download() {
      const labels = content.table.map((column) => `"${column.label.replaceAll('"', '""')}"`);
      const lines = [labels, ...rows()].map((row) => row.map((value) => value ?? "").join(","));
      saveAs(`${content.id}.csv`, `${lines.join("\r\n")}\r\n`, "text/csv");
    },
    close: () => writeLater.cancel(),
  };
}

export default {
  render({ model, el }) {
    const content = model.get("content");
    const store = createStore(model);
    const heading = uniqueId("heading");
    const section = h("section", { class: "es-piece es-explorer", "aria-labelledby": heading });
    const standard = Object.fromEntries(content.parameters.map(({ name, value }) => [name, value]));
    const say = announcer(section);
    const announce = later(say, 700);
    const figure = createFigure(model, content);
    const table = numbers(content);
    const reading = h("p", { class: "es-reading" });
    const comparison = h("p", { class: "es-help" });
    const story = h("div", { class: "es-story" });
    const kernel = h("p", { class: "es-status", role: "status" });
    const problem = h("p", { class: "es-problem", role: "alert" });
    let result;
    let kept = null;
    let told = "";
    let quiet = true; // what stands there on opening is not announced

    function draw(next) {
      problem.textContent = next.problem ?? "";
      if (next.problem) return;
      result = next;
      const sentence = withNumbers(content.readings[result.regime], { ...result.parameters, ...result.quantities });
      reading.textContent = sentence;
      show();
      table.show(result);
      if (!quiet) announce([told, sentence].filter(Boolean).join(" "));
      quiet = false;
      told = "";
    }
    /** The figure, and how the kept line differs from what is set now. */
    function show() {
      figure.draw(result, kept, reading.textContent);
      const differing = content.parameters
        .filter(({ name }) => kept && kept.parameters[name] !== result.parameters[name])
        .map(({ name, label, unit, options }) => {
          const value = kept.parameters[name];
          const shown = options?.find((option) => option.value === value)?.label ?? value;
          return `${label} ${shown} ${unit ?? ""}`.trim();
        });
      comparison.textContent = differing.length ? fill(text.keptAt, { settings: differing.join("; ") }) : "";
    }
    const computer = createComputer(model, content, {
      draw, silent: (yes) => { kernel.textContent = yes ? text.kernelSilent : ""; },
    });
    const start = { ...standard, ...model.get("parameters") };
    const controls = createControls(content.parameters, start, (values) => { unpress(); computer.request(values); });

    const presets = content.presets.map((preset) => {
      const button = h("button", { type: "button", "aria-pressed": "false", "data-preset": preset.id }, preset.label);
      button.addEventListener("click", () => {
        told = preset.story;
        controls.set({ ...standard, ...preset.values });
        button.setAttribute("aria-pressed", "true");
        story.replaceChildren(...prose(preset.story));
      });
      return button;
    });
    function unpress() {
      presets.forEach((button) => button.setAttribute("aria-pressed", "false"));
      story.replaceChildren();
    }
    const keep = h("button", { type: "button", class: "es-keep" }, text.keep);
    keep.addEventListener("click", () => {
      kept = kept ? null : result;
      keep.textContent = kept ? text.dropKept : text.keep;
      say(kept ? text.isKept : text.isDropped);
      show();
    });

    const revealed = h("div", { class: "es-revealed", hidden: true, tabindex: "-1" },
      presets.length ? h("div", { class: "es-presets", role: "group", "aria-label": text.presets },
        h("p", { class: "es-presets-label", "aria-hidden": "true" }, text.presets), h("div", { class: "es-row" }, presets)) : null,
      story, figure.element, reading, comparison, problem, kernel, h("div", { class: "es-caption" }, prose(content.caption)),
      controls.element,
      h("div", { class: "es-row" },
        h("button", { type: "button", class: "es-reset", onclick: () => controls.set(standard) }, text.reset), keep,
        h("button", { type: "button", class: "es-download", onclick: () => table.download() }, text.download)),
      table.element, restsOn(content.claims));

    function reveal(asked) {
      if (!revealed.hidden) return;
      revealed.hidden = false;
      quiet = !asked;
      computer.request(controls.values());
      if (asked) (question.element.hasChildNodes() ? question.element : revealed).focus();
    }
    const question = content.prediction ? prediction(content.prediction, store, reveal) : null;
    const restore = () => {
      const stored = store.get("prediction");
      if (!stored || !revealed.hidden) return;
      question.show(stored.option);
      reveal(false);
    };
    const title = h("h3", { id: heading }, content.title);
    const limits = uniqueId("limits");
    section.prepend(title, h("p", { class: "es-label" }, content.toy ? `${text.toy} ${content.label}` : content.label),
      ...prose(content.intro),
      h("div", { class: "es-limits", role: "note", "aria-labelledby": limits }, h("h4", { id: limits }, text.limits), prose(content.limits)),
      ...[question?.element, revealed].filter(Boolean));
    if (question) section.append(statusLine(model, store));
    el.append(section);
    if (question) restore();
    else reveal(false);
    const unwatch = store.onEntries(restore);

    return () => {
      unwatch();
      announce.cancel();
      computer.close();
      figure.close();
      table.close();
      store.close();
      section.remove();
    };
  },
};
