// Who computes: the kernel where there is one, the model's twin in the page where there is none.
import { twins } from "./models/twins.js";

const PATIENCE = 1000; // milliseconds without an answer before the page computes for itself

const same = (one, other) => Boolean(other) && Object.keys(one).every((name) => one[name] === other[name]);

/**
 * `request(values)` leads to `draw(result)`: at once, and for more requests within the same frame once more with the
 * latest values at its end, so nothing queues. Where a kernel does not
 * answer, the twin does, and `silent(true)` is called; `silent(false)` once it answers again.
 */
export function createComputer(model, content, { draw, silent }) {
  const twin = twins[content.twin];
  let wanted;
  let started; // the values of the last run
  let frame = 0;
  let timer;
  let waiting = false;
  let isSilent = false;

  const locally = () => draw({ ...twin(wanted), parameters: wanted });
  function giveUp() {
    timer = undefined;
    if (!isSilent) silent(true);
    isSilent = true;
    locally();
  }
  function receive() {
    const result = model.get("result");
    if (!wanted || !result?.parameters) return;
    clearTimeout(timer);
    timer = undefined;
    const current = same(wanted, result.parameters);
    if (current || (waiting && !isSilent)) draw(result);
    if (isSilent) silent(false);
    isSilent = false;
    waiting &&= !current;
    if (waiting) timer = setTimeout(giveUp, PATIENCE);
  }
  function run() {
    started = wanted;
    if (content.compute !== "kernel") { locally(); return; }
    if (same(wanted, model.get("result")?.parameters)) { receive(); return; }
    waiting = true;
    timer ??= setTimeout(giveUp, PATIENCE);
    try {
      model.set("parameters", { ...wanted });
      model.save_changes();
    } catch { /* the connection is closed; the page computes */ }
    if (isSilent) locally();
  }
  if (content.compute === "kernel") model.on("change:result", receive);
  return {
    request(values) {
      wanted = { ...values };
      if (frame) return;
      frame = requestAnimationFrame(() => {
        frame = 0;
        if (wanted !== started) run();
      });
      run();
    },
    close() {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      if (content.compute === "kernel") model.off("change:result", receive);
    },
  };
}
