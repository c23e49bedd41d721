// A scoring exercise: choose a form, predict, answer by item number, read the means. The rule is models/scoring.js.
import { announcer, createStore, fill, h, inline, prose, statusLine, uniqueId, words } from "./common.js";
import { restsOn } from "./evidence.js";
import { score, scored } from "./models/scoring.js";
import { figure } from "./scoring-figure.js";

const say = words.scoring;
const TYPING = 700; // milliseconds of rest after which answers are stored and the means announced
const shown = (mean) => mean.toFixed(2);
const every = (instrument, answer) => Object.fromEntries(scored(instrument).map((item) => [item, answer]));
const judge = (field, wrong) => { if (wrong) field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid"); };

function render({ model, el }) {
  const content = model.get("content");
  const store = createStore(model);
  const [titleId, limitsId] = ["title", "limits"].map(uniqueId);
  const chosen = () => content.instruments.find(({ id }) => id === store.get("instrument")) ?? content.instruments[0];
  const select = h("select", { onchange: () => { store.set("instrument", select.value); show(); } },
    content.instruments.map(({ id, name }) => h("option", { value: id }, name)));
  const body = h("div", {});
  const section = h("section", { class: "es-piece es-scoring", "aria-labelledby": titleId },
    h("h3", { id: titleId }, content.title), prose(content.intro),
    h("div", { class: "es-limits", role: "note", "aria-labelledby": limitsId },
      h("h4", { id: limitsId }, say.limits), prose(content.limits)),
    h("label", { class: "es-field" }, h("span", {}, say.form), select),
    body, restsOn(content.claims), statusLine(model, store));
  const announce = announcer(section);
  let form;

  function show() {
    const instrument = chosen();
    select.value = instrument.id;
    form?.close();
    form = createForm(instrument, content, store, announce);
    body.replaceChildren(form.element);
  }
  store.onEntries(() => { if (select.value === chosen().id) form.refresh(); else show(); });
  show();
  el.append(section);
  return () => { form.close(); store.close(); section.remove(); };
}

/** One form: its key, the prediction, and, once that is made or passed over, answers and means. */
function createForm(instrument, content, store, announce) {
  const { lowest, highest, scales } = instrument;
  const answers = createAnswers(instrument, store, () => { show(); announceLater(); });
  const result = h("div", {});
  const revealed = h("div", { hidden: true }, answers.element, result);
  const prediction = createPrediction(instrument, content.wording, store, () => {
    revealed.hidden = false;
    answers.set(every(instrument, highest));
  });
  let waiting;

  const show = () => result.replaceChildren(...meaning(instrument, answers.values(), content.band).elements);
  function announceLater() {
    clearTimeout(waiting);
    const { sentence, waits } = meaning(instrument, answers.values(), content.band);
    if (!waits) waiting = setTimeout(announce, TYPING, sentence); // half a row is no news
  }
  function refresh() {
    if (!prediction.show()) return;
    revealed.hidden = false;
    answers.show();
    show();
  }
  refresh();
  return {
    element: h("div", {},
      h("h4", {}, instrument.title),
      h("p", { class: "es-help" }, fill(say.range, { lowest, highest, sum: lowest + highest })),
      h("ul", {}, scales.map(({ name, items, reversed }) => h("li", {}, h("strong", {}, name), " ",
        fill(say.key[reversed.length ? "some" : "none"], { items: ranges(items), reversed: ranges(reversed) })))),
      about(instrument), prediction.element, revealed),
    refresh,
    close: () => clearTimeout(waiting),
  };
}

/** 1, 2, 3, 5 as "1–3, 5". */
function ranges(numbers) {
  const runs = [];
  for (const number of numbers) {
    if (number === runs.at(-1)?.at(-1) + 1) runs.at(-1).push(number);
    else runs.push([number]);
  }
  return runs.flatMap((run) => (run.length > 2 ? `${run[0]}–${run.at(-1)}` : run)).join(", ");
}

const about = ({ key_checked: checked, permission, notes, works }) => h("details", {}, h("summary", {}, say.about.title),
  [[say.about.key, checked], [say.about.permission, permission]].map(([name, text]) =>
    h("p", {}, h("strong", {}, name), " ", ...inline(text))),
  notes.map((note) => prose(note)),
  restsOn([], works));

/** A mean for each scale before anything is seen; `made()` is called when it is given or passed over. */
function createPrediction(instrument, wording, store, made) {
  const { id, lowest, highest, scales } = instrument;
  const name = `prediction:${id}`;
  const problemId = uniqueId("problem");
  const problem = h("p", { class: "es-problem", id: problemId, role: "alert" });
  const fields = scales.map(() => h("input", {
    type: "number", min: lowest, max: highest, step: "any", inputmode: "decimal", "aria-describedby": problemId,
  }));
  const form = h("form", { class: "es-prediction", novalidate: true },
    h("fieldset", {}, h("legend", {}, fill(say.predict, { highest })),
      h("div", { class: "es-row" }, scales.map((scale, index) =>
        h("label", { class: "es-field" }, h("span", {}, scale.name), fields[index])))),
    problem,
    h("div", { class: "es-row" },
      h("button", { type: "submit", class: "es-primary" }, words.explorer.predict),
      h("button", { type: "button", onclick: () => take({}) }, words.explorer.showMe)));
  const element = h("div", { tabindex: "-1" }, form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wrong = fields.filter(({ valueAsNumber: guess }) => !(guess >= lowest && guess <= highest));
    fields.forEach((field) => judge(field, wrong.includes(field)));
    problem.textContent = wrong.length ? fill(say.guess, { lowest, highest }) : "";
    if (wrong.length) wrong[0].focus();
    else take(Object.fromEntries(scales.map((scale, index) => [scale.id, fields[index].valueAsNumber])));
  });
  function take(guesses) {
    store.set(name, guesses);
    show();
    made();
    element.focus();
  }
  /** What was expected beside what the key gives; false where nothing has been said yet. */
  function show() {
    const guesses = store.get(name);
    if (!guesses) return false;
    const { scores } = score(instrument, every(instrument, highest));
    const lines = scales.map((scale, index) => {
      const guess = guesses[scale.id];
      const values = { guess, mean: shown(scores[index].mean), reversed: scale.reversed.length, all: scale.items.length };
      return h("li", {}, h("strong", {}, scale.name), " ", [say.is[guess === undefined ? "given" : "expected"],
        say.why[scale.reversed.length ? "some" : "none"]].map((text) => fill(text, values)).join(" "));
    });
    element.replaceChildren(h("div", { class: "es-feedback" },
      h("p", {}, h("strong", {}, fill(say.predicted, { highest }))), h("ul", {}, lines), prose(wording)));
    return true;
  }
  return { element, show };
}

