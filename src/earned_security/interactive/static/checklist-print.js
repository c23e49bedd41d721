// One printed page: a plain sheet beside everything else in the document, which the page's print rules alone show.
import { fill, h, words } from "./common.js";

const say = words.checklist;

/** Print `groups` ([{title, strategies}]) and leave the page as it was. */
export function printSheet(title, groups) {
  const sheet = h("div", { class: "es-print-sheet" },
    h("h1", {}, title),
    h("p", {}, `${fill(say.printed, { date: new Date().toLocaleDateString() })} ${words.privacy}`),
    h("div", { class: "es-print-columns" }, groups.map((group) => [
      h("h2", {}, group.title),
      h("ul", {}, group.strategies.map((strategy) => h("li", {},
        h("strong", {}, `${strategy.ticked ? "☑" : "☐"} ${strategy.name}`), ` · ${fill(words.evidence, { grade: words.grades[strategy.evidence_grade] })} `,
        strategy.observable_marker,
        strategy.note.trim() ? h("p", {}, `${say.note}: ${strategy.note.trim()}`) : null))),
    ])));
  const root = document.documentElement;
  document.querySelectorAll(".es-print-sheet").forEach((earlier) => earlier.remove());
  document.body.append(sheet);
  root.classList.add("es-printing");
  const done = () => { sheet.remove(); root.classList.remove("es-printing"); };
  window.addEventListener("afterprint", done, { once: true });
  window.print();
}
