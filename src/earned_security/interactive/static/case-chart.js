// The four values of a case over the session: a drawing, the same in words, and as a table.
import { fill, h, svg, words } from "./common.js";
import { HIGHEST, LOWEST, VALUES, WINDOW, moments } from "./models/case-play.js";

const say = words.case;

// One unit of the drawing is about one pixel on a phone, so that its text can be read there.
const WIDTH = 340;
const LEFT = 34;
const RIGHT = 10;
const PANEL = 104;
const GAP = 44;
const TOP = 30;
const START = 40; // the width of the word below the first point, and some room
const PANELS = [
  { title: say.relationship, names: ["alliance", "trust"], window: false },
  { title: say.values.client_arousal, names: ["client_arousal"], window: true },
  { title: say.values.therapist_arousal, names: ["therapist_arousal"], window: true },
];

/** A figure with drawing, words and table; empty before the first choice. */
export function chart(content, play) {
  const points = moments(content, play);
  if (points.length < 2) return null;
  const sentences = inWords(points);
  return h("figure", { class: "es-chart" },
    h("h5", {}, say.chart),
    drawing(points, sentences.join(" ")),
    h("figcaption", {},
      h("ul", {}, sentences.map((sentence) => h("li", {}, sentence))),
      h("p", { class: "es-help" }, say.chartNote)),
    table(content, points));
}

/** Where an arousal stands: "within", "flooding" or "shut-down". */
const place = (arousal) => (arousal > WINDOW[1] ? "flooding" : arousal < WINDOW[0] ? "shut-down" : "within");

function inWords(points) {
  return VALUES.map((name) => {
    const first = points[0].values[name];
    const last = points.at(-1).values[name];
    const sentence = name.endsWith("arousal") ? say.fromToWindow : say.fromTo;
    return fill(sentence, { name: say.values[name], first, last, where: say[place(last)] });
  });
}

function drawing(points, description) {
  const x = (index) => LEFT + (index / (points.length - 1)) * (WIDTH - LEFT - RIGHT);
  const panels = PANELS.map((panel, number) => {
    const top = TOP + number * (PANEL + GAP);
    const y = (value) => top + ((HIGHEST - value) / (HIGHEST - LOWEST)) * PANEL;
    const label = (text, attributes) => svg("text", attributes, text);
    return [
      label(panel.title, { x: 0, y: top - 16, "font-weight": 600 }),
      panel.window ? windowBand(y) : [],
      svg("line", { class: "es-zero", x1: LEFT, x2: WIDTH - RIGHT, y1: y(0), y2: y(0) }),
      [HIGHEST, 0, LOWEST].map((value) => label(String(value), { x: LEFT - 8, y: y(value) + 4, "text-anchor": "end" })),
      panel.names.map((name, order) => line(points, name, order === 1, x, y)),
      number === 0 ? panel.names.map((name, order) => legend(say.values[name], order === 1, top)) : [],
    ];
  });
  const bottom = TOP + PANELS.length * (PANEL + GAP) - GAP + 16;
  const every = Math.ceil(points.length / 12);
  const shown = (index) => index === 0 || (index % every === 0 && x(index) > LEFT + START);
  const ticks = points.map(({ number }, index) => (shown(index) ? svg("text",
    { x: x(index), y: bottom, "text-anchor": index === 0 ? "start" : "middle" }, index === 0 ? say.chartStart : String(number)) : []));
  return svg("svg", {
    viewBox: `0 0 ${WIDTH} ${bottom + 6}`, role: "img",
    "aria-label": `${fill(say.chartName, { steps: points.length - 1 })} ${description}`,
  }, panels, ticks);
}

function windowBand(y) {
  const [low, high] = WINDOW;
  const width = WIDTH - LEFT - RIGHT;
  return [
    svg("rect", { class: "es-window", x: LEFT, width, y: y(high), height: y(low) - y(high) }),
    WINDOW.map((edge) => svg("line", { class: "es-window-edge", x1: LEFT, x2: LEFT + width, y1: y(edge), y2: y(edge) })),
  ];
}

function mark(dashed, x, y) {
  return dashed
    ? svg("rect", { class: "es-point", "data-dashed": "", x: x - 4.5, y: y - 4.5, width: 9, height: 9 })
    : svg("circle", { class: "es-point", cx: x, cy: y, r: 3 });
}

function line(points, name, dashed, x, y) {
  const at = points.map(({ values }, index) => [x(index), y(values[name])]);
  const attributes = { class: "es-curve", points: at.map((pair) => pair.join(",")).join(" ") };
  if (dashed) attributes["data-dashed"] = "";
  return [svg("polyline", attributes), at.map(([left, top]) => mark(dashed, left, top))];
}

function legend(text, dashed, top) {
  const left = dashed ? 262 : 182;
  const attributes = { class: "es-curve", points: `${left},${top - 20} ${left + 22},${top - 20}` };
  if (dashed) attributes["data-dashed"] = "";
  return [svg("polyline", attributes), mark(dashed, left + 11, top - 20), svg("text", { x: left + 27, y: top - 16 }, text)];
}

function table(content, points) {
  const cell = ({ values, step }, name) =>
    (step?.saturated.includes(name) ? `${values[name]} ${say.saturated}` : String(values[name]));
  return h("details", {}, h("summary", {}, say.table),
    h("div", { class: "es-scroll", tabindex: "0", role: "group", "aria-label": say.table }, h("table", {},
      h("thead", {}, h("tr", {}, [say.step, say.scene, ...VALUES.map((name) => say.values[name])]
        .map((title) => h("th", { scope: "col" }, title)))),
      h("tbody", {}, points.map((point) => h("tr", {},
        h("td", {}, String(point.number)),
        h("th", { scope: "row" }, point.number ? content.scenes[point.scene].title : say.beforeFirst),
        VALUES.map((name) => h("td", {}, cell(point, name)))))))));
}
