// Twin of models/prefrontal_amygdala.py: the same arithmetic in the same order.
const ON = 2;
const OFF = 22;
const END = 34;
const STEP = 0.1;
const PLACES = { amygdala: [0, 1], vmpfc: [1, 0], both: [1, 1] };
const REGIMES = { amygdala: "amygdala-alike", vmpfc: "vmpfc-alike", both: "both-differ" };

/** A, from weights of 0 or more; the brake enters with a minus. */
const wiring = (upward, downward, fade) => [[-fade, upward], [-downward, -fade]];

/** Where (vmPFC, amygdala) settle while the input lasts. */
function steadyState([[a, b], [c, d]], reached) {
  const determinant = a * d - b * c;
  return [(b * reached[1] - d * reached[0]) / determinant, (c * reached[0] - a * reached[1]) / determinant];
}

/** The matrix exponential, exact for equal fades and cross-weights of opposite sign. */
function propagator([[a, b], [c]]) {
  const turn = Math.sqrt(-b * c);
  const cosine = Math.cos(turn * STEP);
  const sine = turn > 0 ? Math.sin(turn * STEP) / turn : STEP;
  const left = Math.exp(a * STEP);
  return [[left * cosine, left * sine * b], [left * sine * c, left * cosine]];
}

function run(matrix, reached) {
  const forward = propagator(matrix);
  const goal = steadyState(matrix, reached);
  let state = [0, 0];
  const states = [state];
  for (let moment = 0; moment < Math.round(END / STEP); moment += 1) {
    const at = moment >= Math.round(ON / STEP) && moment < Math.round(OFF / STEP) ? goal : [0, 0];
    const [vmpfc, amygdala] = [state[0] - at[0], state[1] - at[1]];
    state = forward.map((row, index) => at[index] + (row[0] * vmpfc + row[1] * amygdala));
    states.push(state);
  }
  return states;
}

export function simulate({ upward, downward, enters, size, fade }) {
  const reached = PLACES[enters].map((share) => share * size);
  const here = wiring(upward, downward, fade);
  const mirror = wiring(downward, upward, fade);
  const states = run(here, reached);
  const mirrored = run(mirror, reached);
  const [vmpfc, amygdala] = steadyState(here, reached);
  const [mirrorVmpfc, mirrorAmygdala] = steadyState(mirror, reached);
  const time = states.map((_, moment) => moment / 10);
  return {
    series: {
      time,
      input: time.map((moment) => (moment >= ON && moment < OFF ? size : 0)),
      amygdala: states.map((state) => state[1]),
      mirror_amygdala: mirrored.map((state) => state[1]),
      vmpfc: states.map((state) => state[0]),
      mirror_vmpfc: mirrored.map((state) => state[0]),
    },
    quantities: {
      product: upward * downward,
      amygdala,
      mirror_amygdala: mirrorAmygdala,
      vmpfc,
      mirror_vmpfc: mirrorVmpfc,
    },
    regime: upward === downward ? "same-wiring" : REGIMES[enters],
  };
}
