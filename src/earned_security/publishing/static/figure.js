// Draws the figures that the book's code cells made, with the page's one copy of plotly, in the page's own colours.
import { loadPlotly } from "./common.js";

const plotly_address = new URL("./vendor/plotly-basic.min.js", import.meta.url).href;
const site = { get: () => ({ plotly_address }) };

function colours() {
  const style = getComputedStyle(document.body);
  const ink = style.color;
  const line = style.getPropertyValue("--pst-color-border").trim() || ink;
  const axis = { gridcolor: line, zerolinecolor: line, linecolor: ink, tickcolor: ink };
  return { ink, axis };
}

function layoutOf(figure) {
  const { ink, axis } = colours();
  const layout = { ...figure.layout, template: undefined, autosize: true };
  for (const name of Object.keys(layout)) {
    if (/^[xy]axis\d*$/.test(name)) layout[name] = { automargin: true, ...layout[name], ...axis };
  }
  return {
    ...layout,
    xaxis: { automargin: true, ...layout.xaxis, ...axis },
    yaxis: { automargin: true, ...layout.yaxis, ...axis },
    font: { family: "inherit", size: 14, ...layout.font, color: ink },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
  };
}

async function draw(place) {
  const figure = JSON.parse(place.querySelector('script[type="application/json"]').textContent);
  const target = place.querySelector(".es-plot");
  const Plotly = await loadPlotly(site);
  // staticPlot: the figure is one image with a description; nothing in it takes the focus.
  const show = () => Plotly.react(target, figure.data, layoutOf(figure), { staticPlot: true, responsive: true });
  await show();
  place.dataset.drawn = "yes";
  new MutationObserver(show).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}

const near = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((entry) => entry.isIntersecting)) {
    near.unobserve(entry.target);
    draw(entry.target).catch(console.error);
  }
}, { rootMargin: "600px" });
document.querySelectorAll(".es-page-figure").forEach((place) => near.observe(place));
