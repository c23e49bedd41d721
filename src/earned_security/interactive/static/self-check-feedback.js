// What a self-check says about an answer, part by part. With `feedback: neutral` it gives the reasons without a verdict.
import { fill, h, inline, prose, words } from "./common.js";

const say = words.selfCheck;
const ids = (parts) => parts.map(({ id }) => id);
const isListOf = (value, known) => Array.isArray(value) && value.length > 0 && value.every((id) => known.includes(id));
const textOf = (parts, id) => parts.find((part) => part.id === id)?.text;

/** Whether a stored answer is one to this item as it stands now. */
export function fits(item, value) {
  switch (item.type) {
    case "choose-one": return typeof value === "string" && ids(item.options).includes(value);
    case "choose-many": return isListOf(value, ids(item.options));
    case "mark-passages": return isListOf(value, ids(item.passages));
    case "order": return isListOf(value, ids(item.options)) && value.length === item.options.length && new Set(value).size === value.length;
    case "match":
    case "classify": {
      const pairs = value !== null && typeof value === "object" && !Array.isArray(value) ? Object.entries(value) : [];
      return pairs.length > 0 && pairs.every(([entry, option]) =>
        ids(item.entries).includes(entry) && ids(item.options).includes(option));
    }
    case "scale":
    case "numeric": return Number.isFinite(value);
    case "free-text": return typeof value === "string" && value.trim() !== "";
    default: return false;
  }
}

/** One box: `good` is true, false, or null where there is nothing to judge. */
function box(item, { good, note = "", text = "", reason = "" }) {
  const judged = item.feedback !== "neutral" && good !== null;
  return h("div", { class: "es-feedback", "data-verdict": judged ? (good ? "good" : "poor") : null },
    judged || note ? h("p", {}, judged ? h("strong", {}, good ? say.supported : say.notSupported) : null, note ? ` ${note}` : null) : null,
    text ? h("p", {}, h("q", {}, ...inline(text))) : null,
    prose(reason));
}

const summary = (item, text) =>
  h("p", {}, h("strong", {}, item.feedback === "neutral" ? say.neutral : text));

/** Feedback on what was answered. */
export function verdict(item, value) {
  return VERDICTS[item.type](item, value);
}

/** Of several options or passages. */
function picks(parts) {
  return (item, chosen) => {
    const all = item.key;
    const right = chosen.filter((id) => all.includes(id)).length;
    const wrong = chosen.length - right;
    const text = right === all.length && !wrong ? say.all : fill(say.some, { right, all: all.length, wrong });
    return [summary(item, text), ...item[parts].filter(({ id }) => chosen.includes(id)).map((part) =>
      box(item, { good: all.includes(part.id), text: part.text, reason: item.rationales[part.id] }))];
  };
}

function pairs(item, value) {
  const right = item.entries.filter(({ id }) => value[id] === item.key[id]).length;
  return [
    summary(item, fill(say.pairs, { right, all: item.entries.length })),
    ...item.entries.map((entry) => {
      const option = textOf(item.options, value[entry.id]);
      return box(item, {
        good: option === undefined ? null : value[entry.id] === item.key[entry.id],
        note: option === undefined ? say.open : fill(say.placed, { option }),
        text: entry.text,
        reason: item.rationales[entry.id],
      });
    }),
  ];
}

function order(item, value) {
  const reversed = item.key.before.filter(([first, then]) => value.indexOf(first) > value.indexOf(then));
  const unsafe = reversed.some((pair) => pair.some((id) => item.key.safety.includes(id)));
  const all = item.key.before.length;
  const name = (id) => textOf(item.options, id);
  const notes = reversed.map(([first, then]) => h("li", {}, fill(say.comesFirst, { first: name(first), then: name(then) })));
  return [
    summary(item, fill(say.pairsOfSteps, { right: all - reversed.length, all })),
    ...(item.feedback === "neutral" || !reversed.length ? []
      : [h("div", { class: "es-feedback", "data-verdict": "poor" }, unsafe ? h("p", {}, h("strong", {}, say.unsafe)) : null, h("ul", {}, notes))]),
  ];
}

function number(item, value) {
  const slack = 1e-9 * Math.max(1, Math.abs(item.key.value));
  const within = (times) => Math.abs(value - item.key.value) <= times * item.key.tolerance + slack;
  const good = within(1);
  const near = !good && item.type === "scale" && within(2);
  return [box(item, { good: near ? null : good, note: near && item.feedback !== "neutral" ? say.near : "", reason: item.rationales[""] })];
}

function text(item) {
  return [
    h("p", {}, h("strong", {}, say.model)),
    h("div", { class: "es-feedback" }, prose(item.model_answer)),
    h("p", {}, say.rubric),
    ...item.rubric.map(({ criterion, levels }) => h("div", {}, h("p", {}, h("strong", {}, ...inline(criterion))),
      h("ul", {}, levels.map((level) => h("li", {}, ...inline(level.text)))))),
  ];
}

const VERDICTS = {
  "choose-one": (item, chosen) => [
    ...(item.feedback === "neutral" ? [summary(item, "")] : []),
    box(item, { good: chosen === item.key, reason: item.rationales[chosen] }),
  ],
  "choose-many": picks("options"),
  "mark-passages": picks("passages"),
  match: pairs,
  classify: pairs,
  order,
  scale: number,
  numeric: number,
  "free-text": text,
};

/** For every option, passage or step why; closed until asked for. */
export function explain(item, value) {
  const parts = { "choose-one": item.options, "choose-many": item.options, "mark-passages": item.passages, order: item.options }[item.type];
  if (!parts) return [];
  const isOne = item.type === "choose-one";
  const chosen = [value].flat();
  const note = (id) => (chosen.includes(id) ? (isOne ? say.yours : say.chosen) : isOne ? "" : say.left);
  const judge = (id) => (isOne ? item.key === id : item.key.includes(id));
  const every = item.type === "order"
    ? parts.map((step) => box(item, { good: null, text: step.text, reason: item.rationales[step.id] }))
    : parts.map((part) => box(item, { good: judge(part.id), note: note(part.id), text: part.text, reason: item.rationales[part.id] }));
  return [h("details", {}, h("summary", {}, item.type === "order" ? say.everyStep : say.every), every)];
}
