// Playing a case: the twin of cases/play.py and cases/debrief.py. Pure; no page. A play is
// { scene, values, return_to, steps: [{ scene, option, before, after, saturated, leads_to, stopped }] }.

export const VALUES = ["alliance", "trust", "client_arousal", "therapist_arousal"];
export const LOWEST = -6;
export const HIGHEST = 6;
export const WINDOW = [-2, 2];
export const SAFETY = "safety";
export const RETURN = "return";
const LONGEST = 1000;

/** A step that cannot be taken. */
export class PlayError extends Error {}

export function holds(condition, values, chosen) {
  if (condition === null || condition === undefined) return true;
  if ("chosen" in condition) return [condition.chosen].flat().some((choice) => chosen.has(choice));
  if ("value" in condition) {
    const value = values[condition.value];
    return value >= (condition.at_least ?? value) && value <= (condition.at_most ?? value);
  }
  if ("all" in condition) return condition.all.every((part) => holds(part, values, chosen));
  if ("any" in condition) return condition.any.some((part) => holds(part, values, chosen));
  return !holds(condition.not, values, chosen);
}

const chosenIn = (play) => new Set(play.steps.map((step) => `${step.scene}/${step.option}`));
const holdsIn = (condition, play) => holds(condition, play.values, chosenIn(play));
const isOption = (step) => step.option !== SAFETY && step.option !== RETURN;

export const start = (content) =>
  ({ scene: content.first_scene, values: { ...content.first_values }, return_to: null, steps: [] });

export const sceneText = (content, play) =>
  content.scenes[play.scene].passages.find((passage) => holdsIn(passage.when, play))?.text ?? "";

/** The options open now. One that stopped the scene is not offered again while its decision stands. */
export function available(content, play) {
  const failed = new Set();
  for (const step of [...play.steps].reverse()) {
    if (step.scene !== play.scene || !step.stopped) break;
    failed.add(step.option);
  }
  return content.scenes[play.scene].options.filter((option) => !failed.has(option.id) && holdsIn(option.when, play));
}

/** The option that a step took; undefined for the ways into and out of the safety branch. */
export const optionOf = (content, step) => content.scenes[step.scene].options.find((option) => option.id === step.option);

function moved(values, effects) {
  const after = {};
  const saturated = [];
  for (const name of VALUES) {
    const wanted = values[name] + effects[name];
    after[name] = Math.max(LOWEST, Math.min(HIGHEST, wanted));
    if (after[name] !== wanted) saturated.push(name);
  }
  return [after, saturated];
}

const nearerToZero = (arousal) => arousal - Math.sign(arousal);

/** On arriving where time has passed, each arousal is one step nearer to 0. */
function arrive(content, play, scene, returnTo) {
  const { values } = play;
  const there = content.scenes[scene].time_passes ? {
    ...values, client_arousal: nearerToZero(values.client_arousal), therapist_arousal: nearerToZero(values.therapist_arousal),
  } : values;
  return { ...play, scene, values: there, return_to: returnTo };
}

function crossing(content, play, option, leadsTo, returnTo) {
  const step = { scene: play.scene, option, before: play.values, after: play.values, saturated: [], leads_to: leadsTo, stopped: false };
  return arrive(content, { ...play, steps: [...play.steps, step] }, leadsTo, returnTo);
}

/** The play after one choice; "safety" and "return" are choices too. */
export function choose(content, play, optionId) {
  const scene = content.scenes[play.scene];
  if (optionId === SAFETY) {
    if (scene.safety) throw new PlayError("This is the safety branch already.");
    return crossing(content, play, SAFETY, content.safety_scene, scene.id);
  }
  if (optionId === RETURN) {
    if (!scene.returns || play.return_to === null) throw new PlayError("There is no way back to the case here.");
    return crossing(content, play, RETURN, play.return_to, null);
  }
  const option = available(content, play).find((one) => one.id === optionId);
  if (!option) throw new PlayError(`In scene '${scene.id}', '${optionId}' is not open.`);
  const [after, saturated] = moved(play.values, option.effects);
  const step = {
    scene: scene.id, option: option.id, before: play.values, after, saturated,
    leads_to: scene.id, stopped: Boolean(option.safety_failure),
  };
  const next = { scene: scene.id, values: after, return_to: play.return_to, steps: [...play.steps, step] };
  if (step.stopped) return next;
  const way = option.ways.find((one) => holdsIn(one.when, next));
  if (!way) throw new PlayError(`In scene '${scene.id}', '${optionId}' leads nowhere at this point.`);
  step.leads_to = option.enters_safety ? content.safety_scene : way.scene;
  return arrive(content, next, step.leads_to, option.enters_safety ? way.scene : play.return_to);
}

