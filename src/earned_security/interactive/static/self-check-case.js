// A played case as a self-check: the case player itself, and at an ending what the rules of marking say about the path.
import { fill, h, prose, words } from "./common.js";
import { debrief, fromStored } from "./models/case-play.js";
import caseModule from "./case.js";

const say = words.selfCheck;

/** Puts the case into `section`; the player shares the host, the store's entries and their names. */
export function renderPlay({ model, store, section, basis }) {
  const { rules, case_content: graph } = model.get("content");
  const place = h("div", {});
  const feedback = h("div", { role: "status" });
  section.append(place, feedback, basis ?? "");
  const shared = { get: (name) => (name === "content" ? graph : model.get(name)) };
  for (const name of ["set", "on", "off", "send", "save_changes"]) shared[name] = (...given) => model[name](...given);
  const close = caseModule.render({ model: shared, el: place });

  let shown;
  function show() {
    const { play } = fromStored(graph, store.get("play") ?? null);
    const looking = play ? debrief(graph, play) : null;
    const text = looking?.ending ? byTheRules(looking, rules.repair) : "";
    if (text === shown) return;
    shown = text;
    feedback.replaceChildren(...(text ? [h("p", {}, h("strong", {}, say.byRules)), ...prose(text)] : []));
  }
  store.onEntries(show);
  show();
  return close;
}

/** The rule of marking.py's `played`, in words and hundredths. */
export function byTheRules({ decisions, ruptures }, repair) {
  if (decisions.some(({ stopped }) => stopped)) return say.failedSafety;
  const scenes = new Set(decisions.map(({ scene }) => scene));
  const poor = new Set(decisions.filter(({ quality }) => quality === "poor").map(({ scene }) => scene));
  const repaired = ruptures.filter(({ outcome }) => outcome !== "missed").length;
  const good = (scenes.size - poor.size) / scenes.size;
  const share = ruptures.length ? (1 - repair) * good + (repair * repaired) / ruptures.length : good;
  return [
    fill(say.decisions, { good: scenes.size - poor.size, all: scenes.size }),
    ruptures.length ? fill(say.repaired, { repaired, all: ruptures.length }) : "",
    fill(say.together, { hundredths: Math.round(share * 1000) / 10 }),
  ].filter(Boolean).join(" ");
}
