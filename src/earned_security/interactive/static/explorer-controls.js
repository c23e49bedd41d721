// One labelled, native control for each parameter: a slider with a number field, or a list.
import { fill, h, uniqueId, words } from "./common.js";

const text = words.explorer;

/** A step that is whole from a minimum that is whole means whole numbers, here as in Python. */
export const isWhole = ({ min, step }) => Number.isInteger(min) && Number.isInteger(step);

/** Why this value cannot be used, naming the range; null where it can. */
export function refusal(parameter, value) {
  const fits = Number.isFinite(value) && value >= parameter.min && value <= parameter.max
    && (!isWhole(parameter) || Number.isInteger(value));
  return fits ? null : (isWhole(parameter) ? text.refusedWhole : text.refused);
}

/** The controls of `parameters`; `changed(values)` is called with every accepted change. */
export function createControls(parameters, start, changed) {
  const values = { ...start };
  const controls = parameters.map((parameter) => (parameter.options ? list(parameter) : slider(parameter)));
  const element = h("fieldset", { class: "es-controls" }, h("legend", {}, text.settings),
    controls.map((control) => control.element));

  function show() {
    for (const { parameter, element: row, set } of controls) {
      set(values[parameter.name]);
      row.hidden = Object.entries(parameter.when ?? {}).some(([name, value]) => values[name] !== value);
    }
  }
  function accept(name, value) {
    values[name] = value;
    show();
    changed({ ...values });
  }

  function slider(parameter) {
    const { name, label, unit, min, max, step, help } = parameter;
    const [field, labelId, helpId, problemId] = ["field", "label", "help", "problem"].map(uniqueId);
    const range = h("input", {
      type: "range", min, max, step: isWhole(parameter) ? step : "any", "aria-labelledby": labelId,
    });
    const number = h("input", {
      type: "number", id: field, min, max, step, inputmode: isWhole(parameter) ? "numeric" : "decimal",
      "aria-describedby": `${helpId} ${problemId}`,
    });
    const problem = h("p", { class: "es-problem", id: problemId, role: "alert" });
    range.addEventListener("input", () => {
      // The slider moves in steps; "any" above lets it also show a typed value that lies between two.
      const stepped = min + Math.round((range.valueAsNumber - min) / step) * step;
      accept(name, Math.min(max, Number(stepped.toFixed(6))));
    });
    range.addEventListener("keydown", (event) => {
      const direction = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
      if (!direction || isWhole(parameter)) return;
      event.preventDefault();
      accept(name, Math.min(max, Math.max(min, Number((values[name] + direction * step).toFixed(6)))));
    });
    number.addEventListener("change", () => {
      const refused = refusal(parameter, number.valueAsNumber);
      if (!refused) { accept(name, number.valueAsNumber); return; }
      number.value = values[name];
      problem.textContent = fill(refused, { label, min, max, value: values[name] });
      number.setAttribute("aria-invalid", "true");
    });
    const set = (value) => {
      range.value = value;
      range.setAttribute("aria-valuetext", [value, unit].filter((part) => part !== "").join(" "));
      number.value = value;
      number.removeAttribute("aria-invalid");
      problem.textContent = "";
    };
    return {
      parameter, set,
      element: h("div", { class: "es-control", "data-parameter": name },
        h("label", { for: field, id: labelId }, label),
        h("div", { class: "es-control-inputs" }, range, number, unit ? h("span", {}, unit) : null),
        h("p", { class: "es-help", id: helpId }, [fill(text.fromTo, { min, max }), help].filter(Boolean).join(" ")),
        problem),
    };
  }

  function list(parameter) {
    const { name, label, options, help } = parameter;
    const [field, helpId] = ["field", "help"].map(uniqueId);
    const select = h("select", { id: field, "aria-describedby": help ? helpId : null },
      options.map((option) => h("option", { value: option.value }, option.label)));
    select.addEventListener("change", () => accept(name, select.value));
    return {
      parameter, set: (value) => { select.value = value; },
      element: h("div", { class: "es-control", "data-parameter": name },
        h("label", { for: field }, label), h("div", { class: "es-control-inputs" }, select),
        help ? h("p", { class: "es-help", id: helpId }, help) : null),
    };
  }

  show();
  return {
    element,
    values: () => ({ ...values }),
    set(next) { Object.assign(values, next); show(); changed({ ...values }); },
  };
}
