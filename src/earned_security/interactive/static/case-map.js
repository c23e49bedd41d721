// The path on a map of the whole case: every scene on a line of its own, every way that is open there, and the way taken.
import { fill, h, svg, words } from "./common.js";

const say = words.case;

// One unit of the drawing is about one pixel on a phone, so that its text can be read there.
const WIDTH = 340;
const ROW = 36;
const NODE = 7; // half the width of a scene's mark
const LANE = 9; // between two lines beside the marks
const LETTER = 8.6; // the width of a letter in bold, about, in a wide font

/** A figure with a drawing, and the same in a sentence. `content.map` holds the scenes in the order of the story. */
export function pathMap(content, play) {
  const isSafety = (scene) => content.scenes[scene].safety;
  const scenes = content.map.flatMap((line) => [...line].sort((one, other) => isSafety(other) - isSafety(one)));
  const row = new Map(scenes.map((scene, index) => [scene, index]));
  const { open, taken } = ways(content, play, row);
  const { lanes, count } = lanesOf([...new Map([...open, ...taken]).values()]);
  const visits = visitsOf(content, play);
  const x = (count + 1) * LANE + NODE;
  const y = (index) => ROW * (index + 0.5);
  const line = (isTaken) => ([from, to]) => way(from, to, isTaken, x, y, lanes);
  const own = scenes.filter((scene) => !isSafety(scene));
  const sentence = fill(say.mapSentence, { met: own.filter((scene) => visits.has(scene)).length, all: own.length });
  return h("figure", { class: "es-map" },
    svg("svg", { viewBox: `0 0 ${WIDTH} ${ROW * scenes.length}`, role: "img", "aria-label": `${say.map}. ${sentence}` },
      [...open.values()].map(line(false)), [...taken.values()].map(line(true)),
      scenes.map((scene, index) => node(content.scenes[scene], visits.get(scene), x, y(index)))),
    h("figcaption", {}, h("p", {}, `${sentence} ${say.mapNote}`)));
}

/** The whole safety branch is one place on the map. */
const placeOf = (content, scene) => (content.scenes[scene].safety ? content.safety_scene : scene);

/** Where one can go and where this path went: pairs of rows by name, the taken ones not among the open ones. */
function ways(content, play, row) {
  const open = new Map();
  const taken = new Map();
  const add = (to, from, target) => {
    const pair = [row.get(placeOf(content, from)), row.get(placeOf(content, target))];
    if (pair[0] !== pair[1] && pair.every((one) => one !== undefined)) to.set(pair.join(" "), pair);
  };
  for (const step of play.steps) add(taken, step.scene, step.leads_to);
  for (const scene of Object.values(content.scenes).filter(({ safety }) => !safety)) {
    for (const option of scene.options) {
      if (option.enters_safety) add(open, scene.id, content.safety_scene);
      for (const { scene: target } of option.ways) add(open, option.enters_safety ? content.safety_scene : scene.id, target);
    }
  }
  for (const name of taken.keys()) open.delete(name);
  return { open, taken };
}

/** Beside the marks, all ways to one scene share a lane; the shorter a lane, the nearer to the marks. */
function lanesOf(pairs) {
  const spans = new Map();
  for (const [from, to] of pairs) {
    if (to === from + 1) continue;
    const [low, high] = spans.get(to) ?? [to, to];
    spans.set(to, [Math.min(low, from), Math.max(high, from)]);
  }
  const ends = []; // for every lane, the spans in it
  const lanes = new Map();
  for (const [to, [low, high]] of [...spans].sort(([, one], [, other]) => (one[1] - one[0]) - (other[1] - other[0]))) {
    let lane = ends.findIndex((taken) => taken.every(([from, until]) => high < from || low > until));
    if (lane < 0) lane = ends.push([]) - 1;
    ends[lane].push([low, high]);
    lanes.set(to, lane);
  }
  return { lanes, count: ends.length };
}

/** By scene, the number of the choice with which each visit there began; none for an ending. */
function visitsOf(content, play) {
  const visits = new Map();
  let before = null;
  play.steps.forEach((step, index) => {
    const place = placeOf(content, step.scene);
    if (place !== before) visits.set(place, [...(visits.get(place) ?? []), index + 1]);
    before = place;
  });
  const last = placeOf(content, play.scene);
  return visits.has(last) ? visits : visits.set(last, []);
}

function way(from, to, taken, x, y, lanes) {
  const [start, end] = [y(from), y(to)];
  const attributes = { class: "es-way", ...(taken ? { "data-taken": "" } : {}) };
  if (to === from + 1) return svg("path", { ...attributes, d: `M${x} ${start + NODE}V${end - NODE}` });
  // It leaves below the middle of its mark and arrives above the middle, with a point.
  const [out, into] = [start + 4, end - 4];
  const lane = x - NODE - (lanes.get(to) + 1) * LANE;
  const turn = into > out ? 6 : -6;
  const edge = x - NODE;
  return [
    svg("path", { ...attributes, d: `M${edge} ${out}H${lane + 6}Q${lane} ${out} ${lane} ${out + turn}V${into - turn}Q${lane} ${into} ${lane + 6} ${into}H${edge - 4}` }),
    svg("path", { class: "es-point", d: `M${edge - 6} ${into - 4}L${edge} ${into}L${edge - 6} ${into + 4}Z`, ...(taken ? { "data-taken": "" } : {}) }),
  ];
}

function node(scene, visits, x, y) {
  const title = `${visits?.length ? `${visits.join(", ")}. ` : ""}${scene.safety ? say.safetyBranch : scene.title}`;
  const left = x + NODE + 9;
  const lines = wrapped(title, Math.floor((WIDTH - left) / LETTER));
  return svg("g", { class: "es-node", ...(visits ? { "data-met": "" } : {}) },
    scene.ending
      ? svg("rect", { x: x - NODE, y: y - NODE, width: 2 * NODE, height: 2 * NODE })
      : svg("circle", { cx: x, cy: y, r: NODE }),
    lines.map((text, index) => svg("text", { x: left, y: y + 4.5 + 15 * (index - (lines.length - 1) / 2) }, text)));
}

/** At most two lines. */
function wrapped(title, letters) {
  const lines = [""];
  for (const word of title.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length <= letters || !lines.at(-1)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.length <= 2 ? lines : [lines[0], `${lines.slice(1).join(" ").slice(0, letters - 1)}…`];
}
