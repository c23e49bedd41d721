// How each type of item is answered. Native controls; nothing here knows what is right.
import { fill, h, inline, prose, showText, uniqueId, words } from "./common.js";

const say = words.exercise;
const TYPING = 600; // milliseconds without a key after which typed text is stored
const LONGEST_TEXT = 20_000; // characters

/**
 * The control for one item. `change(value, delay)` is called with a new answer (`null`: none any more),
 * `flush()` when the person leaves a field, `announce(text)` for what only moves. `describedBy`: the id of the prompt.
 * Returns {element, show(value, anew)}; `show(undefined)` shows that there is no answer, `anew` also replaces what is
 * half typed. Undefined for an unknown type.
 */
export function createAnswer(item, hooks) {
  return CONTROLS[item.type]?.(item, hooks);
}

const CONTROLS = {
  "choose-one": (item, hooks) => choices(item.options, "radio", say.chooseOne, hooks),
  "choose-many": (item, hooks) => choices(item.options, "checkbox", say.chooseMany, hooks),
  "mark-passages": (item, hooks) => choices(item.passages, "checkbox", say.passages, hooks),
  match: (item, hooks) => pairing(item, say.match, isShort(item.options) ? selectFor : radiosFor, hooks),
  classify: (item, hooks) => pairing(item, say.classify, radiosFor, hooks),
  order,
  scale,
  numeric,
  "free-text": freeText,
};

// A longer text would be cut off in a list that drops down.
const isShort = (options) => options.every(({ text }) => text.length <= 32);

const group = (legend, { describedBy }, ...children) =>
  h("fieldset", { "aria-describedby": describedBy }, h("legend", {}, legend), ...children);

function choices(options, type, legend, hooks) {
  const name = uniqueId("choice");
  const read = () => boxes.filter((box) => box.checked).map((box) => box.value);
  const boxes = options.map(({ id }) => h("input", {
    type, name, value: id,
    onchange: () => hooks.change(type === "radio" ? read()[0] : read().length ? read() : null),
  }));
  const element = group(legend, hooks, options.map(({ text, speaker }, index) =>
    h("label", { class: "es-option" }, boxes[index],
      h("span", {}, speaker ? h("strong", {}, `${speaker}: `) : null, ...inline(text)))));
  return {
    element,
    show(value) {
      const chosen = [value].flat();
      for (const box of boxes) box.checked = chosen.includes(box.value);
    },
  };
}

function pairing(item, legend, control, hooks) {
  const current = {};
  const fields = item.entries.map((entry) => control(entry, item.options, (option) => {
    if (option) current[entry.id] = option; else delete current[entry.id];
    hooks.change(Object.keys(current).length ? { ...current } : null);
  }));
  return {
    element: group(legend, hooks, fields.map((field) => field.element)),
    show(value) {
      item.entries.forEach(({ id }, index) => {
        const option = value?.[id];
        if (option) current[id] = option; else delete current[id];
        fields[index].show(option);
      });
    },
  };
}

function selectFor({ text }, options, choose) {
  const select = h("select", { onchange: () => choose(select.value) }, h("option", { value: "" }, say.choose),
    options.map((option) => h("option", { value: option.id }, option.text)));
  return {
    element: h("label", { class: "es-field" }, h("span", {}, ...inline(text)), select),
    show(option) { select.value = option ?? ""; },
  };
}

function radiosFor({ text }, options, choose) {
  const name = uniqueId("classify");
  const radios = options.map(({ id }) => h("input", { type: "radio", name, value: id, onchange: () => choose(id) }));
  return {
    element: h("fieldset", {}, h("legend", {}, ...inline(text)), h("div", { class: isShort(options) ? "es-row" : "" },
      options.map((option, index) => h("label", { class: "es-option" }, radios[index], h("span", {}, option.text))))),
    show(option) { for (const radio of radios) radio.checked = radio.value === option; },
  };
}

/** The order shown at first is nobody's answer: it becomes one when an entry is moved or the order is kept. */
function order(item, hooks) {
  const original = item.options.map(({ id }) => id);
  let current = [...original];
  const list = h("ol", { class: "es-order" });
  const state = h("p", { class: "es-soft" });
  const rows = Object.fromEntries(item.options.map(({ id, text }) => {
    const button = (step, label, name) => h("button", {
      type: "button", "aria-label": fill(name, { text }), onclick: () => move(id, step),
    }, label);
    const up = button(-1, say.up, say.upOf);
    const down = button(1, say.down, say.downOf);
    return [id, { up, down, element: h("li", {}, h("span", {}, ...inline(text)), h("span", { class: "es-row" }, up, down)) }];
  }));
  const keep = h("button", { type: "button", onclick: () => { hooks.change([...current]); answered(true); } }, say.keep);

  function move(id, step) {
    const from = current.indexOf(id);
    current.splice(from, 1);
    current.splice(from + step, 0, id);
    arrange();
    answered(true);
    const { up, down } = rows[id];
    const [first, second] = step < 0 ? [up, down] : [down, up];
    (first.disabled ? second : first).focus();
    hooks.announce(fill(say.moved, { place: current.indexOf(id) + 1, all: current.length }));
    hooks.change([...current]);
  }
  function arrange() {
    const there = [...list.children];
    const wanted = current.map((id) => rows[id].element);
    if (wanted.some((element, index) => element !== there[index])) list.append(...wanted);
    current.forEach((id, index) => {
      rows[id].up.disabled = index === 0;
      rows[id].down.disabled = index === current.length - 1;
    });
  }
  function answered(yes) {
    state.textContent = yes ? say.ordered : say.notOrdered;
    keep.hidden = yes;
  }
  return {
    element: group(say.order, hooks, list, state, keep),
    show(value) {
      const usable = Array.isArray(value) && value.length === original.length && original.every((id) => value.includes(id));
      current = usable ? [...value] : [...original];
      arrange();
      answered(usable);
    },
  };
}

