// The strategy checklist: read, filter, tick, note, print, keep as a file.
import { createStore, fill, h, prose, showText, saveAs, statusLine, uniqueId, words } from "./common.js";
import { combine, LONGEST_NOTE, readFile, writeFile } from "./checklist-file.js";
import { printChecklist } from "./checklist-print.js";

const say = words.checklist;
const TYPING = 600; // milliseconds without a key after which a note is stored

function render({ model, el }) {
  const content = model.get("content");
  const store = createStore(model);
  const titleId = uniqueId("title");
  const section = h("section", { class: "es-piece es-checklist", "aria-labelledby": titleId });
  const entry = (id) => {
    const { ticked, note } = store.get(id) ?? {};
    return { ticked: ticked === true, note: typeof note === "string" ? note : "" };
  };

  const rows = content.strategies.map((strategy) => createRow(strategy, entry, store, refresh));
  const groups = content.groups.map((group) => createGroup(group, rows));
  const filters = createFilters(content, filter);
  const count = h("p", { role: "status", class: "es-count" });
  const nothing = h("p", { hidden: true }, say.none);

  function refresh() {
    for (const row of rows) row.show();
    for (const group of groups) group.show(entry);
    const shown = rows.filter((row) => !row.element.hidden).length;
    const ticked = rows.filter((row) => entry(row.strategy.id).ticked).length;
    const text = fill(say.count, { shown, all: rows.length, ticked });
    if (count.textContent !== text) count.textContent = text;
    nothing.hidden = shown > 0;
  }
  // Only when the person asks: a strategy does not vanish under the hand that unticks it.
  function filter() {
    for (const row of rows) row.element.hidden = !filters.fits(row.strategy, entry(row.strategy.id));
    refresh();
  }

  const shownNow = () => groups.map((group) => ({
    title: group.title,
    strategies: group.rows.filter((row) => !row.element.hidden)
      .map((row) => ({ ...row.strategy, ...entry(row.strategy.id) })),
  })).filter((group) => group.strategies.length);

  section.append(
    h("h3", { id: titleId }, content.title),
    ...prose(content.intro),
    filters.element,
    count,
    createKeeping({ content, store, entry, filter, shownNow }),
    ...groups.map((group) => group.element),
    nothing,
    statusLine(model, store),
  );
  store.onEntries(refresh);
  refresh();
  el.append(section);
  return () => { store.close(); section.remove(); };
}

function createFilters(content, filter) {
  const choice = (label, all, options) => {
    const select = h("select", { onchange: filter }, h("option", { value: "" }, all),
      ...options.map(([value, text]) => h("option", { value }, text)));
    return [select, h("label", { class: "es-field" }, h("span", {}, label), select)];
  };
  const [pattern, patternField] = choice(say.pattern, say.anyPattern, content.patterns.map((name) => [name, name]));
  const [group, groupField] = choice(say.group, say.anyGroup, content.groups.map(({ id, title }) => [id, title]));
  const tickedOnly = h("input", { type: "checkbox", onchange: filter });
  const element = h("fieldset", { class: "es-row" }, h("legend", {}, say.show), patternField, groupField,
    h("label", { class: "es-option" }, tickedOnly, h("span", {}, say.tickedOnly)));
  return {
    element,
    fits: (strategy, { ticked }) => (!pattern.value || strategy.fits_client_patterns.includes(pattern.value))
      && (!group.value || strategy.group === group.value) && (!tickedOnly.checked || ticked),
  };
}

function createGroup({ id, title }, rows) {
  const own = rows.filter((row) => row.strategy.group === id);
  const headingId = uniqueId("group");
  const ticked = h("p", { class: "es-soft" });
  const element = h("section", { "aria-labelledby": headingId }, h("h4", { id: headingId }, title), ticked,
    h("ul", { class: "es-plain-list" }, own.map((row) => row.element)));
  return {
    title,
    rows: own,
    element,
    show(entry) {
      element.hidden = own.every((row) => row.element.hidden);
      const number = own.filter((row) => entry(row.strategy.id).ticked).length;
      ticked.textContent = fill(say.groupCount, { ticked: number, all: own.length });
    },
  };
}

function createRow(strategy, entry, store, refresh) {
  const save = (change, delay) => store.set(strategy.id, { ...entry(strategy.id), ...change }, delay);
  const box = h("input", { type: "checkbox", onchange: () => { save({ ticked: box.checked }); refresh(); } });
  const privacyId = uniqueId("privacy");
  const note = h("textarea", {
    maxlength: LONGEST_NOTE,
    rows: 3,
    "aria-describedby": privacyId,
    oninput: () => { save({ note: note.value }, TYPING); mark(); },
    onblur: () => store.flush(),
  });
  const noted = h("span", { class: "es-soft" });
  const mark = () => { noted.textContent = note.value.trim() ? ` · ${say.hasNote}` : ""; };
  const element = h("li", { class: "es-strategy" },
    h("label", { class: "es-option" }, box,
      h("span", {}, h("strong", {}, strategy.name), " ", h("span", { class: "es-grade" }, fill(words.evidence, { grade: words.grades[strategy.evidence_grade] })))),
    h("details", {},
      h("summary", {}, say.details, h("span", { class: "es-visually-hidden" }, `: ${strategy.name}`), noted),
      fields(strategy),
      h("label", { class: "es-field" }, h("span", {}, say.note,
        h("span", { class: "es-visually-hidden" }, `: ${strategy.name}`)), note),
      h("p", { class: "es-soft", id: privacyId }, words.privacy)));
  return {
    strategy,
    element,
    show() {
      const { ticked, note: text } = entry(strategy.id);
      box.checked = ticked;
      showText(note, text);
      mark();
    },
  };
}

