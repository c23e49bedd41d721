// Filters the evidence ledger by grade and by words. Without a script the whole ledger is there to read.
import { fill, words } from "./words.js";

for (const ledger of document.querySelectorAll(".es-ledger")) {
  const form = ledger.querySelector("form");
  const grade = form.querySelector("select");
  const search = form.querySelector("input");
  const status = form.querySelector('[role="status"]');
  const claims = [...ledger.querySelectorAll(".es-claims > li")]
    .map((element) => ({
      element,
      grade: element.querySelector("b").textContent.replaceAll(" ", "-"),
      text: element.textContent.toLowerCase(),
    }));

  const filter = () => {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { element, grade: own, text } of claims) {
      const fits = (!grade.value || own === grade.value) && wanted.every((word) => text.includes(word));
      element.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    status.textContent = fill(words.ledger.shown, { shown, all: claims.length });
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", filter);
  filter();
  // A link may lead to one claim; a filter must never hide it.
  addEventListener("hashchange", () => {
    if (!claims.some(({ element }) => element.hidden && `#${element.id}` === location.hash)) return;
    form.reset();
    filter();
    document.getElementById(location.hash.slice(1)).scrollIntoView();
  });
}