/** What a person meant by a typed number; NaN where two readings are possible, as in "1,000". */
export function readNumber(text) {
  const plain = text.trim().replace("\u2212", "-");
  if (!/^[-+]?(\d+([.,]\d*)?|[.,]\d+)$/.test(plain) || /,\d{3}$/.test(plain)) return NaN;
  return Number(plain.replace(",", "."));
}

/** A number typed as text: a number field hides what it refuses, and changes under a scroll wheel. */
function typedNumber({ label, unit = "", min = -Infinity, max = Infinity, none = "" }, hooks, onNumber = () => {}) {
  const errorId = uniqueId("error");
  const shownId = uniqueId("shown");
  const error = h("p", { id: errorId, class: "es-error", role: "status" });
  const shown = h("output", { id: shownId, class: "es-soft" });
  const input = h("input", {
    type: "text", inputmode: "decimal", autocomplete: "off", "aria-describedby": `${shownId} ${errorId}`,
    oninput: () => {
      const value = input.value.trim() === "" ? null : readNumber(input.value);
      if (problem(value)) return;
      explain("");
      tell(value);
      hooks.change(value, TYPING);
    },
    onchange: () => explain(problem(input.value.trim() === "" ? null : readNumber(input.value))),
    onblur: () => hooks.flush(),
  });
  const problem = (value) => {
    if (value === null) return "";
    if (Number.isNaN(value)) return say.notNumber;
    return value < min || value > max ? fill(say.outOfRange, { min, max }) : "";
  };
  const explain = (text) => {
    error.textContent = text;
    input.toggleAttribute("aria-invalid", Boolean(text));
    if (text) input.setAttribute("aria-invalid", "true");
  };
  const tell = (value) => {
    shown.textContent = value === null ? none : fill(say.yourNumber, { value: `${value} ${unit}`.trim() });
    onNumber(value);
  };
  return {
    element: h("div", {}, h("label", { class: "es-field" }, h("span", {}, label),
      h("span", { class: "es-row" }, input, unit ? h("span", {}, unit) : null)), shown, error),
    show(value, anew = false) {
      const known = typeof value === "number" ? value : null;
      const isHalfTyped = error.textContent || (known === null && input.matches(":focus"));
      if (anew || (readNumber(input.value) !== known && !isHalfTyped)) {
        showText(input, known === null ? "" : String(known));
        explain("");
      }
      tell(known);
    },
  };
}

function numeric(item, hooks) {
  const field = typedNumber({ label: say.number, unit: item.unit }, hooks);
  return { element: group(say.numeric, hooks, field.element), show: field.show };
}

/** A slider always stands somewhere; that counts as an answer only once it was moved or a number was typed. */
function scale(item, hooks) {
  const { min, max, step = 1, low, high } = item.scale;
  const lowId = uniqueId("low");
  const highId = uniqueId("high");
  const slider = h("input", {
    type: "range", min, max, step, "aria-label": say.scale, "aria-describedby": `${lowId} ${highId}`,
    oninput: () => { typed.show(Number(slider.value), true); hooks.change(Number(slider.value), TYPING); },
    onchange: () => hooks.flush(),
  });
  const typed = typedNumber({ label: say.number, min, max, none: say.noNumber }, hooks, (value) => {
    slider.value = value ?? (min + max) / 2;
    slider.setAttribute("aria-valuetext", value === null ? say.noNumber : String(value));
  });
  return {
    element: group(say.scale, hooks, h("div", { class: "es-scale" },
      h("span", { id: lowId }, `${min}: ${low ?? ""}`), slider, h("span", { id: highId }, `${max}: ${high ?? ""}`)), typed.element),
    show: typed.show,
  };
}

function freeText(item, hooks) {
  const countWords = (text) => text.trim().split(/\s+/).filter(Boolean).length;
  const helpId = uniqueId("help");
  const count = h("span", { class: "es-soft" });
  const recount = () => {
    const number = countWords(area.value);
    count.textContent = number === 1 ? say.oneWord : fill(say.wordCount, { words: number });
  };
  const area = h("textarea", {
    rows: 8, maxlength: LONGEST_TEXT, "aria-describedby": [hooks.describedBy, helpId].filter(Boolean).join(" "),
    oninput: () => { recount(); hooks.change(area.value.trim() ? area.value : null, TYPING); },
    onblur: () => hooks.flush(),
  });
  return {
    element: h("div", {},
      h("div", { class: "es-note", id: helpId }, prose(words.privacy), prose(say.notLive)),
      h("label", { class: "es-field" }, h("span", {}, say.text), area), count),
    show(value) {
      const text = typeof value === "string" ? value : "";
      if (text || area.value.trim()) showText(area, text);
      recount();
    },
  };
}
