// Draws an explorer's figure: Python's template, filled with a result and with the page's own colours.
import { fill, h, loadPlotly, svg, words } from "./common.js";

const CONFIG = {
  displaylogo: false, displayModeBar: false, responsive: true, showSendToCloud: false, showLink: false,
  scrollZoom: false, doubleClick: false,
};

/** The template's traces with numbers, names and colours in place. */
function traces(template, result, kept, colour) {
  const bound = (trace, { series, parameters }) => ({
    ...trace, x: series[trace.meta.x], y: series[trace.meta.y], name: fill(trace.name ?? "", parameters),
  });
  const now = template.data.map((trace) => {
    const ink = colour(trace.meta.colour);
    return {
      ...bound(trace, result), line: { ...trace.line, color: ink }, marker: { ...trace.marker, color: ink },
      textfont: { color: ink }, ...(trace.fill ? { fillcolor: `${ink}33` } : {}),
    };
  });
  if (!kept) return now;
  const before = template.data.filter((trace) => trace.meta.keep).map((trace) => {
    const ink = colour("third");
    return {
      ...bound({ ...trace, name: trace.meta.keep }, kept), mode: "lines+markers",
      line: { dash: "dot", width: 1.5, color: ink },
      marker: { symbol: "circle-open", size: 7, color: ink, maxdisplayed: 12 },
    };
  });
  return [...before, ...now];
}

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

/** The legend as text that wraps on a phone, each name with a sample of its line. */
function legend(drawn) {
  return drawn.filter((trace) => trace.name && trace.showlegend !== false && trace.x?.length).map((trace) => {
    const { color, dash = "solid" } = trace.line;
    if (trace.type === "bar") {
      const bar = svg("svg", { width: 38, height: 14, "aria-hidden": "true", fill: color });
      bar.append(svg("path", { d: "M10 2h18v10h-18z" }));
      return h("li", {}, bar, trace.name);
    }
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

  function paint() {
    if (!latest || !plotly || closed) return;
    const style = getComputedStyle(element);
    const colour = (name) => style.getPropertyValue(`--es-figure-${name}`).trim();
    const [result, kept] = latest;
    const drawn = traces(content.figure, result, kept, colour);
    names.replaceChildren(...legend(drawn));
    plotly.react(element, drawn, layout(content.figure, colour, style), CONFIG);
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
      paint();
    },
    close() {
      closed = true;
      watch.disconnect();
      theme.disconnect();
      plotly?.purge(element);
    },
  };
}
