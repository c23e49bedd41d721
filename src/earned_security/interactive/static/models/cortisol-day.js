// Twin of models/cortisol_day.py: the same arithmetic in the same order, so both agree exactly.
const [A0, A1, A2, A3, A4, A5] = [3.9031e-4, 6.839e12, 1.7809e9, 2.2803e4, 1.7745e5, 4.617e-4];
const [W1, W2, W3, MU] = [0.0337, 0.0205, 0.0238, 583];
const SETTLED = [3.4806957, 10.6022881, 1.9489041];
const DAY = 1440;
const STEPS = 2; // per minute
const RISE = 0.5;

/** The daily drive at a minute after midnight. */
function drive(minute) {
  const past = (minute - 83.8) % 1440;
  const after = past < 0 ? past + 1440 : past;
  const before = 1440 - after;
  const rising = after * after * after * after * after;
  const falling = before * before * before * before * before * before;
  return (rising / (rising + 2.43e12) * falling / (falling + 7.35091890625e17) + 0.01) / 0.5217;
}

/** The drive of one day at every half step, and at its end. */
function drives(shift, swing) {
  const day = Array.from({ length: 2 * STEPS * DAY }, (_, place) => drive(place / (2 * STEPS) - shift * 60));
  let total = 0;
  for (const value of day) total += value;
  const mean = total / day.length;
  const driven = day.map((value) => mean + swing * (value - mean));
  return [...driven, driven[0]];
}

/** ACTH and cortisol at every minute. Written out, without small arrays: it runs at every move of a slider. */
function run(days, driven, feedback, clearance) {
  const h = 1 / STEPS;
  let [x, y, z] = SETTLED;
  const acth = [y];
  const cortisol = [z];
  const crhSlope = (u, w, c) => A0 + c * A1 / (1 + A2 * feedback * w * w) * u / (MU + u) - W1 * u;
  const acthSlope = (u, v, w) => A3 * u / (1 + A4 * feedback * w) - W2 * v;
  const cortisolSlope = (v, w) => A5 * v * v - W3 * clearance * w;
  for (let one = 0; one < days; one += 1) {
    for (let place = 0; place < 2 * STEPS * DAY; place += 2) {
      const middle = driven[place + 1];
      const a = crhSlope(x, z, driven[place]), b = acthSlope(x, y, z), c = cortisolSlope(y, z);
      let [u, v, w] = [x + h / 2 * a, y + h / 2 * b, z + h / 2 * c];
      const d = crhSlope(u, w, middle), e = acthSlope(u, v, w), f = cortisolSlope(v, w);
      u = x + h / 2 * d; v = y + h / 2 * e; w = z + h / 2 * f;
      const g = crhSlope(u, w, middle), i = acthSlope(u, v, w), j = cortisolSlope(v, w);
      u = x + h * g; v = y + h * i; w = z + h * j;
      const k = crhSlope(u, w, driven[place + 2]), m = acthSlope(u, v, w), n = cortisolSlope(v, w);
      x += h * (a + 2 * d + 2 * g + k) / 6;
      y += h * (b + 2 * e + 2 * i + m) / 6;
      z += h * (c + 2 * f + 2 * j + n) / 6;
      if (place % (2 * STEPS) === 2 * STEPS - 2) { acth.push(y); cortisol.push(z); }
    }
  }
  return { acth, cortisol };
}

/** How many peaks stand at least RISE above the low point before them. */
function pulses(values, first, last) {
  let count = 0;
  for (let peak = Math.max(first, 1); peak < last; peak += 1) {
    if (!(values[peak - 1] < values[peak] && values[peak] >= values[peak + 1])) continue;
    let low = peak;
    while (low > 0 && values[low - 1] <= values[low]) low -= 1;
    if (values[peak] - values[low] >= RISE) count += 1;
  }
  return count;
}

function regime(quantities, { shift, swing, feedback, clearance }) {
  if (swing === 100 && feedback === 100 && clearance === 100) return shift ? "moved" : "published";
  if (quantities.highest - quantities.lowest < 0.25 * quantities.mean) return "level";
  return quantities.pulses >= 4 ? "pulses" : "hump";
}

let published;

export function simulate(parameters) {
  const { sample, shift, swing, feedback, clearance, day } = parameters;
  if (!published) {
    const driven = drives(0, 1);
    published = { ...run(1, driven, 1, 1), driven };
  }
  const driven = drives(shift, swing / 100);
  const { acth, cortisol } = run(day, driven, feedback / 100, clearance / 100);
  const first = (day - 1) * DAY;
  const shown = cortisol.slice(first);
  const minute = Math.floor(sample * 60 + 0.5);
  let [total, totalBefore, low, high] = [0, 0, Infinity, -Infinity];
  for (let i = 0; i < DAY; i += 1) {
    total += shown[i];
    totalBefore += published.cortisol[i];
    low = Math.min(low, shown[i]);
    high = Math.max(high, shown[i]);
  }
  const quantities = {
    sampled: shown[minute],
    sampled_published: published.cortisol[minute],
    mean: total / DAY,
    mean_published: totalBefore / DAY,
    lowest: low,
    highest: high,
    time_lowest: shown.indexOf(low) / 60,
    time_highest: shown.indexOf(high) / 60,
    pulses: pulses(cortisol, first, first + DAY),
  };
  const every = (value) => Array.from({ length: DAY / 5 + 1 }, (_, place) => value(place * 5));
  const once = (value) => every((i) => (i / 5 === Math.floor((minute + 2) / 5) ? value : null));
  return {
    series: {
      hour: every((i) => i / 60),
      cortisol_published: every((i) => published.cortisol[i]),
      cortisol: every((i) => shown[i]),
      acth_published: every((i) => published.acth[i]),
      acth: every((i) => acth[first + i]),
      drive_published: every((i) => published.driven[2 * STEPS * i]),
      drive: every((i) => driven[2 * STEPS * i]),
      sample_hour: [minute / 60, minute / 60],
      sample_value: [published.cortisol[minute], shown[minute]],
      sample_published: once(published.cortisol[minute]),
      sample: once(shown[minute]),
      sample_line: [0, Math.max(high, published.cortisol[minute])],
    },
    quantities,
    regime: regime(quantities, parameters),
  };
}
