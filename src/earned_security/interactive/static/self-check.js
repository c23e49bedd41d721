// A self-check: choose, ask for the answer, read why. Formative and public, so the key comes with the content.
import { createStore, fill, h, inline, prose, statusLine, uniqueId, words } from "./common.js";
import { createAnswer } from "./answers.js";

const say = words.selfCheck;

// Per type: which option ids the key supports. A type is added here when its feedback is written.
const SUPPORTED = {
  "choose-one": (item) => [item.key],
  "choose-many": (item) => item.key,
};

function render({ model, el }) {
  const content = model.get("content");
  const store = createStore(model);
  const titleId = uniqueId("title");
  const promptId = uniqueId("prompt");
  const section = h("section", { class: "es-piece es-self-check", "aria-labelledby": titleId });
  const heading = [h("h3", { id: titleId }, content.title), h("p", { class: "es-soft" }, say.hint)];
  if (!SUPPORTED[content.type]) {
    section.append(...heading, h("p", {}, say.cannotShow));
    el.append(section);
    return () => { store.close(); section.remove(); };
  }

  let chosen; // what stands in the controls; the stored answer is the one that was checked
  const answer = createAnswer(content, {
    describedBy: promptId,
    change(value) { chosen = value ?? undefined; showFeedback(undefined); },
  });
  const feedback = h("div", { role: "status" });
  const explanation = h("div", {});
  const again = h("button", { type: "button", onclick: tryAgain }, say.again);
  const check = h("button", { type: "button", class: "es-primary", onclick: checkAnswer }, say.check);

  function checkAnswer() {
    if (chosen === undefined) { feedback.replaceChildren(h("p", {}, say.chooseFirst)); return; }
    store.set("answer", chosen);
    showFeedback(chosen);
    again.focus(); // the button that was pressed is gone
  }
  function tryAgain() {
    store.set("answer", null);
    showStored();
    section.querySelector("input")?.focus();
  }
  function showFeedback(value) {
    const checked = value !== undefined;
    feedback.replaceChildren(...(checked ? verdict(content, [value].flat()) : []));
    explanation.replaceChildren(...(checked ? explain(content, [value].flat()) : []));
    again.hidden = !checked;
    check.hidden = checked;
  }
  function showStored() {
    const value = usable(content, store.get("answer"));
    chosen = value;
    answer.show(value);
    showFeedback(value);
  }
  // An answer that another tab has checked is shown here; an acknowledgement of one's own changes nothing.
  let shown;
  function followStored() {
    const now = JSON.stringify(store.get("answer") ?? null);
    if (now === shown) return;
    shown = now;
    showStored();
  }

  section.append(
    ...heading,
    h("div", { id: promptId }, prose(content.prompt)),
    answer.element,
    feedback,
    h("div", { class: "es-row" }, check, again),
    explanation,
    statusLine(model, store),
  );
  store.onEntries(followStored);
  followStored();
  el.append(section);
  return () => { store.close(); section.remove(); };
}

/** The stored answer, if its options still exist. */
function usable(item, value) {
  const ids = item.options.map(({ id }) => id);
  const fits = item.type === "choose-one" ? typeof value === "string" : Array.isArray(value) && value.length > 0;
  return fits && [value].flat().every((id) => ids.includes(id)) ? value : undefined;
}

const isSupported = (item, id) => SUPPORTED[item.type](item).includes(id);

/** Why one option is supported or not; `named`: with its text; `note`: what the person did with it. */
function optionFeedback(item, option, { named = true, note = "" } = {}) {
  const good = isSupported(item, option.id);
  return h("div", { class: "es-feedback", "data-verdict": good ? "good" : "poor" },
    h("p", {}, h("strong", {}, good ? say.supported : say.notSupported), note ? ` ${note}` : null),
    named ? h("p", {}, h("q", {}, ...inline(option.text))) : null,
    prose(item.rationales[option.id]));
}

/** Feedback on what was chosen. */
function verdict(item, chosen) {
  const options = item.options.filter(({ id }) => chosen.includes(id));
  if (item.type === "choose-one") return options.map((option) => optionFeedback(item, option, { named: false }));
  const all = SUPPORTED[item.type](item);
  const right = chosen.filter((id) => all.includes(id)).length;
  const wrong = chosen.length - right;
  const summary = right === all.length && !wrong ? say.all : fill(say.some, { right, all: all.length, wrong });
  return [h("p", {}, h("strong", {}, summary)), ...options.map((option) => optionFeedback(item, option))];
}

/** For every option why, and what the whole rests on; closed until asked for. */
function explain(item, chosen) {
  const note = (id) => (chosen.includes(id) ? (item.type === "choose-one" ? say.yours : say.chosen)
    : item.type === "choose-one" ? "" : say.left);
  const every = h("details", {}, h("summary", {}, say.every),
    item.options.map((option) => optionFeedback(item, option, { note: note(option.id) })));
  if (!item.claims.length) return [every];
  return [every, h("details", {}, h("summary", {}, say.restsOn), item.claims.map(claim))];
}

const claim = ({ statement, grade, caveat, figures_checked: checked, works }) => h("div", { class: "es-basis" },
  h("p", {}, h("strong", {}, fill(words.evidence, { grade: words.grades[grade] })), " ", ...inline(statement),
    checked ? null : h("strong", {}, ` ${say.unread}`)),
  caveat ? h("p", {}, fill(say.caveat, { caveat })) : null,
  h("p", { class: "es-soft" }, works.flatMap(({ label, address, from_memory: unchecked }, index) =>
    [index ? "; " : "", address ? h("a", { href: address, rel: "noreferrer" }, label) : label,
      unchecked ? ` ${words.fromMemory}` : null])));

export default { render };
