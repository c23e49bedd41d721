// The checklist on one printed page.
import { fill, h, printSheet, words } from "./common.js";

const say = words.checklist;

/** Print `groups` ([{title, strategies}]) and leave the page as it was. */
export function printChecklist(title, groups) {
  printSheet(
    h("h1", {}, title),
    h("p", {}, `${fill(say.printed, { date: new Date().toLocaleDateString() })} ${words.privacy}`),
    h("div", { class: "es-print-columns" }, groups.map((group) => [
      h("h2", {}, group.title),
      h("ul", {}, group.strategies.map((strategy) => h("li", {},
        h("strong", {}, `${strategy.ticked ? "☑" : "☐"} ${strategy.name}`), ` · ${fill(words.evidence, { grade: words.grades[strategy.evidence_grade] })} `,
        strategy.observable_marker,
        strategy.note.trim() ? h("p", {}, `${say.note}: ${strategy.note.trim()}`) : null))),
    ])),
  );
}
