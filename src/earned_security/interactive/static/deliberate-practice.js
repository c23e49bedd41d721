// Deliberate practice: a client's line, one's own reply, a score by oneself, one good reply, the same line again, and
// by how hard it was the next line. Nothing is judged here, and everything stays with the learner.
import { createStore, fill, h, inline, prose, statusLine, uniqueId, words } from "./common.js";

const say = words.practice;
const TYPING = 800; // milliseconds of rest after which a reply is stored
const STRAIN = ["easy", "workable", "hard"];

function render({ model, el }) {
  const content = model.get("content");
  const store = createStore(model);
  const titleId = uniqueId("title");
  const body = h("div", {});
  const section = h("section", { class: "es-piece es-practice", "aria-labelledby": titleId },
    h("h3", { id: titleId }, content.title), h("p", {}, h("strong", {}, say.skill), " ", ...inline(content.skill)),
    content.note ? prose(content.note) : null,
    h("details", {}, h("summary", {}, say.how), h("ol", {}, say.steps.map((step) => h("li", {}, step))), h("p", {}, say.noGrade)),
    body, statusLine(model, store));
  let known; // what is stored, as last shown here

  const lines = content.lines;
  const at = () => Math.min(Math.max(store.get("at") ?? 0, 0), lines.length - 1);
  const stateOf = (index) => ({ stage: "first", ...store.get(`line:${index}`) });
  const button = (text, onclick, primary = false) =>
    h("button", { type: "button", class: primary ? "es-primary" : null, onclick }, text);

  function keep(changes, delay) {
    const index = at();
    store.set(`line:${index}`, { ...stateOf(index), ...changes }, delay);
    known = outline();
  }
  function go(stage) {
    keep({ stage });
    show(true);
  }
  function goTo(index) {
    store.setAll({ at: index, [`line:${index}`]: { ...stateOf(index), stage: "first", first: null, second: null, strain: null } });
    show(true);
  }

  const stages = {
    first: () => reply("first", "firstScore"),
    firstScore: () => [...score("first"), h("div", { class: "es-row" }, button(say.showReply, () => go("model"), true))],
    model: () => [own("first"),
      h("div", { class: "es-note" }, h("p", {}, h("strong", {}, say.oneWay)), prose(lines[at()].reply), h("p", { class: "es-soft" }, say.notTheWay)),
      h("div", { class: "es-row" }, button(say.again, () => go("second"), true))],
    second: () => reply("second", "secondScore"),
    secondScore: () => [...score("second"), ...strain()],
  };

  function show(focus = false) {
    known = outline();
    const index = at();
    const { setting, says } = lines[index];
    const { stage } = stateOf(index);
    body.replaceChildren(...[
      h("h4", { tabindex: "-1" }, fill(say.line, { number: index + 1, all: lines.length })),
      setting ? prose(setting) : null,
      h("blockquote", {}, prose(says)),
      (stages[stage] ?? stages.first)(),
      overview(),
    ].flat(Infinity).filter(Boolean));
    if (focus) body.querySelector("h4").focus();
  }

  function reply(which, next) {
    const field = uniqueId("reply");
    const help = uniqueId("help");
    const area = h("textarea", { id: field, "aria-describedby": help, maxlength: "4000" });
    area.value = stateOf(at())[which]?.text ?? "";
    const write = (delay) => keep({ [which]: { ...stateOf(at())[which], text: area.value } }, delay);
    area.addEventListener("input", () => write(TYPING));
    return [h("label", { for: field }, which === "first" ? say.reply : say.replyAgain),
      h("p", { class: "es-help", id: help }, `${say.replyHelp} ${words.privacy}`), area,
      h("div", { class: "es-row" }, button(say.replied, () => { write(); store.flush(); go(next); }, true))];
  }

  const own = (which) => {
    const text = stateOf(at())[which]?.text?.trim();
    return h("p", {}, h("strong", {}, say.yours), " ", text || say.aloud);
  };

  function score(which) {
    const met = () => stateOf(at())[which]?.met ?? [];
    const change = (index, yes) => {
      const others = met().filter((one) => one !== index);
      keep({ [which]: { ...stateOf(at())[which], met: yes ? [...others, index].sort() : others } });
    };
    return [own(which), h("fieldset", {}, h("legend", {}, say.score), content.criteria.map((criterion, index) =>
      h("label", { class: "es-option" },
        h("input", { type: "checkbox", checked: met().includes(index), onchange: (event) => change(index, event.target.checked) }),
        h("span", {}, ...inline(criterion)))))];
  }

  /** How hard it was decides what is offered first; the learner decides. */
  function strain() {
    const name = uniqueId("strain");
    const place = h("div", { class: "es-row" });
    const offer = () => {
      const index = at();
      const chosen = stateOf(index).strain;
      const ways = [[index, say.sameLine], [index + 1, say.nextLine], [index - 1, say.lineBefore]].filter(([to]) => to >= 0 && to < lines.length);
      const wanted = index + { easy: 1, workable: 0, hard: -1 }[chosen];
      const advised = ways.some(([to]) => to === wanted) ? wanted : index;
      place.replaceChildren(...(chosen ? [...ways].sort(([one], [other]) => (other === advised) - (one === advised)) : [])
        .map(([to, text]) => button(text, () => goTo(to), to === advised)));
    };
    const options = h("fieldset", {}, h("legend", {}, say.strain), STRAIN.map((id) => h("label", { class: "es-option" },
      h("input", {
        type: "radio", name, value: id, checked: stateOf(at()).strain === id, onchange: () => { keep({ strain: id }); offer(); },
      }), h("span", {}, say.strains[id]))));
    offer();
    return [options, h("p", { class: "es-help" }, say.strainHelp), place];
  }

  function overview() {
    const count = (tried) => tried?.met?.length ?? 0;
    const done = lines.map((line, index) => [line, index, store.get(`line:${index}`)]);
    return h("details", {}, h("summary", {}, say.overview), h("ul", {}, done.map(([line, index, state]) => h("li", {},
      button(fill(say.goTo, { number: index + 1 }), () => goTo(index)), " ", ...inline(line.says), " ",
      h("span", { class: "es-soft" }, state?.second
        ? fill(say.met, { first: count(state.first), second: count(state.second), all: content.criteria.length }) : say.notYet)))));
  }

  /** Without what is being typed here, so that one's own typing never redraws the field. */
  const outline = () => JSON.stringify([store.get("at"), stateOf(at())]);
  store.onEntries(() => { if (outline() !== known) show(); });
  show();
  el.append(section);
  return () => { store.close(); section.remove(); };
}

export default { render };
