// The path on a map of the whole case: every scene, every way that is open there, and the way that was taken.
import { fill, h, svg, words } from "./common.js";
import { RETURN, SAFETY } from "./models/case-play.js";

const say = words.case;
const BOX = [132, 46];
const GAP = [14, 40];
const LETTERS = 19; // what fits on one line of a box

/** A figure with a drawing that can be scrolled, and the same in a sentence. `content.map` holds scenes by row. */
export function pathMap(content, play) {
  const width = Math.max(...content.map.map((row) => row.length)) * (BOX[0] + GAP[0]) + GAP[0];
  const place = new Map(content.map.flatMap((row, number) => row.map((scene, index) => [scene, [
    (width - row.length * (BOX[0] + GAP[0]) + GAP[0]) / 2 + index * (BOX[0] + GAP[0]), GAP[1] / 2 + number * (BOX[1] + GAP[1]),
  ]])));
  const safety = (scene) => (content.scenes[scene].safety ? content.safety_scene : scene);
  const met = [play.scene, ...play.steps.map((step) => step.scene)].map(safety);
  const taken = new Set(play.steps.map((step) => `${safety(step.scene)} ${safety(step.leads_to)}`));
  const open = new Set([...place.keys()].filter((scene) => !content.scenes[scene].safety).flatMap((scene) =>
    content.scenes[scene].options.flatMap((option) => [...option.ways.map((way) => way.scene), ...(option.enters_safety ? [content.safety_scene] : [])]
      .map((target) => `${scene} ${target}`))));
  const lines = [...new Set([...open, ...taken])].map((way) => [way, ...way.split(" ")])
    .filter(([, from, to]) => from !== to && place.has(from) && place.has(to))
    .sort(([one], [other]) => taken.has(one) - taken.has(other));
  const height = content.map.length * (BOX[1] + GAP[1]) + GAP[1] / 2;
  const own = [...place.keys()].filter((scene) => !content.scenes[scene].safety);
  const sentence = fill(say.mapSentence, { met: own.filter((scene) => met.includes(scene)).length, all: own.length });
  return h("figure", { class: "es-map" },
    h("div", { class: "es-scroll", tabindex: "0", role: "region", "aria-label": say.map },
      svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": `${say.map}. ${sentence}` },
        lines.map(([way, from, to]) => line(place.get(from), place.get(to), taken.has(way))),
        [...place].map(([scene, [x, y]]) => box(content.scenes[scene], x, y, met.includes(scene))))),
    h("figcaption", {}, h("p", {}, `${sentence} ${say.mapNote}`)));
}

function line([x1, y1], [x2, y2], taken) {
  const [start, end] = [x1 + BOX[0] / 2, x2 + BOX[0] / 2];
  const down = y2 > y1;
  const from = y1 + (down ? BOX[1] : 0);
  const to = y2 + (down ? 0 : BOX[1]);
  const bend = Math.max(GAP[1] * 0.6, Math.abs(to - from) / 2) * (down ? 1 : -1);
  const beside = Math.abs(to - from) > GAP[1] + 1 ? (taken ? -1 : 1) * BOX[0] * 0.9 : 0; // past the boxes between
  const path = `M${start} ${from}C${start + beside} ${from + bend} ${end + beside} ${to - bend} ${end} ${to}`;
  return svg("path", { class: "es-way", d: path, ...(taken ? { "data-taken": "" } : {}) });
}

function box(scene, x, y, met) {
  const title = scene.safety ? say.safetyBranch : scene.title;
  return svg("g", { class: "es-box", ...(met ? { "data-met": "" } : {}) },
    svg("rect", { x, y, width: BOX[0], height: BOX[1], rx: scene.ending ? 16 : 4 }),
    wrapped(title).map((text, index, all) =>
      svg("text", { x: x + BOX[0] / 2, y: y + BOX[1] / 2 + 5 + 15 * (index - (all.length - 1) / 2), "text-anchor": "middle" }, text)));
}

/** At most two lines. */
function wrapped(title) {
  const lines = [""];
  for (const word of title.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length <= LETTERS || !lines.at(-1)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.length <= 2 ? lines : [lines[0], `${lines[1].slice(0, LETTERS - 1)}…`];
}