export const path = (play) => play.steps.map(({ scene, option }) => ({ scene, option }));

export function replay(content, steps) {
  return steps.reduce((play, { scene, option }, index) => {
    if (scene !== play.scene) throw new PlayError(`Step ${index + 1} was taken in '${scene}', not in '${play.scene}'.`);
    return choose(content, play, option);
  }, start(content));
}

export const undo = (content, play) => replay(content, path(play).slice(0, -1));

export const toStored = (content, play) => ({ version: content.version, path: path(play) });

/** { play, reason }: reason is null, or "unreadable" | "older" | "newer" | "changed" where play is null. */
export function fromStored(content, stored) {
  const refused = (reason) => ({ play: null, reason });
  const steps = stored?.path;
  if (!Array.isArray(steps) || steps.length > LONGEST || !Number.isInteger(stored.version)) return refused("unreadable");
  if (stored.version < content.oldest_loadable_version) return refused("older");
  if (stored.version > content.version) return refused("newer");
  if (!steps.every((step) => typeof step?.scene === "string" && typeof step?.option === "string")) return refused("unreadable");
  try {
    return { play: replay(content, steps), reason: null };
  } catch (error) {
    if (error instanceof PlayError) return refused("changed");
    throw error;
  }
}

/** A play looked at afterwards, as in cases/debrief.py. */
export function debrief(content, play) {
  const decisions = [];
  let then = start(content);
  play.steps.forEach((step, index) => {
    if (isOption(step)) {
      decisions.push({
        number: index + 1, scene: step.scene, option: step.option, quality: optionOf(content, step).quality, stopped: step.stopped,
        leads_to: step.leads_to,
        others: available(content, then).map((option) => option.id).filter((id) => id !== step.option),
      });
    }
    then = choose(content, then, step.option);
  });
  const met = new Set([...play.steps.map((step) => step.scene), play.scene]);
  const own = Object.values(content.scenes).filter((scene) => !scene.safety && !met.has(scene.id));
  return {
    ending: content.scenes[play.scene].ending,
    decisions,
    ruptures: ruptures(content, play),
    outside_window: outsideWindow(content, play),
    safety_visits: play.steps.filter((step) => content.scenes[step.leads_to].safety && !content.scenes[step.scene].safety).length,
    not_met: own.filter((scene) => scene.options.length).map((scene) => scene.id),
    endings_not_met: own.filter((scene) => scene.ending).map((scene) => scene.id),
  };
}

function ruptures(content, play) {
  const found = [];
  let waiting = null;
  const close = (outcome) => {
    if (waiting) found.push({ ...waiting, outcome });
    waiting = null;
  };
  play.steps.forEach((step, index) => {
    if (!isOption(step)) return;
    const { marks } = optionOf(content, step);
    const open = () => { close("missed"); waiting = { number: index + 1, scene: step.scene }; };
    if (content.scenes[step.scene].marks.includes("rupture") && waiting?.scene !== step.scene) open();
    if (marks.includes("repair")) close(waiting?.number === index + 1 ? "repaired" : "repaired-later");
    if (marks.includes("rupture")) open();
  });
  close("missed");
  return found;
}

/** Where the lines of the chart have a point: the start, and every choice that can change a value. */
export const moments = (content, play) => [
  { number: 0, scene: content.first_scene, values: content.first_values },
  ...play.steps.map((step, index) => ({ number: index + 1, scene: step.scene, values: step.after, step }))
    .filter(({ step }) => isOption(step)),
];

function outsideWindow(content, play) {
  const [low, high] = WINDOW;
  return moments(content, play).flatMap(({ number, scene, values }) =>
    [["client", values.client_arousal], ["therapist", values.therapist_arousal]]
      .filter(([, arousal]) => arousal < low || arousal > high)
      .map(([who, arousal]) => ({ number, scene, who, direction: arousal > high ? "flooding" : "shut-down" })));
}
