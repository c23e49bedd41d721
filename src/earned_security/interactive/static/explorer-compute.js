// Who computes: the kernel where there is one, the model's twin in the page where there is none.
import { twins } from "./models/twins.js";

const PATIENCE = 1000; // milliseconds without an answer before the page computes for itself

const same = (one, other) => Boolean(other) && Object.keys(one).every((name) => one[name] === other[name]);

/**
 * `request(values)` leads to `draw(result)`: at once, and for more requests within the same frame once more with the
 * latest values at its end. A kernel is asked for one result at a time, then for the latest values, so nothing queues.
 * Where it does not answer, the twin does, and `silent(true)` is called; `silent(false)` once it answers again.
 */
export function createComputer(model, content, { draw, silent }) {
  const twin = twins[content.twin];
  const kernel = content.compute === "kernel";
  let wanted;
  let started; // the values of the last run
  let frame = 0;
  let asked; // the values that the kernel has been given
  let timer; // runs while its answer may be waited for
  let isSilent = false;

  const locally = () => draw({ ...twin(wanted), parameters: wanted });
  function ask() {
    asked = wanted;
    timer = setTimeout(giveUp, PATIENCE);
    try { model.send({ type: "run", parameters: wanted }); } catch { /* the connection is closed; the page computes */ }
  }
  function giveUp() {
    timer = undefined;
    if (!isSilent) {
      silent(true);
      isSilent = true;
      locally();
    }
    if (asked !== wanted) ask();
  }
  function receive(message) {
    if (message?.type !== "result" || !asked) return;
    const { result } = message;
    const current = same(wanted, result.parameters);
    if (!current && !same(asked, result.parameters)) return; // to what was given up
    clearTimeout(timer);
    timer = undefined;
    asked = undefined;
    if (current || !isSilent) draw(result);
    if (isSilent) silent(false);
    isSilent = false;
    if (!current) ask();
  }
  function run() {
    started = wanted;
    if (!kernel || isSilent) locally();
    if (kernel && !timer) ask();
  }
  if (kernel) model.on("msg:custom", receive);
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
      if (kernel) model.off("msg:custom", receive);
    },
  };
}
