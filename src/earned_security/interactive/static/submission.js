// Handing in: what is answered and what is not, and one button that makes the one file. The kernel makes its bytes.
import { asking, fill, h, saveAs, uniqueId, words } from "./common.js";

const say = words.submission;

/** Whether an answer waits in this browser, not yet saved; its exercise keeps it under this name (see common.js). */
function isWaiting(place, id) {
  try { return localStorage.getItem(`earned-security:unsaved:${place}/${id}#answer`) !== null; } catch { return false; }
}

/** "answered" | "partly" | "empty" | "unsaved" */
function stateOf(question, answer, waiting) {
  if (waiting) return "unsaved";
  if (answer === undefined || answer === null) return "empty";
  if (Array.isArray(answer.path) && !answer.ended && !answer.alternative) return "partly"; // a case that goes on
  return question.parts > 1 && given(answer) < question.parts ? "partly" : "answered";
}
const given = (answer) => (typeof answer === "object" ? Object.keys(answer).length : 1);

/** Bring a question's own heading into view and to the keyboard; false where it is not in this page. */
function goTo(question) {
  const heading = [...document.querySelectorAll(".es-exercise h3")].find((one) => one.textContent === question.heading);
  if (!heading) return false;
  heading.tabIndex = -1;
  heading.scrollIntoView({ block: "start" });
  heading.focus({ preventScroll: true });
  return true;
}

function render({ model, el }) {
  const { title, questions } = model.get("content");
  const place = model.get("storage_key").split("/")[0];
  const titleId = uniqueId("title");
  const countId = uniqueId("count");
  const count = h("p", { class: "es-count", id: countId });
  const rows = questions.map((question, index) => {
    const state = h("span", { class: "es-state" });
    const number = index + 1;
    return {
      question, number, state,
      element: h("li", {}, h("span", {}, `${number}. ${question.title}`), state,
        h("button", { type: "button", onclick: () => goTo(question) }, fill(say.goTo, { number }))),
    };
  });
  const status = h("p", { class: "es-status", role: "status" });
  const warning = h("div", { class: "es-question", role: "group", tabindex: "-1", hidden: true });
  const make = h("button", { type: "button", class: "es-primary", "aria-describedby": countId, onclick: ask }, say.make);
  const section = h("section", { class: "es-piece es-submission", "aria-labelledby": titleId },
    h("h3", { id: titleId }, title), count,
    h("details", { open: true }, h("summary", {}, say.list), h("ol", {}, rows.map(({ element }) => element))),
    h("p", {}, say.what), warning,
    h("div", { class: "es-row" }, make, h("button", { type: "button", onclick: lookAgain }, say.lookAgain)), status);

  const inState = (wanted) => rows.filter(({ element }) => element.dataset.state === wanted);
  function show() {
    const entries = model.get("entries") ?? {};
    for (const { question, element, state } of rows) {
      const answer = entries[`${question.id}/answer`]?.value;
      const next = stateOf(question, answer, isWaiting(place, question.id));
      element.dataset.state = next;
      const text = fill(say.states[next], { given: next === "partly" ? given(answer) : 0, parts: question.parts });
      if (state.textContent !== text) state.textContent = text;
    }
    const [missing, partly, unsaved] = [inState("empty"), inState("partly"), inState("unsaved")].map((list) => list.length);
    const values = { answered: rows.length - missing, all: rows.length };
    const text = [
      fill(missing ? say.count : say.countAll, values),
      partly && fill(say.partly, { count: partly }), unsaved && fill(say.unsaved, { count: unsaved }),
    ].filter(Boolean).join(" ");
    if (count.textContent !== text) count.textContent = text;
  }
  const tell = (text, state = "") => { status.dataset.status = state; status.textContent = text; };
  const kernel = asking(model, () => tell(say.silent, "refused"));
  function lookAgain() { show(); tell(fill(say.looked, { count: count.textContent })); }

  /** Warn where something is missing; nothing keeps anybody from handing in as it is. */
  function ask() {
    show();
    const lines = [["empty", say.warnEmpty], ["partly", say.warnPartly], ["unsaved", say.warnUnsaved]]
      .map(([state, words]) => [inState(state).map(({ number }) => number).join(", "), words])
      .filter(([numbers]) => numbers).map(([numbers, words]) => fill(words, { questions: numbers }));
    if (!lines.length) { send(); return; }
    const labelId = uniqueId("warning");
    const first = rows.find(({ element }) => element.dataset.state !== "answered");
    warning.setAttribute("aria-labelledby", labelId);
    warning.replaceChildren(
      h("div", { id: labelId }, [...lines, say.warning].map((line) => h("p", {}, line))),
      h("div", { class: "es-row" },
        h("button", { type: "button", onclick: () => { hideWarning(); make.focus(); send(); } }, say.anyway),
        h("button", { type: "button", onclick: () => { hideWarning(); if (!goTo(first.question)) make.focus(); } }, say.back)));
    warning.hidden = false;
    tell("");
    warning.focus();
  }
  const hideWarning = () => { warning.hidden = true; };

  function send() {
    tell(say.making);
    kernel.ask({ type: "archive" });
  }
  function receive(message, buffers) {
    if (message?.type !== "archive") return;
    kernel.answered();
    if (message.problem) { tell(fill(say.refused, { problem: message.problem }), "refused"); return; }
    saveAs(message.file, buffers[0], "application/zip");
    tell(`${fill(say.made, { file: message.file })} ${message.written ? say.madeWritten : say.madeNotWritten}`);
  }

  model.on("change:entries", show);
  model.on("msg:custom", receive);
  addEventListener("storage", show);
  addEventListener("focusin", show); // an answer that waits in this page is told by no event
  show();
  el.append(section);
  return () => {
    kernel.answered();
    model.off("change:entries", show);
    model.off("msg:custom", receive);
    removeEventListener("storage", show);
    removeEventListener("focusin", show);
    section.remove();
  };
}

export default { render };
