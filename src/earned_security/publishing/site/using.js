// Uses every piece of a page as a reader would, with a script for each kind; the ids of those that did not come to an
// end. `measuring.py` runs it in the page.
async () => {
  const rest = (time = 60) => new Promise((done) => setTimeout(done, time));
  const all = (place, selector) => [...place.querySelectorAll(selector)].filter((one) => one.checkVisibility() && !one.disabled);
  const has = (place, selector) => all(place, selector).length > 0;
  const press = (place, selector) => all(place, selector)[0]?.click();
  const write = (control, value) => {
    control.value = value;
    for (const name of ["input", "change"]) control.dispatchEvent(new Event(name, { bubbles: true }));
  };
  const open = (place) => all(place, "details").forEach((one) => { one.open = true; });

  /** Something in every control; the first of several choices. */
  function answer(place) {
    const seen = new Set();
    for (const radio of all(place, "input[type=radio]")) {
      if (!seen.has(radio.name)) radio.click();
      seen.add(radio.name);
    }
    press(place, "input[type=checkbox]:not(:checked)");
    for (const list of all(place, "select")) write(list, list.options[list.options.length - 1].value);
    for (const range of all(place, "input[type=range]")) write(range, range.max);
    for (const field of all(place, "input[type=text], input[type=number], textarea")) write(field, "1");
  }
  /** On and on with the main button; in each place the first way not yet tried there. */
  async function play(place) {
    const tried = {};
    for (let step = 0; step < 150 && has(place, "button.es-primary"); step += 1) {
      const title = place.querySelector("h4")?.textContent;
      const ways = all(place, "input[type=radio]");
      tried[title] = (tried[title] ?? -1) + 1;
      ways[tried[title] % ways.length]?.click();
      press(place, "button.es-primary");
      await rest(20);
    }
    return !has(place, "button.es-primary");
  }

  const USE = {
    async "self-check"(place) {
      if (place.querySelector(".es-case, h4")) return play(place);
      answer(place);
      press(place, "button.es-primary");
      await rest();
      return !has(place, "button.es-primary");
    },
    async explorer(place) {
      press(place, "button.es-show");
      for (let tries = 0; tries < 200 && !has(place, ".es-figure .main-svg"); tries += 1) await rest();
      all(place, "[data-preset]").at(-1)?.click();
      answer(place);
      await rest(300);
      press(place, "button.es-keep");
      return has(place, ".es-figure .main-svg");
    },
    case: play,
    async checklist(place) {
      press(place, "input[type=checkbox]:not(:checked)");
      press(place, ".es-strategy summary");
      await rest();
      all(place, "textarea").slice(0, 1).forEach((area) => write(area, "1"));
      return place.querySelector("input[type=checkbox]:checked") !== null;
    },
    async "deliberate-practice"(place) {
      for (let stage = 0; stage < 4; stage += 1) {
        answer(place);
        press(place, "button.es-primary");
        await rest();
      }
      answer(place);
      await rest();
      return place.querySelector("input[type=radio]:checked") !== null;
    },
    async scoring(place) {
      press(place, ".es-prediction button:not(.es-primary)");
      await rest();
      press(place, "[role=group] button");
      await rest();
      return has(place, "table");
    },
    async "session-planner"(place) {
      press(place, "[data-example]");
      answer(place);
      press(place, "button.es-primary");
      await rest();
      press(place, ".es-prediction button:not(.es-primary)");
      await rest();
      return has(place, "table");
    },
  };

  const left = [];
  for (const host of document.querySelectorAll(".es-host")) {
    const use = USE[host.dataset.kind];
    host.scrollIntoView(); // a figure is drawn where it can be seen
    if (!use || !(await use(host))) left.push(`${host.id} (${host.dataset.kind})`);
    open(host);
  }
  for (const ledger of document.querySelectorAll(".es-ledger form")) answer(ledger);
  open(document.querySelector("article") ?? document.body);
  await rest(300);
  press(document, "button.es-claim"); // its card closes when anything else is pressed, so it is the last
  await rest(100);
  return left;
}
