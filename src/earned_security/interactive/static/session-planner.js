// The session planner: two gates, a setting, a prediction, and ten portions with reasons. It plans for nobody real.
import { announcer, createStore, fill, h, inline, printSheet, prose, statusLine, uniqueId, words } from "./common.js";
import { restsOn } from "./evidence.js";
import { createControls } from "./explorer-controls.js";
import { deal, moved } from "./models/session-plan.js";
import { drawing } from "./session-planner-figure.js";

const say = words.planner;
const REST = 700; // milliseconds after which a change is announced
const list = (parts) => new Intl.ListFormat(words.locale).format(parts);
const capital = (text) => text[0].toUpperCase() + text.slice(1);
const same = (one, other) => Object.keys(one).every((name) => one[name] === other[name]);

function render({ model, el }) {
  const content = model.get("content");
  const { gates, inputs, interventions, examples } = content;
  const store = createStore(model);
  const start = Object.fromEntries(inputs.map(({ name, value }) => [name, value]));
  const titleId = uniqueId("title");
  const limitsId = uniqueId("limits");
  const section = h("section", { class: "es-piece es-explorer es-planner", "aria-labelledby": titleId });
  const announceNow = announcer(section);
  let timer;
  const announce = (text) => { clearTimeout(timer); timer = setTimeout(announceNow, REST, text); };
  let planned; // the setting of the plan that is shown
  let change = ""; // what the last change moved, in words
  let known; // what is stored, as last shown here

  /** Values as the file has them (a list gives every value as text); one that is not known is where it starts. */
  const typed = (values) => Object.fromEntries(inputs.map(({ name, options }) =>
    [name, options.find(({ value }) => String(value) === String(values?.[name]))?.value ?? start[name]]));
  const setting = () => typed(store.get("setting"));
  const answers = () => store.get("gates") ?? {};
  const isOpen = () => gates.every(({ id }) => answers()[id] === "yes");
  const plan = (values) => deal(interventions, values);
  const named = Object.fromEntries(interventions.map((one) => [one.id, one]));
  const nameOf = (id) => named[id].name;
  const dealt = (shares) => shares.filter(({ portions }) => portions).sort((one, other) => other.portions - one.portions);
  const mostOf = (shares) => dealt(shares).filter(({ portions }, _, [first]) => portions === first.portions).map(({ intervention }) => intervention);
  const sentenceOf = (shares) => fill(say.sentence, {
    parts: list(dealt(shares).map(({ intervention, portions }) => fill(say.part, { name: nameOf(intervention), portions }))),
  });
  const button = (text, onclick, more = {}) => h("button", { type: "button", onclick, ...more }, text);

  /** How the setting changed, and which portions moved. */
  function changed(before, after) {
    const shown = ({ options }, value) => options.find((option) => option.value === value).label;
    const changes = inputs.filter(({ name }) => before[name] !== after[name]).map((input) => fill(say.change, {
      input: input.label, before: shown(input, before[input.name]), after: shown(input, after[input.name]),
    }));
    if (!changes.length) return "";
    const { count, lost, gained } = moved(plan(before), plan(after));
    const parts = (all) => list(all.map(([id, number]) => `${nameOf(id)} (${number})`));
    if (!count) return fill(say.movedNone, { changes: list(changes) });
    return fill(count === 1 ? say.movedOne : say.moved, { changes: list(changes), count, lost: parts(lost), gained: parts(gained) });
  }

  const gateNotes = {};
  const gateArea = h("div", {}, h("h4", {}, say.gates), gates.map(({ id, question, if_no: instead }) => {
    const name = uniqueId("gate");
    const inputsOf = ["yes", "no"].map((answer) => h("input", {
      type: "radio", name, value: answer,
      onchange: () => {
        store.set("gates", { ...answers(), [id]: answer });
        show();
        announce(answer === "no" ? instead.replaceAll("*", "") : isOpen() ? say.open : "");
      },
    }));
    gateNotes[id] = { inputs: inputsOf, note: h("div", { class: "es-note", hidden: true }, prose(instead)) };
    return [h("fieldset", {}, h("legend", {}, question),
      h("div", { class: "es-row" }, inputsOf.map((input) => h("label", { class: "es-option" }, input, h("span", {}, say[input.value]))))),
    gateNotes[id].note];
  }));

  const controls = createControls(inputs, setting(), (values) => {
    const next = typed(values);
    if (same(next, setting())) return;
    store.set("setting", next);
    show();
    if (change) announce(`${change} ${sentenceOf(plan(next))}`);
  });
  const exampleButtons = examples.map((example) => button(example.label, () => {
    store.setAll({ setting: typed(example.values), prediction: null });
    show();
    announce(`${example.story} ${content.prediction}`);
  }, { "data-example": example.id }));
  const story = h("div", { class: "es-story" });
  const output = h("div", { tabindex: "-1" });
  const planner = h("div", { hidden: true },
    h("div", { class: "es-presets", role: "group", "aria-label": say.examples },
      h("p", { class: "es-presets-label", "aria-hidden": "true" }, say.examples), h("div", { class: "es-row" }, exampleButtons)),
    story, controls.element, output);

  function prediction() {
    const field = uniqueId("prediction");
    const problem = h("p", { class: "es-problem", role: "alert" });
    const select = h("select", { id: field }, h("option", { value: "" }, words.exercise.choose),
      interventions.map(({ id, name }) => h("option", { value: id }, capital(name))));
    const answer = (intervention) => {
      store.set("prediction", { intervention, setting: setting() });
      show();
      output.focus();
    };
    const form = h("form", { class: "es-prediction" },
      h("div", { class: "es-field" }, h("label", { for: field }, content.prediction), select), problem,
      h("div", { class: "es-row" }, h("button", { type: "submit", class: "es-primary" }, words.explorer.predict),
        button(words.explorer.showMe, () => answer(null))));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (select.value) answer(select.value);
      else problem.textContent = words.explorer.predictFirst;
    });
    return form;
  }

  function feedback({ intervention, setting: predicted }) {
    if (!named[intervention] || !same(typed(predicted), setting())) return null; // settings have moved on since
    const most = mostOf(plan(setting()));
    const right = most.includes(intervention);
    return h("div", { class: "es-feedback", "data-verdict": right ? "good" : "poor" },
      h("p", {}, h("strong", {}, words.explorer.youPredicted), ` ${nameOf(intervention)}. `,
        h("strong", {}, fill(right ? say.asPredicted : say.notPredicted, { most: list(most.map(nameOf)) })), ` ${say.disagree}`));
  }

  const table = (shares) => h("table", {},
    h("thead", {}, h("tr", {}, say.columns.map((title) => h("th", { scope: "col" }, title)))),
    h("tbody", {}, dealt(shares).map(({ intervention, portions, because }) => h("tr", {},
      h("th", { scope: "row" }, `${portions} `, h("strong", {}, nameOf(intervention))),
      h("td", {}, `${named[intervention].how} `, h("em", {}, because)), h("td", {}, named[intervention].stop)))));
  const nothing = (shares) => h("ul", {}, shares.filter(({ portions }) => !portions).map(({ intervention, because }) =>
    h("li", {}, h("strong", {}, `${capital(nameOf(intervention))}:`), ` ${because}`)));
  const chosen = (values) => h("ul", {}, inputs.map(({ name, label, options }) =>
    h("li", {}, `${label}: ${options.find(({ value }) => value === values[name]).label}`)));

  function result(values, predicted) {
    const shares = plan(values);
    const sentence = sentenceOf(shares);
    const figure = () => drawing(dealt(shares).map(({ intervention, portions }) => [capital(nameOf(intervention)), portions]), sentence, content.label);
    return [feedback(predicted), h("h4", {}, say.plan), figure(), h("p", { class: "es-reading" }, sentence),
      change ? h("p", { class: "es-change" }, change) : null,
      table(shares),
      h("details", {}, h("summary", {}, say.nothing), nothing(shares)),
      h("div", { class: "es-row" },
        button(say.again, () => { store.set("prediction", null); show(); output.querySelector("select").focus(); }),
        button(words.explorer.reset, () => controls.set(start)),
        button(say.print, () => printSheet(h("div", { class: "es-plan-sheet" }, h("h1", {}, content.title), h("p", {}, content.label),
          h("p", {}, `${content.for_whom} ${fill(words.case.printed, { date: new Date().toLocaleDateString() })}`),
          chosen(values), figure(), h("p", {}, sentence), table(shares), h("h2", {}, say.nothing), nothing(shares)))))];
  }

  const outline = () => JSON.stringify([answers(), setting(), store.get("prediction") ?? null]);
  function show() {
    const now = setting();
    const predicted = store.get("prediction");
    for (const { id } of gates) {
      const { inputs: radios, note } = gateNotes[id];
      radios.forEach((radio) => { radio.checked = answers()[id] === radio.value; });
      note.hidden = answers()[id] !== "no";
    }
    planner.hidden = !isOpen();
    if (!same(now, typed(controls.values()))) controls.set(now);
    const example = examples.find(({ values }) => same(typed(values), now));
    exampleButtons.forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.example === example?.id)));
    story.replaceChildren(...(example ? prose(example.story) : []));
    change = predicted && planned ? changed(planned, now) || change : "";
    planned = predicted ? now : undefined;
    const wasAsking = output.querySelector("form");
    if (predicted) output.replaceChildren(...result(now, predicted).filter(Boolean));
    else if (!wasAsking) output.replaceChildren(prediction()); // a choice that is being made stays
    known = outline();
  }

  section.prepend(h("h3", { id: titleId }, content.title), h("p", { class: "es-label" }, content.label), ...prose(content.intro),
    h("p", {}, h("strong", {}, ...inline(content.for_whom))),
    h("div", { class: "es-limits", role: "note", "aria-labelledby": limitsId }, h("h4", { id: limitsId }, say.limits), prose(content.limits)),
    gateArea, planner,
    h("details", {}, h("summary", {}, say.weights), h("p", {}, say.weightsHow), interventions.map(({ name, lines }) => [
      h("p", {}, h("strong", {}, capital(name))),
      h("ul", {}, lines.map(({ when, give, because }) => h("li", {}, fill(when ? say.line : say.lastLine, {
        when: Object.entries(when ?? {}).map(([input, values]) => `${inputs.find((one) => one.name === input).label}: ${values.join(" / ")}`).join("; "),
        give, because,
      }))))])),
    restsOn(content.claims), statusLine(model, store));
  store.onEntries(() => { if (outline() !== known) show(); });
  show();
  el.append(section);
  return () => { clearTimeout(timer); store.close(); section.remove(); };
}

export default { render };
