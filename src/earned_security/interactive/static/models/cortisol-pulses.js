// Twin of models/cortisol_pulses.py: the same arithmetic in the same order.
import { peaks } from "./peaks.js";

const UNIT = 7.2 / Math.LN2;
const [P4, P5, P6] = [0.05, 0.11, 2.9];
const STEPS = 4;
const START = 0.5;
const SPACING = 2;
const WINDOW = 4;
const STRONGEST = 130;
const CEILING = 30;
const GRID = 120;
const LARGE = 0.5;

/** Every quarter of a minute; a(t - tau) between two steps is interpolated with its slopes. */
function run(drive, delay, minutes, feedback, removal) {
  const h = 1 / (STEPS * UNIT);
  const lag = STEPS * delay;
  const size = STEPS * minutes + 1;
  const [acth, receptor, corticosterone, slopes] = Array.from({ length: 4 }, () => new Float64Array(size));
  let [a, r, o] = [START, START, START];
  acth[0] = receptor[0] = corticosterone[0] = START;
  const changeA = (x, y, z) => drive / (1 + feedback * (z * y)) - removal * x;
  const changeR = (y, z) => { const square = z * y * (z * y); return square / (P4 + square) + P5 - P6 * y; };
  for (let step = 0; step < size - 1; step += 1) {
    const at = step - lag;
    let before = START;
    let half = START;
    let after = START;
    if (lag && at >= 0) {
      before = acth[at];
      after = acth[at + 1];
      half = (before + after) / 2 + h / 8 * (slopes[at] - slopes[at + 1]);
    }
    const a1 = changeA(a, r, o);
    const r1 = changeR(r, o);
    const o1 = (lag ? before : a) - o;
    slopes[step] = a1;
    let [x, y, z] = [a + h / 2 * a1, r + h / 2 * r1, o + h / 2 * o1];
    const a2 = changeA(x, y, z);
    const r2 = changeR(y, z);
    const o2 = (lag ? half : x) - z;
    [x, y, z] = [a + h / 2 * a2, r + h / 2 * r2, o + h / 2 * o2];
    const a3 = changeA(x, y, z);
    const r3 = changeR(y, z);
    const o3 = (lag ? half : x) - z;
    [x, y, z] = [a + h * a3, r + h * r3, o + h * o3];
    const a4 = changeA(x, y, z);
    const r4 = changeR(y, z);
    const o4 = (lag ? after : x) - z;
    a += h / 6 * (a1 + 2 * a2 + 2 * a3 + a4);
    r += h / 6 * (r1 + 2 * r2 + 2 * r3 + r4);
    o += h / 6 * (o1 + 2 * o2 + 2 * o3 + o4);
    acth[step + 1] = a;
    receptor[step + 1] = r;
    corticosterone[step + 1] = o;
  }
  return { acth, receptor, corticosterone };
}

/** The drive for which o r is `product` at the steady level, and that level. */
function steady(product, feedback, removal) {
  const receptor = (product * product / (P4 + product * product) + P5) / P6;
  const level = product / receptor;
  return [removal * level * (1 + feedback * product), receptor, level];
}

/** A drive, and the delay in minutes from which its steady level is unstable; Infinity if it never is. */
function threshold(product, feedback, removal) {
  const [drive, r, o] = steady(product, feedback, removal);
  const slope = -drive * feedback / ((1 + feedback * product) * (1 + feedback * product));
  const [onActhR, onActhO] = [slope * o, slope * r];
  const bend = 2 * product * P4 / ((P4 + product * product) * (P4 + product * product));
  const q = P6 - bend * o;
  const c = onActhR * (bend * r) + onActhO * q;
  const b2 = removal * removal + 1 + q * q;
  const b1 = removal * removal + q * q * (1 + removal * removal) - onActhO * onActhO;
  const b0 = removal * removal * (q * q) - c * c;
  if (b0 >= 0) return [drive, Infinity];
  let y = -b0 / b1;
  for (let round = 0; round < 12; round += 1) {
    y = y - (((y + b2) * y + b1) * y + b0) / ((3 * y + 2 * b2) * y + b1);
  }
  const w = Math.sqrt(y);
  const real = removal * q - w * w * (1 + removal + q);
  const imaginary = w * (removal + q + removal * q) - w * w * w;
  const phase = Math.atan2(onActhO * w * real - c * imaginary, c * real + onActhO * w * imaginary);
  return [drive, (phase >= 0 ? phase : phase + 2 * Math.PI) / w * UNIT];
}

