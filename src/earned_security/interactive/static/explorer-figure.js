// Draws an explorer's figure: Python's template, filled with a result and with the page's own colours.
import { fill, h, loadPlotly, svg, words } from "./common.js";
import { move, withStandIns } from "./explorer-motion.js";

const CONFIG = {
  displaylogo: false, displayModeBar: false, responsive: true, showSendToCloud: false, showLink: false,
  scrollZoom: false, doubleClick: false,
};
const REST = 120; // milliseconds without a new result after which plotly draws the last one
const FRAME = 20; // milliseconds until what was moved is on the screen

/** The template's traces with numbers and names in place; those that are kept for comparison come first. */
function bind(template, result, kept) {
  const bound = (trace, { series, parameters }) => ({
    ...trace, x: series[trace.meta.x], y: series[trace.meta.y], name: fill(trace.name ?? "", parameters),
  });
  const before = kept ? template.data.filter((trace) => trace.meta.keep).map((trace) => ({
    ...bound({ ...trace, name: trace.meta.keep }, kept), mode: "lines+markers",
    line: { dash: "dot", width: 1.5 }, marker: { symbol: "circle-open", size: 7, maxdisplayed: 12 },
    meta: { ...trace.meta, colour: "third" },
  })) : [];
  return [...before, ...template.data.map((trace) => bound(trace, result))];
}

const coloured = (traces, colour) => traces.map((trace) => {
  const ink = colour(trace.meta.colour);
  return {
    ...trace, line: { ...trace.line, color: ink }, marker: { ...trace.marker, color: ink },
    textfont: { color: ink }, ...(trace.fill ? { fillcolor: `${ink}33` } : {}),
  };
});

function layout(template, colour, style) {
  const grid = { gridcolor: colour("grid"), linecolor: colour("soft"), tickcolor: colour("soft"), color: colour("ink") };
  const axes = Object.entries(template.layout).filter(([name]) => /^[xy]axis\d*$/.test(name));
  return {
    ...template.layout,
    ...Object.fromEntries(axes.map(([name, axis]) => [name, { ...axis, ...grid }])),
    font: { family: style.fontFamily, size: 14, color: colour("ink") },
    hoverlabel: { bgcolor: colour("paper"), bordercolor: colour("soft"), font: { color: colour("ink") } },
    annotations: template.layout.annotations?.map((note) => ({ ...note, font: { color: colour("ink"), size: 14 } })),
    shapes: template.layout.shapes?.map((shape) => ({ ...shape, line: { ...shape.line, color: colour("soft") } })),
  };
}

const MARKS = { circle: "M22 7a3 3 0 1 1-6 0a3 3 0 1 1 6 0", square: "M16 4h6v6h-6z", diamond: "M19 3l4 4l-4 4l-4-4z", x: "M15 3l8 8m0-8l-8 8", "circle-open": "M23 7a4 4 0 1 1-8 0a4 4 0 1 1 8 0" };

const named = (traces) => traces.filter((trace) => trace.name && trace.showlegend !== false);

/** The legend as text that wraps on a phone, each name with a sample of its line. */
function legend(drawn) {
  return named(drawn).map((trace) => {
    const { color, dash = "solid" } = trace.line;
    const sample = svg("svg", { width: 38, height: 14, "aria-hidden": "true", stroke: color, fill: "none", "stroke-width": 2.5 });
    const pattern = { solid: "none", dot: "2 4", dash: "7 5" }[dash] ?? dash.replaceAll("px", "");
    if (trace.mode.includes("lines")) sample.append(svg("path", { d: "M0 7h38", "stroke-dasharray": pattern }));
    if (trace.mode.includes("markers")) sample.append(svg("path", { d: MARKS[trace.marker.symbol] ?? MARKS["circle-open"] }));
    return h("li", {}, sample, trace.name);
  });
}

/** `draw(result, kept, sentence)`; nothing is loaded or drawn before the reader has scrolled near. */
export function createFigure(model, content) {
  const element = h("div", { class: "es-figure", role: "img" });
  const names = h("ul", { class: "es-legend" });
  const problem = h("p", { class: "es-problem", role: "alert" });
  let latest;
  let plotly;
  let near = false;
  let closed = false;
  let rest;

  function tell(traces) {
    named(traces).forEach(({ name, x }, index) => {
      const item = names.children[index];
      item.hidden = !x.length; // what is not drawn now
      if (item.lastChild.data !== name) item.lastChild.data = name;
    });
  }
  const bound = () => bind(content.figure, ...latest);
  function paint() {
    clearTimeout(rest);
    if (!latest || !plotly || closed) return;
    const style = getComputedStyle(element);
    const colour = (name) => style.getPropertyValue(`--es-figure-${name}`).trim();
    const traces = coloured(bound(), colour);
    names.replaceChildren(...legend(traces));
    tell(traces);
    plotly.react(element, withStandIns(traces), layout(content.figure, colour, style), CONFIG);
  }
  /** At once, by moving what is drawn; plotly follows when the control rests, so that hovering tells the new numbers. */
  function follow() {
    if (!latest || !plotly || closed) return;
    const traces = bound();
    const moved = move(element, traces);
    if (moved === "not") { paint(); return; }
    tell(traces);
    clearTimeout(rest);
    rest = setTimeout(paint, moved === "crowded" ? FRAME : REST);
  }
  function load() {
    if (!near || plotly) return;
    loadPlotly(model).then((loaded) => { plotly = loaded; paint(); })
      .catch(() => { problem.textContent = words.explorer.noFigure; });
  }
  const watch = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    watch.disconnect();
    near = true;
    load();
  }, { rootMargin: "300px" });
  watch.observe(element);

  const theme = new MutationObserver(paint);
  theme.observe(document.documentElement, { attributeFilter: ["data-theme", "class"] });
  theme.observe(document.body, { attributeFilter: ["data-jp-theme-light"] });

  return {
    element: h("div", {}, names, element, problem),
    draw(result, kept, sentence) {
      latest = [result, kept];
      element.setAttribute("aria-label", sentence);
      follow();
    },
    close() {
      closed = true;
      clearTimeout(rest);
      watch.disconnect();
      theme.disconnect();
      plotly?.purge(element);
    },
  };
}