function fields(strategy) {
  const errors = h("ul", {}, strategy.typical_errors.map((error) => h("li", {}, error)));
  const grade = [
    h("p", {}, `${fill(words.evidence, { grade: words.grades[strategy.evidence_grade] })} ${fill(say.gradeFor, { whom: strategy.grade_is_for })}`),
  ];
  const works = h("ul", {}, strategy.citations.map(({ label, title, address, from_memory: unchecked }) =>
    h("li", {}, address ? h("a", { href: address, rel: "noreferrer" }, label) : label,
      `. ${title}`, unchecked ? ` ${words.fromMemory}` : null)));
  const shown = {
    what_it_looks_like: strategy.what_it_looks_like,
    when_to_use: strategy.when_to_use,
    when_not_to_use_or_cautions: strategy.when_not_to_use_or_cautions,
    typical_errors: errors,
    observable_marker: strategy.observable_marker,
    evidence: grade,
    citations: works,
    named_in_source_as: named(strategy),
    fits_client_patterns: strategy.fits_client_patterns.join(", "),
  };
  return h("dl", {}, Object.entries(shown).map(([name, value]) =>
    [h("dt", {}, say.fields[name]), h("dd", {}, value)]));
}

function named({ sources, named_in_source_as: text }) {
  if (!sources.length) return text;
  return fill(sources.length === 1 ? say.source : say.sources, { letters: sources.join(", "), named: text });
}

/** Printing, the file, and erasing. */
function createKeeping({ content, store, entry, filter, shownNow }) {
  const ids = content.strategies.map((strategy) => strategy.id);
  const message = h("p", { role: "status" });
  const tell = (...lines) => { message.replaceChildren(...lines.flatMap((line) => [line, " "])); };
  const all = () => Object.fromEntries(ids.map((id) => [id, entry(id)]));
  const amounts = (entries) => ({
    ticked: Object.values(entries).filter((one) => one.ticked).length,
    notes: Object.values(entries).filter((one) => one.note.trim()).length,
  });

  function save() {
    saveAs(say.fileName, writeFile(all()), "application/json");
    tell(fill(say.savedFile, { file: say.fileName, ...amounts(all()) }));
  }
  async function load() {
    const [file] = chooser.files;
    if (!file) return;
    const text = await file.text();
    chooser.value = ""; // so that the same file can be chosen again
    const { entries, unknown, problem } = readFile(text, ids);
    if (problem) { tell(fill(say.notLoaded, { reason: problem })); return; }
    store.setAll(Object.fromEntries(Object.entries(entries).map(([id, loaded]) => [id, combine(entry(id), loaded)])));
    tell(fill(say.loaded, amounts(entries)), unknown.length ? fill(say.loadedUnknown, { names: unknown.join(", ") }) : "");
    filter();
  }
  function ask() {
    if (!Object.keys(store.all()).length) { tell(say.nothingToErase); return; }
    tell();
    question.hidden = false;
    no.focus();
  }
  function answer(erase) {
    if (erase) {
      store.setAll(Object.fromEntries(Object.keys(store.all()).map((id) => [id, null])));
      tell(say.erased);
      filter();
    }
    question.hidden = true;
    eraseButton.focus();
  }

  const chooser = h("input", { type: "file", accept: ".json,application/json", hidden: true, onchange: load });
  const button = (text, act) => h("button", { type: "button", onclick: act }, text);
  const eraseButton = button(say.erase, ask);
  const no = button(say.eraseNo, () => answer(false));
  const questionId = uniqueId("erase");
  const question = h("div", {
    role: "group",
    class: "es-question",
    "aria-labelledby": questionId,
    hidden: true,
    onkeydown: (event) => { if (event.key === "Escape") { event.stopPropagation(); answer(false); } },
  }, h("p", { id: questionId }, say.eraseQuestion), h("div", { class: "es-row" }, no, button(say.eraseYes, () => answer(true))));

  return h("div", { class: "es-keeping" },
    h("div", { class: "es-row" },
      button(say.print, () => printChecklist(content.title, shownNow())),
      button(say.save, save),
      button(say.load, () => chooser.click()),
      eraseButton,
      chooser),
    question,
    message);
}

export default { render };
