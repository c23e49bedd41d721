// A graded exercise: the answer is kept and nothing is said about it. The page holds no key.
import { announcer, createStore, fill, h, prose, statusLine, uniqueId, words } from "./common.js";
import { createAnswer } from "./answers.js";
import { createPlay } from "./case-exercise.js";

const say = words.exercise;

function render({ model, el }) {
  const content = model.get("content");
  const store = createStore(model);
  const titleId = uniqueId("title");
  const promptId = uniqueId("prompt");
  const section = h("section", { class: "es-piece es-exercise", "aria-labelledby": titleId });
  const announce = announcer(section);
  const hooks = {
    describedBy: promptId,
    announce,
    change: (value, delay) => store.set("answer", value, delay),
    flush: () => store.flush(),
  };
  const isPlay = content.type === "play-case";
  const answer = isPlay ? createPlay(model, store, hooks) : createAnswer(content, hooks);
  const show = () => answer?.show(store.get("answer"));
  const clear = h("button", {
    type: "button",
    onclick: () => { store.set("answer", null); answer.show(undefined, true); announce(say.cleared); },
  }, say.clear);

  section.append(
    h("h3", { id: titleId }, content.title),
    h("p", { class: "es-soft" }, content.points === 1 ? say.onePoint : fill(say.points, { points: content.points })),
    h("div", { id: promptId }, prose(content.prompt)),
    ...(answer ? [answer.element, isPlay ? null : h("div", { class: "es-row" }, clear)].filter(Boolean) : [h("p", {}, say.cannotShow)]),
    statusLine(model, store),
  );
  store.onEntries(show);
  show();
  el.append(section);
  return () => { store.close(); section.remove(); };
}

export default { render };
