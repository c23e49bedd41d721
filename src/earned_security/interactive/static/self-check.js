// A self-check: answer, ask for the feedback, read why. Formative and public, so the key comes with the content.
import { announcer, createStore, fill, h, inline, prose, statusLine, uniqueId, words } from "./common.js";
import { createAnswer } from "./answers.js";
import { explain, fits, verdict } from "./self-check-feedback.js";
import { restsOn } from "./evidence.js";
import { renderPlay } from "./self-check-case.js";

const say = words.selfCheck;
const CHOICES = ["choose-one", "choose-many"];

function render({ model, el }) {
  const content = model.get("content");
  const store = createStore(model);
  const titleId = uniqueId("title");
  const promptId = uniqueId("prompt");
  const section = h("section", { class: "es-piece es-self-check", "aria-labelledby": titleId });
  const heading = [h("h3", { id: titleId }, content.title), h("p", { class: "es-soft" }, say.hint)];
  const announce = announcer(section);
  const close = () => { store.close(); section.remove(); };
  if (content.type === "play-case") {
    section.append(...heading, h("div", { id: promptId }, prose(content.prompt)));
    el.append(section);
    const closePlay = renderPlay({ model, store, section, basis: restsOn(content.claims) });
    return () => { closePlay(); close(); };
  }

  const isText = content.type === "free-text";
  let given; // what stands in the controls; the stored answer is the one that was checked
  const answer = createAnswer(content, {
    describedBy: promptId,
    announce,
    change(value, delay) {
      given = value ?? undefined;
      if (isText) store.set("draft", value, delay);
      showFeedback(undefined);
    },
    flush: () => store.flush(),
  });
  if (!answer) {
    section.append(...heading, h("p", {}, say.cannotShow));
    el.append(section);
    return close;
  }
  const feedback = h("div", { role: "status" });
  const explanation = h("div", {});
  const again = h("button", { type: "button", onclick: tryAgain }, isText ? say.writeOn : say.again);
  const check = h("button", { type: "button", class: "es-primary", onclick: checkAnswer }, isText ? say.compare : say.check);

  function checkAnswer() {
    if (given === undefined) {
      feedback.replaceChildren(h("p", {}, CHOICES.includes(content.type) ? say.chooseFirst : say.answerFirst));
      return;
    }
    store.set("answer", given);
    showFeedback(given);
    again.focus(); // the button that was pressed is gone
  }
  function tryAgain() {
    store.set("answer", null);
    showStored(true);
    answer.element.querySelector("input, select, textarea, button:not([disabled])")?.focus();
  }
  function showFeedback(value) {
    const checked = value !== undefined;
    feedback.replaceChildren(...(checked ? verdict(content, value) : []));
    explanation.replaceChildren(...(checked ? [...explain(content, value), restsOn(content.claims) ?? ""] : []));
    again.hidden = !checked;
    check.hidden = checked;
  }
  function showStored(anew = false) {
    const stored = store.get("answer");
    const value = fits(content, stored) ? stored : undefined;
    given = value ?? (isText ? store.get("draft") : undefined);
    answer.show(given, anew);
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
  return close;
}

export default { render };
