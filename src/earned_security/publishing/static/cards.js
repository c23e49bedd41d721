// The whole cards of a page's claims: fetched once, when the page is at rest, or as soon as one is wanted.
// Without a script, or without the file, a card still says the grade and leads to the ledger.
const cards = document.querySelector(".es-cards[data-source]");
let asked;

async function fetchCards() {
  const answer = await fetch(new URL(`cards/${cards.dataset.source}`, import.meta.url));
  if (!answer.ok) throw new Error(`${answer.status}`);
  const whole = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const card of whole.querySelectorAll(".es-card")) {
    const short = document.getElementById(card.id);
    for (const { name, value } of card.attributes) short?.setAttribute(name, value);
    short?.replaceChildren(...card.childNodes);
  }
}
const load = () => { asked ??= fetchCards().catch(() => { asked = undefined; }); };

if (cards) {
  (globalThis.requestIdleCallback ?? setTimeout)(load);
  cards.addEventListener("beforetoggle", load, { capture: true });
}
