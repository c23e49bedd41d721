// A debrief on paper or as a file; what the learner wrote is left out unless it is asked for.
import { fill, h, printSheet, saveAs, words } from "./common.js";

const say = words.case;

/** Buttons to print and to save `view`, and whether the learner's own words go along. */
export function takeAway(title, view) {
  const own = h("input", { type: "checkbox" });
  const button = (text, act) => h("button", { type: "button", onclick: () => act(copyOf(title, view, own.checked), title) }, text);
  return [h("label", { class: "es-option" }, own, h("span", {}, say.withOwnWords)), h("div", { class: "es-row" },
    button(say.print, (copy) => printSheet(copy)), button(say.save, saveSheet))];
}

function copyOf(title, view, withOwnWords) {
  const copy = view.cloneNode(true);
  if (!withOwnWords) copy.querySelectorAll(".es-own-words").forEach((written) => written.remove());
  copy.querySelectorAll("details").forEach((details) => { details.open = true; });
  return h("div", { class: "es-piece es-case" }, h("h1", {}, title),
    h("p", {}, fill(say.printed, { date: new Date().toLocaleDateString() })), copy);
}

const STYLE = "body { font: 1rem/1.5 sans-serif; max-width: 45rem; margin: 2rem auto; padding: 0 1rem } "
  + "svg { max-width: 100%; height: auto } svg :is(path, polyline, line) { fill: none; stroke: #46535e } "
  + "svg :is(rect, circle) { fill: #fff; stroke: #46535e } svg [data-met] :is(rect, circle) { fill: #00619a } svg text { font-size: 12px } "
  + "svg .es-way[data-taken] { stroke: #00619a; stroke-width: 3.5 } svg [data-dashed] { stroke-dasharray: 6 4 } "
  + "svg .es-window { fill: #e4eee9; stroke: none } table { border-collapse: collapse } :is(th, td) { padding: 0 .75rem 0 0; text-align: start }";

function saveSheet(copy, title) {
  const page = `<!doctype html><html lang="${document.documentElement.lang || "en"}"><meta charset="utf-8"><title></title>`
    + `<style>${STYLE}</style><body></body></html>`;
  const saved = new DOMParser().parseFromString(page, "text/html");
  saved.title = title;
  saved.body.append(saved.importNode(copy, true));
  const name = title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  saveAs(`${name}.html`, `<!doctype html>${saved.documentElement.outerHTML}`, "text/html");
}
