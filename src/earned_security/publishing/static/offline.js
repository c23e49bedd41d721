// "Take the book offline": says first how large the copy is, and fetches, renews or removes it only when asked.
import { h } from "./common.js";
import { DifferentError, currentList, missing, obstacle, register, remove, state, take, total } from "./offline-copy.js";
import { fill } from "./words.js";
import { words } from "./words-book.js";

const say = words.offline;
const date = (time) => new Intl.DateTimeFormat(words.locale, { dateStyle: "long" }).format(time);
const megabytes = new Intl.NumberFormat(words.locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const sized = ({ count, bytes }) => ({ count, size: fill(say.megabytes, { number: megabytes.format(Math.max(bytes, 1e5) / 1e6) }) });

function reason(error) {
  if (error instanceof DifferentError) return fill(say.different, { file: error.message });
  return error?.name === "QuotaExceededError" ? say.full : say.network;
}

function render(place) {
  const text = h("p", { tabindex: "-1" });
  const bar = h("progress", { "aria-label": say.fetching, value: 0, max: 1 });
  const count = h("span", {});
  const going = h("p", { class: "es-row es-fetching", hidden: true }, bar, count);
  const status = h("p", { role: "status" });
  const button = (label, onclick) => h("button", { type: "button", onclick }, label);
  const start = button(say.take, fetchAll);
  const stop = button(say.stop, () => abort.abort());
  const removal = button(say.remove, removeAll);
  let abort;
  let list; // as it is on the site
  let before; // the copy's own list

  const only = (...shown) => [start, stop, removal].forEach((one) => { one.hidden = !shown.includes(one); });

  async function show() {
    const { list: copy, partly } = await state();
    before = copy;
    list = await currentList().catch(() => list); // as last seen, so that a fetch that broke off can go on
    const need = list && total(await missing(list, copy));
    const lines = [];
    if (copy) await register(copy).catch(() => {}); // another part of the site may have taken the worker away
    if (copy) lines.push(fill(say.whole, { ...sized(total(copy.files)), date: date(copy.taken) }));
    if (!list) lines.push(copy ? say.unknown : say.cannot.list);
    else if (copy) lines.push(list.version === copy.version ? say.current : fill(say.changed, sized(need)));
    else lines.push(fill(partly ? say.partly : say.none, sized(need)));
    text.textContent = lines.join(" ");
    start.textContent = copy ? say.renew : partly ? say.resume : say.take;
    only(...(list && list.version !== copy?.version ? [start] : []), ...(copy || partly ? [removal] : []));
  }
  async function fetchAll() {
    abort = new AbortController();
    const isNew = !before;
    status.textContent = say.fetching;
    going.hidden = false;
    only(stop);
    stop.focus();
    let outcome;
    try {
      await take(list, fill(say.old, { date: date(Date.now()) }), (done, all) => {
        bar.max = all;
        bar.value = done;
        count.textContent = fill(say.progress, { done, all });
      }, abort.signal);
      outcome = isNew ? say.taken : say.renewed;
    } catch (error) {
      if (!abort.signal.aborted) console.warn(error); // for whoever helps: the reader is told in plain words
      outcome = abort.signal.aborted ? say.stopped : fill(say.failed, { reason: reason(error) });
    }
    await finish(outcome);
  }
  async function removeAll() {
    await remove();
    await finish(say.removed);
  }
  /** The button that was pressed may be gone: the keyboard is brought to the text that says how things stand. */
  async function finish(outcome) {
    going.hidden = true;
    await show();
    status.textContent = outcome;
    text.focus();
  }
  only(); // no button before it is known what there is to fetch
  place.replaceChildren(text, going, h("p", { class: "es-row" }, start, stop, removal), status);
  return show();
}

for (const place of document.querySelectorAll(".es-offline")) {
  const problem = await obstacle();
  if (problem) place.replaceChildren(h("p", {}, say.cannot[problem]));
  else await render(place).catch(() => place.replaceChildren(h("p", {}, say.cannot.browser)));
}
