// "Where you were": what this browser keeps, as a quiet sentence, what is done of each module, and a way to go on.
// Where nothing is stored nothing is fetched and nothing is shown. It is read when the page opens, and sent nowhere.
import { h } from "./common.js";
import { ROOT, keys, pieceOf, place, entriesIn, thisPage } from "./storage.js";
import { fill } from "./words.js";
import { words } from "./words-book.js";

const say = words.progress;

const has = (entries, name) => (entries[name]?.value ?? null) !== null;
/** By kind: whether a piece was done. Where a kind is missing, there is nothing to be done with. */
const DONE = {
  "self-check": (entries) => has(entries, "answer") || has(entries, "play"),
  explorer: (entries) => has(entries, "prediction"),
  "session-planner": (entries) => has(entries, "prediction"),
  scoring: (entries) => Object.keys(entries).some((name) => has(entries, name)),
  "deliberate-practice": (entries) => Object.entries(entries).some(([name, { value }]) => name.startsWith("line:") && value?.strain),
};

const asset = async (name) => {
  const answer = await fetch(new URL(name, import.meta.url), { cache: "no-cache" }); // its name does not follow its content
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer.json();
};

/** Everything stored, by piece. */
function stored() {
  const found = {};
  for (const key of keys()) {
    const piece = pieceOf(key);
    try {
      if (piece) found[piece] = entriesIn(localStorage.getItem(key));
    } catch { /* the piece itself sets it aside and says so */ }
  }
  return found;
}

/** When something was last entered in a piece, in milliseconds; 0 for never, also where all of it was erased. */
const lastTime = (entries) => Math.max(0, ...Object.values(entries ?? {}).filter(({ value }) => value !== null).map(({ time }) => time));

/** The cases, of those given, whose stored path came to an ending. */
async function endedCases(cases, found) {
  const begun = cases.filter((id) => has(found[id] ?? {}, "play"));
  if (!begun.length) return new Set();
  const { fromStored } = await import("./models/case-play.js");
  const ended = await Promise.all(begun.map(async (id) => {
    const outline = await asset(`./outlines/${id}.json`);
    const { play } = fromStored(outline, found[id].play.value);
    return play && outline.scenes[play.scene].ending ? id : null;
  }));
  return new Set(ended.filter(Boolean));
}

function createBook({ pages, pieces }, found, ended) {
  const kind = (id) => pieces[id].kind;
  const isDone = (id) => (kind(id) === "case" ? ended.has(id) : Boolean(DONE[kind(id)]?.(found[id] ?? {})));
  const counts = (id) => kind(id) === "case" || kind(id) in DONE;
  const named = ({ module, title }) => (module ? fill(say.module, { number: module, title }) : title);
  const address = (page, piece) => new URL(`${page}.html${piece ? `#piece-${piece}` : ""}`, ROOT).href;

  function sentence(page) {
    const [cases, others] = [true, false].map((wanted) => page.pieces.filter((id) => counts(id) && (kind(id) === "case") === wanted));
    const done = fill(say.done, { done: others.filter(isDone).length, all: others.length });
    if (!cases.length) return fill(say.one, { done });
    return fill(say.both, { done, cases: fill(say.cases, { ended: cases.filter(isDone).length, all: cases.length }) });
  }
  /** The piece entered last among those given, and when. */
  function lastOf(ids) {
    const times = ids.map((id) => [lastTime(found[id]), id]).sort(([one], [other]) => other - one);
    return times[0]?.[0] > 0 ? { time: times[0][0], piece: times[0][1] } : null;
  }
  function pageOf(piece) {
    const noted = place();
    const holding = pages.filter((page) => page.pieces.includes(piece));
    return holding.find(({ page }) => noted.piece === piece && noted.page === page)
      ?? holding.find(({ module }) => module) ?? holding[0];
  }
  /** Where to go on: the piece itself, the next one on its page that is not done, or the next module. */
  function next(page, piece) {
    const at = page.pieces.indexOf(piece);
    const open = [...page.pieces.slice(at), ...page.pieces.slice(0, at)].find((id) => (id === piece && !counts(id)) || (counts(id) && !isDone(id)));
    if (open) return { href: address(page.page, open), text: fill(say.goOn, { title: pieces[open].title }) };
    const following = pages.find(({ module }) => page.module && module === page.module + 1);
    return following && { href: address(following.page), text: fill(say.goTo, { page: named(following) }) };
  }
  return { pages, pieces, named, address, sentence, lastOf, pageOf, next, isBegun: (page) => Boolean(lastOf(page.pieces)) };
}

const date = (time) => new Intl.DateTimeFormat(words.locale, { dateStyle: "long" }).format(time);

/** What the region holds; nothing where nothing was entered. `page`: of one module, or of the whole book where undefined. */
function contents(book, page) {
  const last = book.lastOf(page ? page.pieces : Object.keys(book.pieces));
  if (!last) return [];
  const where = page ?? book.pageOf(last.piece);
  const onward = book.next(where, last.piece);
  const values = { date: date(last.time), piece: book.pieces[last.piece].title, page: book.named(where) };
  const modules = book.pages.filter((one) => one.module);
  return [
    h("p", {}, fill(page ? say.last : say.lastOn, values)),
    page ? h("p", {}, book.sentence(page)) : null,
    onward ? h("p", {}, h("a", { class: "es-continue", href: onward.href }, onward.text)) : null,
    page ? null : h("details", {}, h("summary", {}, say.modules), h("ul", {}, modules.map((one) => h("li", {},
      h("a", { href: book.address(one.page) }, book.named(one)), ": ", book.isBegun(one) ? book.sentence(one) : say.none)))),
    h("p", { class: "es-quiet" }, say.privacy, " ",
      h("a", { href: new URL("book/stored-on-this-device.html", ROOT).href }, say.stored), "."),
  ];
}

async function show(region) {
  const found = stored();
  if (!Object.keys(found).length) { region.hidden = true; return; }
  const known = await asset("./places.json");
  const here = known.pages.find(({ page, module }) => module && page === thisPage());
  const cases = Object.keys(known.pieces).filter((id) => known.pieces[id].kind === "case" && (!here || here.pieces.includes(id)));
  const inside = contents(createBook(known, found, await endedCases(cases, found)), here);
  region.replaceChildren(h("p", { class: "es-where-title", id: "es-where-title" }, say.title), ...inside.filter(Boolean));
  region.hidden = !inside.length;
}

const region = document.querySelector(".es-where");
// Without it the page lacks nothing: where it cannot be read or fetched, it stays away.
const refresh = () => show(region).catch(() => { region.hidden = true; });
if (region) {
  refresh();
  addEventListener("pageshow", ({ persisted }) => { if (persisted) refresh(); }); // back from the page that it led to
  addEventListener("storage", ({ newValue }) => { if (newValue === null) refresh(); }); // erased in another tab
}
