// Twin of models/stress_loop.py: the same arithmetic in the same order, so both agree exactly.
const HOURS = 18;
const GAP = 60;
const BACK = 0.1;

const minimal = (feedback, clearance) => ({
  k0: 1.7696, k1: 0.12734, k2: 0.0013198, w1: 0.17329, w2: 0.034832, w3: 0.0090726 * clearance,
  rho: feedback, restraint: feedback, xi: 0, c: 3.055, c3: 3.055,
});
const hippocampal = (feedback, clearance, xi) => ({
  k0: 0.859, k1: 0.127, k2: 0.00132, w1: 0.173, w2: 0.0348, w3: 0.00907 * clearance,
  rho: feedback, restraint: feedback, xi, c: 3.06, c3: 1.42,
});

function saturation(cortisol, half) {
  const cube = cortisol * cortisol * cortisol;
  return cube / (cube + half * half * half);
}

function slopes(loop, [crh, acth, cortisol], sensed) {
  const high = saturation(sensed, loop.c);
  const made = 1 + loop.xi * high - loop.restraint * saturation(sensed, loop.c3);
  return [
    loop.k0 * made - loop.w1 * crh,
    loop.k1 * (1 - loop.rho * high) * crh - loop.w2 * acth,
    loop.k2 * acth - loop.w3 * cortisol,
  ];
}

/** Where the loop stays. */
function rest(loop) {
  const others = (cortisol) => {
    const high = saturation(cortisol, loop.c);
    const made = 1 + loop.xi * high - loop.restraint * saturation(cortisol, loop.c3);
    const crh = loop.k0 * made / loop.w1;
    return [crh, loop.k1 * (1 - loop.rho * high) * crh / loop.w2];
  };
  let [below, above] = [0, 400];
  for (let time = 0; time < 70; time += 1) {
    const middle = (below + above) / 2;
    if (loop.k2 * others(middle)[1] / loop.w3 > middle) below = middle;
    else above = middle;
  }
  return [...others(below), below];
}

function run(loop, start, minutes, added, last, delay) {
  const seen = Array(delay).fill(start[2]);
  let [x, y, z] = start;
  x += added;
  const states = [[x, y, z]];
  seen.push(z);
  for (let minute = 0; minute < minutes; minute += 1) {
    const early = seen[minute];
    const late = delay ? seen[minute + 1] : 0;
    const middle = (early + late) / 2;
    const [a, b, c] = slopes(loop, [x, y, z], delay ? early : z);
    let w = z + c / 2;
    const [d, e, f] = slopes(loop, [x + a / 2, y + b / 2, w], delay ? middle : w);
    w = z + f / 2;
    const [g, h, i] = slopes(loop, [x + d / 2, y + e / 2, w], delay ? middle : w);
    w = z + i;
    const [j, k, m] = slopes(loop, [x + g, y + h, w], delay ? late : w);
    x += (a + 2 * d + 2 * g + j) / 6;
    y += (b + 2 * e + 2 * h + k) / 6;
    z += (c + 2 * f + 2 * i + m) / 6;
    if (minute + 1 <= last && (minute + 1) % GAP === 0) x += added;
    states.push([x, y, z]);
    seen.push(z);
  }
  return states;
}

function regime(quantities) {
  if (quantities.dip_minimal > BACK * quantities.rise_minimal) return "minimal-dips";
  if (quantities.back_hippocampal === undefined) return "hippocampal-still-raised";
  return quantities.back_hippocampal - quantities.back_minimal > 0.75 ? "hippocampal-slower" : "not-slower";
}

export function simulate({ push, pushes, xi, feedback, delay, clearance }) {
  const last = (pushes - 1) * GAP;
  const minutes = HOURS * 60;
  const shown = {};
  const resting = {};
  const quantities = {};
  const loops = {
    minimal: minimal(feedback / 100, clearance / 100),
    hippocampal: hippocampal(feedback / 100, clearance / 100, xi),
  };
  for (const [name, loop] of Object.entries(loops)) {
    resting[name] = rest(loop);
    const added = (push - 1) * resting[name][0];
    shown[name] = run(loop, resting[name], minutes, added, last, name === "minimal" ? delay : 0);
    const rises = shown[name].map((state) => 100 * state[2] / resting[name][2] - 100);
    const highest = Math.max(...rises);
    quantities[`rest_${name}`] = resting[name][2];
    quantities[`rise_${name}`] = highest;
    quantities[`dip_${name}`] = Math.max(0, -Math.min(...rises.slice(last)));
    const away = rises.findLastIndex((rise) => Math.abs(rise) > BACK * highest);
    if (away < minutes) quantities[`back_${name}`] = (away + 1 - last) / 60;
  }
  const every = Array.from({ length: minutes / 3 + 1 }, (_, place) => place * 3);
  const percent = (name, which) => every.map((minute) => 100 * shown[name][minute][which] / resting[name][which]);
  const starts = Array.from({ length: pushes }, (_, one) => one * GAP);
  return {
    series: {
      hour: every.map((minute) => minute / 60),
      cortisol_minimal: percent("minimal", 2),
      cortisol_hippocampal: percent("hippocampal", 2),
      acth_minimal: percent("minimal", 1),
      acth_hippocampal: percent("hippocampal", 1),
      rest_hour: [0, HOURS],
      rest_line: [100, 100],
      push_hour: starts.map((minute) => minute / 60),
      push_place: starts.map(() => 100),
    },
    quantities,
    regime: regime(quantities),
  };
}
