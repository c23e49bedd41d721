// The case player: content note, scenes, the client's answer, why, undo, safety, pause, and looking back.
import { createStore, fill, h, inline, prose, statusLine, uniqueId, words } from "./common.js";
import {
  RETURN, SAFETY, VALUES, available, choose, fromStored, optionOf, sceneText, start, toStored, undo,
} from "./models/case-play.js";
import { chart } from "./case-chart.js";
import { debriefView, optionRestsOn } from "./case-debrief.js";
import { takeAway } from "./case-print.js";

const say = words.case;
const TYPING = 800; // milliseconds of rest after which a reason is stored

function render({ model, el }) {
  const content = model.get("content");
  const store = createStore(model);
  const titleId = uniqueId("title");
  const body = h("div", {});
  const announcement = h("p", { class: "es-visually-hidden", role: "status" });
  const section = h("section", { class: "es-piece es-case", "aria-labelledby": titleId },
    h("h3", { id: titleId }, content.title), body, announcement, statusLine(model, store));

  let play = null; // null before the case is begun
  let refusal = null; // why a stored play cannot be taken up
  let view = "opening";
  let before = "opening"; // the view that a pause or a question comes back to
  let marked = null; // the option to find marked after an undo
  let known; // the stored play as last seen here

  const views = { opening, scene, response, paused, restart };
  function show(next, announce = "", focus = true) {
    view = next;
    body.replaceChildren(...views[view]().flat(Infinity).filter(Boolean));
    announcement.textContent = announce;
    if (focus) body.querySelector("h4").focus();
  }
  function keep(next, others = {}) {
    play = next;
    const stored = toStored(content, play);
    known = JSON.stringify(outline(stored));
    store.setAll({ ...others, play: stored });
  }
  function aside(next) {
    if (view !== "paused" && view !== "restart") before = view;
    show(next);
  }

  const heading = (text) => h("h4", { tabindex: "-1" }, text);
  const button = (text, onclick, primary = false) =>
    h("button", { type: "button", class: primary ? "es-primary" : null, onclick }, text);
  const details = (summary, ...parts) => h("details", {}, h("summary", {}, summary), ...parts);
  const lastStep = () => play.steps.at(-1);

  function opening() {
    const begin = () => {
      keep(start(content), refusal ? { [`kept:${Date.now()}`]: store.get("play") } : {});
      refusal = null;
      show("scene");
    };
    return [
      heading(say.before),
      refusal ? h("div", { class: "es-feedback", "data-verdict": "poor" },
        h("p", {}, say.refused[refusal]), h("p", {}, say.refusedKept)) : null,
      h("h5", {}, say.contentNote), prose(content.content_note),
      h("h5", {}, say.people), h("ul", {}, content.people.map(({ name, description }) =>
        h("li", {}, h("strong", {}, `${name}. `), ...inline(description)))),
      h("h5", {}, say.aim), prose(content.learning_aim),
      details(say.review, prose(content.review_note)),
      details(say.tooClose, prose(content.alternative_task)),
      h("div", { class: "es-row" }, button(say.begin, begin, true), button(say.pause, () => aside("paused"))),
    ];
  }

  function scene() {
    const here = content.scenes[play.scene];
    const last = lastStep();
    const title = [here.safety ? safetyLabel() : null, heading(here.title),
      here.time_passes ? h("p", { class: "es-soft" }, say.timePasses) : null, prose(sceneText(content, play))];
    if (here.ending) return [title, ending(), waysOut()];
    const earlier = last && optionOf(content, last)
      ? details(say.justBefore, h("p", {}, say.youChose, " ", ...inline(optionOf(content, last).text)),
        prose(optionOf(content, last).response)) : null;
    if (here.returns) {
      const back = () => { keep(choose(content, play, RETURN)); show("scene", say.backInCase); };
      return [title, earlier, h("div", { class: "es-row" }, button(say.backToCase, back, true)), waysOut(), chart(content, play)];
    }
    return [title, earlier, decision(), waysOut(), chart(content, play)];
  }

  function safetyLabel() {
    return [h("p", { class: "es-label" }, say.safetyBranch),
      details(say.safetySteps, h("ol", {}, content.safety_steps.map((step) =>
        h("li", {}, h("strong", {}, `${step.title}. `), ...inline(step.what_is_done)))))];
  }

  /** Marking a way and choosing it are two acts, so that no arrow key chooses. */
  function decision() {
    const group = uniqueId("way");
    const reasonId = uniqueId("reason");
    const helpId = uniqueId("reason-help");
    const problem = h("p", { class: "es-problem", role: "status" });
    const number = play.steps.length + 1;
    const here = play.scene;
    const options = h("fieldset", {}, h("legend", {}, say.whatDoYouDo),
      available(content, play).map((option) => h("label", { class: "es-option" },
        h("input", { type: "radio", name: group, value: option.id, checked: option.id === marked }),
        h("span", {}, ...inline(option.text)))));
    const reason = h("textarea", { id: reasonId, "aria-describedby": helpId, maxlength: "4000" });
    reason.value = reasonOf(number, play.scene);
    reason.addEventListener("input", () =>
      store.set(`reason:${number}`, reason.value.trim() ? { scene: here, text: reason.value } : null, TYPING));
    const act = () => {
      const chosen = options.querySelector("input:checked");
      if (!chosen) { problem.textContent = say.chooseFirst; return; }
      store.flush();
      marked = null;
      keep(choose(content, play, chosen.value));
      show("response", lastStep().stopped ? say.stops : "");
    };
    return [options,
      h("div", { class: "es-reason" }, h("label", { for: reasonId }, say.reason),
        h("p", { class: "es-help", id: helpId }, fill(say.reasonHelp, { privacy: words.privacy })), reason),
      problem, h("div", { class: "es-row" }, button(say.choose, act, true))];
  }

  function response() {
    const step = lastStep();
    const option = optionOf(content, step);
    const verdict = { preferred: "good", poor: "poor" }[option.quality];
    const reason = reasonOf(play.steps.length, step.scene);
    return [
      heading(say.whatHappens),
      h("p", { class: "es-help" }, say.youChose, " ", ...inline(option.text)),
      prose(option.response),
      step.stopped ? h("div", { class: "es-feedback", "data-verdict": "poor" },
        h("p", {}, h("strong", {}, say.stops)), prose(option.safety_failure), h("p", {}, say.standsAgain)) : null,
      h("div", { class: "es-feedback", "data-verdict": verdict },
        h("p", {}, h("strong", {}, say.quality[option.quality])),
        reason ? h("p", {}, say.yourReason, " ", reason) : null,
        prose(option.rationale),
        option.trade_off ? h("p", {}, h("strong", {}, say.tradeOff), " ", ...inline(option.trade_off)) : null),
      optionRestsOn(content, option),
      h("ul", {}, VALUES.map((name) => h("li", {}, changeOf(step, name)))),
      h("div", { class: "es-row" }, button(step.stopped ? say.backToDecision : say.goOn, () => show("scene"), true)),
      waysOut(),
      chart(content, play),
    ];
  }

  /** At every scene: the safety branch, one step back, and out. */
  function waysOut() {
    const toSafety = () => { keep(choose(content, play, SAFETY)); marked = null; show("scene"); };
    const back = () => {
      marked = lastStep().option;
      keep(undo(content, play));
      show("scene", say.undone);
    };
    return h("div", { class: "es-row es-ways-out" },
      content.scenes[play.scene].safety ? null : button(say.toSafety, toSafety),
      play.steps.length ? button(say.undo, back) : null,
      button(say.pause, () => aside("paused")));
  }

  function ending() {
    const looking = debriefView(content, play, (number) => reasonOf(number, play.steps[number - 1].scene));
    return [h("p", {}, h("strong", {}, say.ending[content.scenes[play.scene].ending])), looking,
      takeAway(content.title, looking), h("div", { class: "es-row" }, button(say.startAgain, () => aside("restart")))];
  }

  function paused() {
    return [heading(say.paused), h("p", {}, say.pausedText),
      h("h5", {}, say.grounding), h("p", {}, say.groundingText),
      h("h5", {}, say.help), content.crisis_routes.map(({ title, text }) =>
        h("p", {}, h("strong", {}, `${title}. `), ...inline(text))),
      content.way_out_address ? h("p", {}, h("a", { href: content.way_out_address }, say.wayOut)) : null,
      h("div", { class: "es-row" }, button(say.comeBack, () => show(before), true))];
  }

  function restart() {
    const again = () => {
      const reasons = Object.keys(store.all()).filter((name) => name.startsWith("reason:"));
      marked = null;
      keep(start(content), Object.fromEntries(reasons.map((name) => [name, null])));
      show("scene");
    };
    return [heading(say.startAgainTitle), h("p", {}, say.startAgainText),
      h("div", { class: "es-row" }, button(say.startAgainNo, () => show(before), true), button(say.startAgainYes, again))];
  }

  /** What the learner wrote before choice `number`, if it was written in that scene. */
  function reasonOf(number, sceneId) {
    const entry = store.get(`reason:${number}`);
    return entry?.scene === sceneId && typeof entry.text === "string" ? entry.text : "";
  }

  /** Take up what is stored: on opening, and when another tab has gone on. One's own acknowledgement changes nothing. */
  function follow() {
    const stored = store.get("play");
    const now = JSON.stringify(outline(stored));
    if (now === known) return;
    known = now;
    const taken = stored === undefined ? { play: null, reason: null } : fromStored(content, stored);
    play = taken.play;
    refusal = taken.reason;
    const next = play ? "scene" : "opening";
    if (view === "paused" || view === "restart") before = next;
    else show(next, "", false);
  }

  store.onEntries(follow);
  follow();
  el.append(section);
  return () => { store.close(); section.remove(); };
}

/** What a choice did to one value, in words. */
function changeOf({ before, after, saturated }, name) {
  const change = after[name] - before[name];
  const sentence = change === 0 ? say.noChange : say.change;
  const text = fill(sentence, { name: say.values[name], change: change > 0 ? `+${change}` : change, value: after[name] });
  return saturated.includes(name) ? `${text} ${say.saturated}` : text;
}

/** A stored play without regard to the order of its fields. */
function outline(stored) {
  if (!Array.isArray(stored?.path)) return [stored ?? null];
  return [stored.version, stored.path.map((step) => [step?.scene, step?.option])];
}

export default { render };