/** Rows to begin with, and a number field for each scored item. */
function createAnswers(instrument, store, changed) {
  const { id, lowest, highest, rows } = instrument;
  const name = `answers:${id}`;
  const items = scored(instrument);
  const helpId = uniqueId("help");
  const fields = new Map(items.map((item) => [item, h("input", {
    type: "number", min: lowest, max: highest, step: 1, inputmode: "numeric", "aria-describedby": helpId, oninput: typed,
  })]));
  const values = () => Object.fromEntries(items.map((item) => [item, fields.get(item).valueAsNumber])
    .filter(([, answer]) => Number.isFinite(answer)));

  function mark() {
    const { outside = [] } = score(instrument, values());
    for (const [item, field] of fields) judge(field, outside.includes(item));
  }
  function typed() {
    store.set(name, values(), TYPING);
    mark();
    changed();
  }
  function fillIn(answers, spared) {
    for (const [item, field] of fields) {
      const value = String(answers[item] ?? "");
      if (field.value !== value && field !== spared) field.value = value;
    }
    mark();
  }
  function set(answers) {
    store.set(name, answers);
    fillIn(answers);
    changed();
  }
  const starts = [
    ...[lowest, Math.round((lowest + highest) / 2), highest].map((answer) => [fill(say.all, { answer }), every(instrument, answer)]),
    ...rows.map(({ label, answers }) => [label, Object.fromEntries(items.map((item) => [item, answers[item - 1]]))]),
    [say.clear, {}],
  ];
  const element = h("div", {},
    h("div", { class: "es-row", role: "group", "aria-label": words.explorer.presets },
      starts.map(([label, answers]) => h("button", { type: "button", onclick: () => set(answers) }, label))),
    h("fieldset", {}, h("legend", {}, fill(say.answers, { lowest, highest })),
      h("p", { class: "es-help", id: helpId }, say.privacy),
      h("div", { class: "es-items" }, items.map((item) =>
        h("label", {}, h("span", {}, fill(say.item, { item })), fields.get(item))))));
  /** What is stored; a field that somebody is typing in stays as it is. */
  const show = () => fillIn(store.get(name) ?? {}, element.ownerDocument.activeElement);
  return { element, values, show, set };
}

/** The means in a sentence, a figure and a table; or why there are none. `waits`: only answers are missing. */
function meaning(instrument, answers, band) {
  const { lowest, highest, name: form, scales } = instrument;
  const { scores, missing, outside } = score(instrument, answers);
  if (!scores) {
    const reason = outside.length ? [say.outside, outside] : [say.missing, missing];
    const sentence = fill(reason[0], { items: ranges(reason[1]), lowest, highest });
    return { sentence, waits: !outside.length, elements: [h("p", { class: "es-reading" }, sentence)] };
  }
  const named = scores.map((one, index) => ({ ...one, name: scales[index].name }));
  const rounded = named.map(({ name, ...one }) => ({ name, low: shown(one.low), mean: shown(one.mean), high: shown(one.high) }));
  const sentence = fill(say.sentence, { form, lowest, highest, scores: rounded.map((one) => fill(say.score, one)).join(", ") });
  const table = h("table", {},
    h("thead", {}, h("tr", {}, say.columns.map((column) => h("th", { scope: "col" }, column)))),
    h("tbody", {}, rounded.map(({ name, low, mean, high }) =>
      h("tr", {}, h("th", { scope: "row" }, name), [low, mean, high].map((value) => h("td", {}, value))))));
  return { sentence, waits: false, elements: [h("p", { class: "es-reading" }, sentence), figure(named, instrument, sentence), table, ...prose(band)] };
}

export default { render };
