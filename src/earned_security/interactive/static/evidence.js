// What something rests on: claims of the ledger, each with its grade and caution, and works.
import { fill, h, inline, words } from "./common.js";

const say = words.basis;

/** A work by its label, with its address where there is one. */
export const work = ({ label, address, from_memory: fromMemory }) => [
  address ? h("a", { href: address, rel: "noreferrer" }, label) : label,
  fromMemory ? ` ${words.fromMemory}` : "",
];

const claim = ({ statement, grade, caveat, figures_checked: checked, works }) => h("div", { class: "es-basis" },
  h("p", {}, h("strong", {}, fill(words.evidence, { grade: words.grades[grade] })), " ", ...inline(statement),
    checked ? null : h("strong", {}, ` ${say.unread}`)),
  caveat ? h("p", {}, fill(say.caveat, { caveat })) : null,
  h("p", { class: "es-soft" }, works.flatMap((one, index) => [index ? "; " : "", work(one)])));

/** Closed until asked for; null where there is nothing. */
export const restsOn = (claims, works = []) => (claims.length || works.length
  ? h("details", {}, h("summary", {}, say.restsOn), claims.map(claim),
    works.length ? h("ul", {}, works.map((one) => h("li", {}, work(one)))) : null)
  : null);
