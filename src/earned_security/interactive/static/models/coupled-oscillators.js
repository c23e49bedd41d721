// Twin of models/coupled_oscillators.py: the same arithmetic in the same order.
const CYCLE = 10;
const ETA = -((2 * Math.PI / CYCLE) ** 2);
const STEP = 0.2;
const MOMENTS = 301;
const HIGHEST = 5;
const STARTS = { one: [1, 0], together: [1, 1], opposite: [1, -1] };
const COLUMNS = [0, 1, 2, 3];

const product = (left, right) => left.map((row) => COLUMNS.map((column) => row[0] * right[0][column]
  + row[1] * right[1][column] + row[2] * right[2][column] + row[3] * right[3][column]));

/** The matrix of s' = M s for the state s = (x, x', y, y'). */
const equations = (zeta, level, rate) => [
  [0, 1, 0, 0],
  [ETA, zeta[0], level[0], rate[0]],
  [0, 0, 0, 1],
  [level[1], rate[1], ETA, zeta[1]],
];

/** What takes a state one step on: the matrix exponential, by its series. */
function propagator(matrix) {
  let total = COLUMNS.map((row) => COLUMNS.map((column) => Number(row === column)));
  let term = total;
  for (let order = 1; order < 17; order += 1) {
    term = product(term, matrix).map((row) => row.map((entry) => (entry * STEP) / order));
    total = total.map((row, index) => row.map((entry, column) => entry + term[index][column]));
  }
  return total;
}

/** The largest real part of an eigenvalue: from the size of a huge power of the propagator, by squaring. */
function growth(oneStep) {
  let power = oneStep;
  let total = 0;
  let weight = 1;
  for (let square = 0; square < 50; square += 1) {
    const size = Math.max(...power.flat().map(Math.abs));
    total += Math.log(size) * weight;
    const scaled = power.map((row) => row.map((entry) => entry / size));
    power = product(scaled, scaled);
    weight /= 2;
  }
  return total / STEP;
}

const largest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
/** The largest deviation in the last cycle drawn. */
const swing = (values) => largest(values.slice(-Math.round(CYCLE / STEP)));

function regime({ pattern, rate, level }, rateOfGrowth, cut) {
  if (rate === 0 && level === 0) return "each-alone";
  if (pattern === "one-way") return cut ? "follows-far" : "follows";
  if (rateOfGrowth > 0) return cut ? "grows-beyond" : "grows";
  return rateOfGrowth === 0 ? "neither" : "settles";
}

export function simulate(parameters) {
  const { pattern, rate, level, damping_a: dampingA, damping_b: dampingB, start } = parameters;
  const back = pattern === "mutual" ? 1 : 0;
  const oneStep = propagator(equations([-dampingA, -dampingB], [back * level, level], [back * rate, rate]));
  const [first, second] = STARTS[start];
  let state = [first, 0, second, 0];
  const a = [first];
  const b = [second];
  let cut = false;
  while (a.length < MOMENTS && !cut) {
    const before = state;
    state = oneStep.map((row) => row[0] * before[0] + row[1] * before[1] + row[2] * before[2] + row[3] * before[3]);
    a.push(state[0]);
    b.push(state[2]);
    cut = Math.max(Math.abs(state[0]), Math.abs(state[2])) > HIGHEST;
  }
  const shared = a.map((value, index) => (value + b[index]) / 2);
  const parted = a.map((value, index) => (value - b[index]) / 2);
  const time = a.map((_, moment) => moment * 2 / 10);
  const rateOfGrowth = Math.floor(growth(oneStep) * 1e6 + 0.5) / 1e6;
  return {
    series: {
      time, a, b, shared, parted,
      cut_time: cut ? [time.at(-1)] : [],
      cut_height: cut ? [Math.abs(a.at(-1)) > HIGHEST ? a.at(-1) : b.at(-1)] : [],
    },
    quantities: {
      per_cycle: 100 * Math.exp(rateOfGrowth * CYCLE),
      a_alone_per_cycle: 100 * Math.exp((-dampingA / 2) * CYCLE),
      b_alone_per_cycle: 100 * Math.exp((-dampingB / 2) * CYCLE),
      swing_a: swing(a),
      swing_b: swing(b),
      swing_shared: swing(shared),
      swing_parted: swing(parted),
      peak_b: largest(b),
      end: time.at(-1),
    },
    regime: regime(parameters, rateOfGrowth, cut),
  };
}
