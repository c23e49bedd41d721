// Twin of models/three_person_rhythm.py: the same arithmetic in the same order; powers may differ in the last digit.
import { peaks } from "./peaks.js";

const NORMAL = [10.1, 1.51];
const START = [0.26, 3.75, 15.4, 2.77];
const FORGOTTEN = 400;
const STEP = 0.1;
const WINDOW = 48;
const LEVEL = 0.5;
const STUDIES = [[-0.12, -0.32, 0.08], [-0.49, -0.91, -0.07]]; // meewisse2007cortisol, pan2020urinary
const GROWN = 0.645 ** 5.43;

/** The state every tenth of an hour: ACTH and cortisol. */
function run(hours, kstress, ki, clearance) {
  const half = ki ** 5.1;
  const slopes = (c, a, f, g) => {
    const release = half / (half + g ** 5.1);
    const grown = g ** 5.43;
    return [
      kstress * release - 3.25 * c / (1.74 + c) - 0.00379 * c,
      8.30 * c * release - 0.907 * a / (0.112 + a) - 0.00916 * a,
      0.945 * a - 0.00535 * f / (0.0768 + f) - 0.356 * clearance * f,
      0.0202 * f * (3.28 - g) + 0.0509 * grown / (GROWN + grown) - 0.0854 * g,
    ];
  };
  const h = STEP;
  let [c, a, f, g] = START;
  const acth = [a];
  const cortisol = [f];
  for (let place = 0; place < hours * 10; place += 1) {
    const [c1, a1, f1, g1] = slopes(c, a, f, g);
    const [c2, a2, f2, g2] = slopes(c + h / 2 * c1, a + h / 2 * a1, f + h / 2 * f1, g + h / 2 * g1);
    const [c3, a3, f3, g3] = slopes(c + h / 2 * c2, a + h / 2 * a2, f + h / 2 * f2, g + h / 2 * g2);
    const [c4, a4, f4, g4] = slopes(c + h * c3, a + h * a3, f + h * f3, g + h * g3);
    c += h * (c1 + 2 * c2 + 2 * c3 + c4) / 6;
    a += h * (a1 + 2 * a2 + 2 * a3 + a4) / 6;
    f += h * (f1 + 2 * f2 + 2 * f3 + f4) / 6;
    g += h * (g1 + 2 * g2 + 2 * g3 + g4) / 6;
    acth.push(a);
    cortisol.push(f);
  }
  return { acth, cortisol };
}

/** The two days from `days` after a peak, and the period; from FORGOTTEN on where there is no rhythm. */
function twoDays({ acth, cortisol }, days) {
  let first = FORGOTTEN * 10;
  const tail = cortisol.slice(first, first + WINDOW * 10);
  let cycle = null;
  if (Math.max(...tail) - Math.min(...tail) >= LEVEL) {
    const found = peaks(cortisol, first);
    if (found.length > 1) {
      cycle = (found[1] - found[0]) * STEP;
      first = Math.floor(found[0] + 0.5);
    }
  }
  first += days * 240;
  const shown = (values) => values.slice(first, first + WINDOW * 10 + 1);
  return { acth: shown(acth), cortisol: shown(cortisol), cycle };
}

function mean(values) {
  let total = 0;
  for (const value of values) total += value;
  return total / values.length;
}

function regime(quantities) {
  if (quantities.period === undefined) return "no-rhythm";
  const lower = quantities.lowest_normal - quantities.lowest;
  if (Math.abs(lower) < 0.05) return "same-low";
  return lower > 0 ? "lower-low" : "higher-low";
}

let whole;

export function simulate({ kstress, ki, clearance, days, sample }) {
  whole ??= run(FORGOTTEN + 30 + 24 * 14 + WINDOW, ...NORMAL, 1);
  const normal = twoDays(whole, days);
  const shown = twoDays(run(FORGOTTEN + 36 + 24 * days + WINDOW, kstress, ki, clearance / 100), days);
  const at = sample * 10;
  const quantities = {
    lowest: Math.min(...shown.cortisol),
    lowest_normal: Math.min(...normal.cortisol),
    highest: Math.max(...shown.cortisol),
    highest_normal: Math.max(...normal.cortisol),
    mean: mean(shown.cortisol),
    mean_normal: mean(normal.cortisol),
    sampled: shown.cortisol[at],
    sampled_normal: normal.cortisol[at],
  };
  if (shown.cycle !== null) {
    const cycles = 24 * days * (1 / shown.cycle - 1 / normal.cycle);
    const apart = cycles - Math.floor(cycles);
    quantities.period = shown.cycle;
    quantities.period_normal = normal.cycle;
    quantities.apart = 24 * Math.min(apart, 1 - apart);
  }
  const every = Array.from({ length: WINDOW * 5 + 1 }, (_, place) => place * 2);
  const [first, second] = STUDIES;
  return {
    series: {
      hour: every.map((place) => place / 10),
      cortisol_normal: every.map((place) => normal.cortisol[place]),
      cortisol: every.map((place) => shown.cortisol[place]),
      acth_normal: every.map((place) => normal.acth[place]),
      acth: every.map((place) => shown.acth[place]),
      sample_hour: [sample, sample],
      sample_value: [normal.cortisol[at], shown.cortisol[at]],
      sample_normal: every.map((place) => (place === at ? normal.cortisol[at] : null)),
      sample: every.map((place) => (place === at ? shown.cortisol[at] : null)),
      sample_line: [0, Math.max(quantities.highest, quantities.highest_normal)],
      study_difference: [first[0], second[0]],
      study_row: [2, 1],
      study_interval: [first[1], first[2], null, second[1], second[2]],
      study_interval_row: [2, 2, null, 1, 1],
      study_label: [-1, -1, -1],
      study_label_row: [2.4, 1.4, 0.3],
      no_difference: [0, 0],
      no_difference_row: [0.6, 2.6],
    },
    quantities,
    regime: regime(quantities),
  };
}
