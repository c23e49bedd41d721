// A case played for marks. The host plays it and gives one scene at a time (trait `view`); a choice is stored first.
// There is no way back and no word about a choice; the page does not hold the case.
import { fill, h, inline, prose, uniqueId, words } from "./common.js";
import { createAnswer } from "./answers.js";

const say = words.caseExercise;
const SAFETY = "safety";
const RETURN = "return";

/** Returns {element, show()}; `show` follows what is stored. */
export function createPlay(model, store, { describedBy, announce }) {
  const content = model.get("content");
  const body = h("div", {});
  const alternative = content.alternative ? written() : null;
  const before = opening();
  const element = h("div", { class: "es-case", "aria-describedby": describedBy }, before, body, alternative?.element, help());
  let shown; // the play that the page shows, as text
  let waiting = false; // a choice was made and is not yet stored

  function opening() {
    return h("details", { open: !store.get("answer")?.path?.length }, h("summary", {}, words.case.before),
      h("h4", {}, words.case.contentNote), prose(content.content_note),
      h("h4", {}, words.case.people), h("ul", {}, content.people.map(({ name, description }) =>
        h("li", {}, h("strong", {}, `${name}. `), ...inline(description)))),
      h("p", {}, say.noWayBack));
  }

  function help() {
    return h("details", {}, h("summary", {}, say.leave), h("p", {}, words.case.pausedText),
      h("h4", {}, words.case.grounding), h("p", {}, words.case.groundingText),
      h("h4", {}, words.case.help), content.crisis_routes.map(({ title, text }) =>
        h("p", {}, h("strong", {}, `${title}. `), ...inline(text))));
  }

  function written() {
    const keep = ({ alternative: _, ...rest }, text) => (text ? { ...rest, alternative: text } : rest);
    const promptId = uniqueId("alternative");
    const counts = h("p", { role: "status" });
    const tell = (text) => { counts.textContent = text ? say.textCounts : ""; };
    const text = createAnswer({ type: "free-text" }, {
      describedBy: promptId, announce,
      change: (value, delay) => {
        const next = keep(store.get("answer") ?? {}, value);
        tell(value);
        store.set("answer", Object.keys(next).length ? next : null, delay);
      },
      flush: () => store.flush(),
    });
    return {
      element: h("details", { open: Boolean(store.get("answer")?.alternative) }, h("summary", {}, say.alternative),
        h("div", { id: promptId }, prose(content.alternative)), h("p", {}, say.samePoints), text.element, counts),
      show() { text.show(store.get("answer")?.alternative); tell(store.get("answer")?.alternative); },
    };
  }

  function take(view, option) {
    if (waiting) return;
    waiting = true;
    before.open = false;
    const text = store.get("answer")?.alternative;
    const path = [...view.path, { scene: view.scene, option }];
    store.set("answer", { version: view.version, path, ...(text ? { alternative: text } : {}) });
    for (const control of body.querySelectorAll("button, input")) control.disabled = true;
    body.append(h("p", { class: "es-soft", role: "status" }, say.waiting));
  }

  const button = (text, onclick, primary = false) =>
    h("button", { type: "button", class: primary ? "es-primary" : null, onclick }, text);

  function scene(view) {
    const goesOn = Boolean(view.response);
    const parts = [
      view.problem ? h("p", { class: "es-problem" }, view.problem) : null,
      goesOn ? h("h4", { tabindex: "-1" }, words.case.whatHappens) : null,
      goesOn ? h("div", { class: "es-note" },
        h("p", {}, h("strong", {}, words.case.youChose), " ", ...inline(view.chosen)), prose(view.response)) : null,
      h("h4", { class: "es-scene", tabindex: goesOn ? null : "-1" }, view.title),
      view.safety ? h("p", { class: "es-label" }, words.case.safetyBranch) : null,
      view.again ? h("p", {}, say.again) : null,
      prose(view.text),
    ];
    if (view.ended) return [...parts, h("p", {}, h("strong", {}, say.ended)), again(view)];
    if (view.returns) return [...parts, h("div", { class: "es-row" }, button(words.case.backToCase, () => take(view, RETURN), true))];
    const group = uniqueId("way");
    const problem = h("p", { class: "es-problem", role: "status" });
    const options = h("fieldset", {}, h("legend", {}, words.case.whatDoYouDo), view.options.map(({ id, text }) =>
      h("label", { class: "es-option" }, h("input", { type: "radio", name: group, value: id }), h("span", {}, ...inline(text)))));
    const act = () => {
      const chosen = options.querySelector("input:checked");
      if (chosen) take(view, chosen.value); else problem.textContent = words.case.chooseFirst;
    };
    return [...parts, options, problem,
      h("div", { class: "es-row" }, button(words.case.choose, act, true),
        view.safety ? null : button(words.case.toSafety, () => take(view, SAFETY)))];
  }

  /** From the start once more; the play that ended is kept, and does not count any more. */
  function again(view) {
    const restart = () => {
      waiting = true;
      const { path: _, ended: __, ...rest } = store.get("answer");
      store.setAll({ [`earlier:${Date.now()}`]: store.get("answer"), answer: { ...rest, version: view.version, path: [] } });
    };
    return h("details", {}, h("summary", {}, say.playAgain), h("p", {}, say.playAgainText),
      h("div", { class: "es-row" }, button(say.playAgainYes, restart)));
  }

  /** That a case has come to its ending is kept with the answer, for those who count answers; marking does not look at it. */
  function noteTheEnding(view) {
    const answer = store.get("answer");
    if (view.ended && answer?.path?.length === view.path.length && !answer.ended) store.set("answer", { ...answer, ended: true });
  }

  function show() {
    alternative?.show();
    const view = model.get("view");
    if (!view?.scene) return;
    const now = JSON.stringify([view.version, view.path, view.problem]);
    if (now === shown) return;
    const first = shown === undefined;
    const focus = waiting || body.contains(element.ownerDocument.activeElement);
    shown = now;
    waiting = false;
    body.replaceChildren(...scene(view).flat(Infinity).filter(Boolean));
    noteTheEnding(view);
    if (first) return;
    if (focus) body.querySelector("h4").focus();
    if (view.ended) announce(say.ended);
    else if (!focus) announce(fill(say.nextScene, { title: view.title }));
  }

  store.listen("change:view", show);
  return { element, show };
}
