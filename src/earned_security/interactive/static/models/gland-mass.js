// Twin of models/gland_mass.py: the same arithmetic in the same order, so both agree exactly.
const RATES = {
  "karin-2020": [0.049, 0.099],
  "milo-2025": [Math.LN2 / 20, Math.LN2 / 30],
};
const CLOSE = 0.05;
const BEFORE = 10;
const STEP = 0.5;

const brakeOf = (cortisol) => 1 + cortisol / 4 * (cortisol / 4) * (cortisol / 4);

/** The x for which x (1 + (x/4)^3) is `demand`. */
function cortisolOf(demand) {
  let x = demand;
  for (let round = 0; round < 8; round += 1) {
    const third = x / 4 * (x / 4) * (x / 4);
    x = x - (x * (1 + third) - demand) / (1 + 4 * third);
  }
  return x;
}

/** The hormones at equilibrium with glands of this mass. */
function settled(stress, pituitary, adrenal) {
  const cortisol = cortisolOf(Math.sqrt(stress * pituitary * adrenal));
  const brake = brakeOf(cortisol);
  const crh = stress / cortisol / brake;
  return { crh, acth: crh * pituitary / brake, cortisol, pituitary, adrenal };
}

function adapted(stress) {
  const cortisol = cortisolOf(stress);
  return { crh: 1, acth: 1, cortisol, pituitary: brakeOf(cortisol), adrenal: cortisol };
}

/** Each day from 0 to `days` under one stress input; without rates the glands are frozen. */
function run(start, stress, days, rates) {
  let { pituitary, adrenal } = start;
  const states = [settled(stress, pituitary, adrenal)];
  if (!rates) return Array(days + 1).fill(states[0]);
  const [pituitaryRate, adrenalRate] = rates;
  const change = (p, a) => {
    const now = settled(stress, p, a);
    return [pituitaryRate * p * (now.crh - 1), adrenalRate * a * (now.acth - 1)];
  };
  for (let step = 1; step <= days * Math.round(1 / STEP); step += 1) {
    const [p1, a1] = change(pituitary, adrenal);
    const [p2, a2] = change(pituitary + STEP / 2 * p1, adrenal + STEP / 2 * a1);
    const [p3, a3] = change(pituitary + STEP / 2 * p2, adrenal + STEP / 2 * a2);
    const [p4, a4] = change(pituitary + STEP * p3, adrenal + STEP * a3);
    pituitary += STEP / 6 * (p1 + 2 * p2 + 2 * p3 + p4);
    adrenal += STEP / 6 * (a1 + 2 * a2 + 2 * a3 + a4);
    if (step % Math.round(1 / STEP) === 0) states.push(settled(stress, pituitary, adrenal));
  }
  return states;
}

/** Days from relief to the last day beyond; 0 if none is. null if the last day watched still is. */
const last = (beyond) => (beyond.at(-1) ? null : Math.max(0, beyond.lastIndexOf(true)));

function regime(stress, glands, quantities) {
  if (stress === 1) return "at-rest";
  if (glands === "frozen") return "frozen";
  if (quantities.acth_lowest > 1 - CLOSE) return "hardly-moved";
  if (!("cortisol_high_days" in quantities)) return "neither-yet";
  const away = Math.max(Math.abs(quantities.crh_end - 1), Math.abs(quantities.acth_end - 1));
  return `${away < CLOSE ? "returned" : "up"}-${"acth_low_days" in quantities ? "recovered" : "waiting"}`;
}

export function simulate({ stress, days, glands, rates, recovery }) {
  const pace = glands === "frozen" ? null : RATES[rates];
  const rest = adapted(1);
  const strained = run(rest, stress, days, pace);
  const relieved = run(strained.at(-1), 1, recovery, pace);
  const every = [rest, rest, ...strained, ...relieved];
  const relative = (name) => every.map((state) => state[name] / rest[name]);
  const [crh, acth, cortisol, pituitary, adrenal] = ["crh", "acth", "cortisol", "pituitary", "adrenal"].map(relative);
  const [first, end, after] = [2, 2 + days, 3 + days];
  const acthLow = last(acth.slice(after).map((value) => value < 1 - CLOSE));
  const cortisolHigh = last(cortisol.slice(after).map((value) => value > 1 + CLOSE));
  const quantities = {
    acth_first: acth[first],
    cortisol_first: cortisol[first],
    crh_end: crh[end],
    acth_end: acth[end],
    cortisol_end: cortisol[end],
    adrenal_end: adrenal[end],
    acth_lowest: Math.min(...acth.slice(after)),
    cortisol_lowest: Math.min(...cortisol.slice(after)),
    acth_last: acth.at(-1),
    cortisol_last: cortisol.at(-1),
    ...(acthLow === null ? {} : { acth_low_days: acthLow }),
    ...(cortisolHigh === null ? {} : { cortisol_high_days: cortisolHigh }),
  };
  const count = (length, start) => Array.from({ length }, (_, index) => start + index);
  const fill = (length, value) => Array(length).fill(value);
  return {
    series: {
      day: [-BEFORE, 0, ...count(days + 1, 0), ...count(recovery + 1, days)],
      stress: [1, 1, ...fill(days + 1, stress), ...fill(recovery + 1, 1)],
      crh,
      acth,
      cortisol,
      pituitary,
      adrenal,
      acth_back_day: acthLow ? [days + acthLow + 1] : [],
      acth_back_level: acthLow ? [acth[after + acthLow + 1]] : [],
      cortisol_back_day: cortisolHigh ? [days + cortisolHigh + 1] : [],
      cortisol_back_level: cortisolHigh ? [cortisol[after + cortisolHigh + 1]] : [],
      phase_day: [0, 0, null, days, days],
      phase_height: [0, 1, null, 0, 1],
      label_day: [days / 2, days + recovery / 2],
      label_height: [0.5, 0.5],
    },
    quantities,
    regime: regime(stress, glands, quantities),
  };
}
