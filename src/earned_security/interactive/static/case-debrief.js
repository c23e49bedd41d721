// Looking back on a play: the path laid against what else was open. Plain words, no score.
import { fill, h, inline, prose, words } from "./common.js";
import { debrief, optionOf } from "./models/case-play.js";
import { chart } from "./case-chart.js";
import { pathMap } from "./case-map.js";
import { restsOn, work } from "./evidence.js";

const say = words.case;

/** What an option rests on: its claims, and its references. */
export const optionRestsOn = (content, option) =>
  restsOn(option.claims.map((id) => content.claims[id]), option.citations.map((key) => content.works[key]));

/** The sections of the debrief; `reasonOf(number)` is what the learner wrote before choice `number`. */
export function debriefView(content, play, reasonOf) {
  const found = debrief(content, play);
  const title = (id) => content.scenes[id].title;
  const section = (heading, ...parts) => [h("h5", {}, heading), ...parts];
  const list = (entries) => h("ul", {}, entries.map((entry) => h("li", {}, entry)));
  const titles = (ids) => ids.map((id) => `“${title(id)}”`).join(", ");
  const count = (quality) => found.decisions.filter((decision) => decision.quality === quality).length;
  const stops = found.decisions.filter((decision) => decision.stopped);
  const visits = found.safety_visits === 0 ? say.noSafetyVisit : found.safety_visits === 1 ? say.safetyVisit : say.safetyVisits;
  return h("div", { class: "es-debrief" },
    section(say.debrief,
      h("p", {}, fill(say.counts, {
        all: found.decisions.length, preferred: count("preferred"), defensible: count("defensible"), poor: count("poor"),
      })),
      h("p", {}, say.countsNote)),
    section(say.ruptures, found.ruptures.length
      ? list(found.ruptures.map(({ scene, number, outcome }) => fill(say.rupture[outcome], { scene: title(scene), number })))
      : h("p", {}, say.noRupture)),
    section(say.outside, found.outside_window.length
      ? [list(outsideByStep(found.outside_window).map((moment) => inWords(moment, title))), h("p", {}, say.outsideNote)]
      : h("p", {}, say.noOutside)),
    section(say.safety, h("p", {}, fill(visits, { count: found.safety_visits })),
      stops.length ? [h("p", {}, say.safetyStops), list(stops.map(({ scene }) => title(scene)))] : null),
    chart(content, play),
    section(say.map, pathMap(content, play)),
    section(say.path, h("ol", {}, found.decisions.map((decision) => choice(content, decision, reasonOf)))),
    section(say.notMet,
      h("p", {}, found.not_met.length ? fill(say.decisionsNotMet, { titles: titles(found.not_met) }) : say.allMet),
      found.endings_not_met.length ? h("p", {}, fill(say.endingsNotMet, { titles: titles(found.endings_not_met) })) : null),
    section(say.wrong, prose(content.what_goes_wrong)),
    section(say.prompts, h("ul", {}, content.prompts.map((prompt) => h("li", {}, inline(prompt))))),
    section(say.references, list(content.references.map((key) => work(content.works[key])))),
    section(say.review, prose(content.review_note)));
}

/** Client and therapist outside at the same moment make one entry. */
function outsideByStep(moments) {
  const byNumber = new Map();
  for (const moment of moments) byNumber.set(moment.number, [...(byNumber.get(moment.number) ?? []), moment]);
  return [...byNumber.values()];
}

function inWords(moments, title) {
  const [{ number, scene }] = moments;
  const when = number === 0 ? say.atStart : fill(say.afterChoice, { number, scene: title(scene) });
  return `${when}: ${moments.map(({ who, direction }) => `${say.who[who]}, ${say.direction[direction]}`).join("; ")}.`;
}

function choice(content, decision, reasonOf) {
  const scene = content.scenes[decision.scene];
  const option = optionOf(content, decision);
  const others = scene.options.filter(({ id }) => decision.others.includes(id));
  const reason = reasonOf(decision.number);
  const title = (id) => `“${content.scenes[id].title}”`;
  const leads = (one) => {
    const ways = one.enters_safety ? [content.safety_scene] : [...new Set(one.ways.map((way) => way.scene))];
    return ways.length ? h("p", { class: "es-soft" }, fill(say.leadsTo, { titles: ways.map(title).join(` ${say.or} `) })) : null;
  };
  const judged = (one) => [h("strong", {}, `${say.quality[one.quality]}. `), ...inline(one.rationale),
    one.trade_off ? [" ", h("em", {}, say.tradeOff), " ", ...inline(one.trade_off)] : ""];
  return h("li", { value: decision.number },
    h("p", {}, h("strong", {}, scene.safety ? `${say.safetyBranch}: ${scene.title}` : scene.title)),
    h("p", {}, say.youChose, " ", ...inline(option.text)),
    reason ? h("p", { class: "es-own-words" }, say.yourReason, " ", reason) : null,
    h("p", {}, judged(option)),
    h("p", { class: "es-soft" }, decision.stopped ? say.ledToStop : fill(say.ledTo, { title: title(decision.leads_to) })),
    others.length
      ? h("details", {}, h("summary", {}, fill(say.alsoOpen, { count: others.length })),
        h("ul", {}, others.map((other) => h("li", {}, h("p", {}, inline(other.text)), h("p", {}, judged(other)), leads(other)))))
      : h("p", {}, say.nothingElse));
}