/** o r at the steady level for this drive, by halving. */
function productOf(drive, feedback, removal) {
  let [low, high] = [0, 4];
  for (let round = 0; round < 60; round += 1) {
    const middle = (low + high) / 2;
    if (steady(middle, feedback, removal)[0] < drive) low = middle;
    else high = middle;
  }
  return high;
}

function thresholds(feedback, removal) {
  const first = productOf(5, feedback, removal);
  const last = productOf(STRONGEST, feedback, removal);
  return Array.from({ length: GRID + 1 }, (_, index) => {
    const product = first + (last - first) * (index / GRID * (index / GRID));
    return [product, ...threshold(product, feedback, removal)];
  });
}

/** The lowest and highest drive at which the steady level is unstable; null if there is none at this delay. */
function edges(curve, delay, feedback, removal) {
  const inside = ([, , least]) => least <= delay;
  const first = curve.findIndex(inside);
  if (first < 0) return null;
  const last = curve.findLastIndex(inside);
  const edge = (outer, inner) => {
    let drive = 0;
    for (let round = 0; round < 30; round += 1) {
      const middle = (outer + inner) / 2;
      const [strength, least] = threshold(middle, feedback, removal);
      drive = strength;
      if (least <= delay) inner = middle;
      else outer = middle;
    }
    return drive;
  };
  return [edge(curve[first - 1][0], curve[first][0]), edge(curve[last + 1][0], curve[last][0])];
}

function regimeOf(drive, delay, between, swing) {
  if (delay === 0) return "no-delay";
  if (!between) return "delay-too-short";
  if (drive < between[0]) return "drive-too-low";
  if (drive <= between[1]) return "pulses";
  return swing > LARGE ? "carried-on" : "drive-too-high";
}

export function simulate({ drive, delay, feedback, hours, removal }) {
  const p3 = Number(removal);
  const course = run(drive, delay, 60 * hours, feedback, p3);
  const curve = thresholds(feedback, p3);
  const between = edges(curve, delay, feedback, p3);
  const window = 60 * WINDOW * STEPS;
  const hormone = course.corticosterone;
  const late = hormone.subarray(-window - 1);
  const drawn = curve.map(([, strength, least]) => [strength, Math.min(least, CEILING)]);
  const [highest, lowest] = [Math.max(...late), Math.min(...late)];
  const quantities = {
    late_swing: highest - lowest,
    late_highest: highest,
    late_lowest: lowest,
    level: hormone.at(-1),
    shortest: Math.min(...drawn.map(([, least]) => least)),
    ...(between ? { drive_low: between[0], drive_high: between[1] } : {}),
  };
  const regime = regimeOf(drive, delay, between, quantities.late_swing);
  if (regime === "pulses") {
    const found = peaks(hormone);
    const later = found.filter((place) => place >= Math.floor(hormone.length / 2));
    const spacings = later.slice(1).map((place, index) => (place - later[index]) / STEPS);
    quantities.pulses = found.length;
    quantities.period = spacings.reduce((sum, spacing) => sum + spacing, 0) / spacings.length;
  }
  const points = 30 * hours + 1;
  const thinned = (values) => Array.from({ length: points }, (_, index) => values[index * SPACING * STEPS]);
  return {
    series: {
      hour: Array.from({ length: points }, (_, index) => index * SPACING / 60),
      acth: thinned(course.acth),
      corticosterone: thinned(hormone),
      receptor: thinned(course.receptor),
      drive: Array(points).fill(drive),
      edge_drive: drawn.map(([strength]) => strength),
      edge_delay: drawn.map(([, least]) => least),
      here_drive: [drive],
      here_delay: [delay],
    },
    quantities,
    regime,
  };
}
