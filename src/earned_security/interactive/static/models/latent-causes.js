// Twin of models/latent_causes.py: the same arithmetic in the same order.
const LEARNING_RATE = 0.3;
const OUTCOME_VARIANCE = 0.4;
const CUE_VARIANCE = 1;
const THRESHOLD = 0.02;
const MOST_UPDATES = 3;
const MOST_CAUSES = 15;
const CONSOLIDATION = 20;
const RETURNED = 0.5;

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const shares = (numbers) => { const total = sum(numbers); return numbers.map((number) => number / total); };

/** The complementary error function, to about twelve digits: a series near 0, a continued fraction far out. */
function erfc(x) {
  if (x < 0) return 2 - erfc(-x);
  if (x < 2.5) {
    let term = x;
    let total = x;
    for (let n = 1; term > 1e-17 * total; n += 1) {
      term *= (2 * x * x) / (2 * n + 1);
      total += term;
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
  }
  let below = x;
  for (let n = 60; n > 0; n -= 1) below = x + n / 2 / below;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * below);
}

const response = (value, spread) => 0.5 * erfc((THRESHOLD - value) / (spread * Math.SQRT2));

function protocol(acquisition, interval, extinction, delay) {
  const pause = (length) => Array(length).fill(0);
  const gaps = [...pause(acquisition - 1), CONSOLIDATION, interval, ...pause(extinction - 1), delay];
  const times = [1];
  for (const gap of gaps) times.push(times.at(-1) + 1 + gap);
  return times;
}

/** How probable each cause is once the cue is seen and before the outcome; the last one is the new one. */
function fromCue(times, causes, time, alpha, count) {
  const prior = Array(count).fill(0);
  const members = Array(count).fill(0);
  causes.forEach((cause, trial) => {
    prior[cause] += 1 / (time - times[trial]);
    members[cause] += 1;
  });
  if (!members.at(-1)) prior[count - 1] = alpha;
  return shares(prior.map((weight, cause) => {
    const mean = members[cause] / (members[cause] + CUE_VARIANCE);
    const variance = CUE_VARIANCE / (members[cause] + CUE_VARIANCE) + CUE_VARIANCE;
    return (weight * Math.exp(-((1 - mean) ** 2) / (2 * variance))) / Math.sqrt(variance);
  }));
}

function run(times, outcomes, alpha, spread) {
  let weights = [0];
  const causes = [];
  return times.map((time, trial) => {
    const outcome = outcomes[trial];
    const expected = fromCue(times, causes, time, alpha, weights.length);
    const value = sum(expected.map((share, cause) => share * weights[cause]));
    const updates = trial === times.length - 1 ? 1 : Math.min(MOST_UPDATES, times[trial + 1] - time);
    let inferred;
    for (let update = 0; update < updates; update += 1) {
      inferred = shares(expected.map((share, cause) =>
        share * Math.exp(-((outcome - weights[cause]) ** 2) / (2 * OUTCOME_VARIANCE))));
      weights = weights.map((weight, cause) => weight + LEARNING_RATE * (outcome - weight) * inferred[cause]);
    }
    const rounded = inferred.map((share) => Math.floor(share * 1e9 + 0.5));
    const cause = rounded.indexOf(Math.max(...rounded));
    causes.push(cause);
    if (cause === weights.length - 1 && cause < MOST_CAUSES - 1) weights.push(0);
    return { value, response: response(value, spread), cause: cause + 1, firstCause: inferred[0] };
  });
}

function regime(quantities, pause) {
  const seen = (name) => Math.floor(quantities[name] * 1e6 + 0.5) / 1e6;
  if (Math.max(seen("end_response"), seen("end_response_plain")) >= RETURNED) return "not-extinguished";
  const returned = seen("test_response") >= RETURNED;
  const returnedPlain = seen("test_response_plain") >= RETURNED;
  if (!pause) return returned ? "plain-returns" : "plain-stays-low";
  if (returned) return returnedPlain ? "both-return" : "only-with-pause";
  return returnedPlain ? "less-returns" : "neither-returns";
}

export function simulate(parameters) {
  const { interval, extinction_trials: extinction, test_delay: delay, acquisition_trials: acquisition } = parameters;
  const { alpha, spread } = parameters;
  const outcomes = [...Array(acquisition).fill(1), ...Array(extinction + 2).fill(0)];
  const times = protocol(acquisition, interval, extinction, delay);
  const shown = run(times, outcomes, alpha, spread);
  const plain = run(protocol(acquisition, 0, extinction, delay), outcomes, alpha, spread);
  const reminder = acquisition + 1;
  const last = reminder + extinction;
  const ends = [acquisition + 0.5, reminder + 0.5, last + 0.5];
  const [shownEnd, shownTest] = shown.slice(-2);
  const [plainEnd, plainTest] = plain.slice(-2);
  const quantities = {
    test_response: shownTest.response,
    test_response_plain: plainTest.response,
    test_value: shownTest.value,
    test_value_plain: plainTest.value,
    end_response: shownEnd.response,
    end_response_plain: plainEnd.response,
    end_cause: shownEnd.cause,
    end_cause_plain: plainEnd.cause,
    reminder_cause: shown[acquisition].cause,
  };
  return {
    series: {
      trial: Array.from({ length: last + 1 }, (_, trial) => trial + 1),
      time: times,
      outcome: outcomes,
      response: shown.map((step) => step.response),
      response_plain: plain.map((step) => step.response),
      value: shown.map((step) => step.value),
      value_plain: plain.map((step) => step.value),
      first_cause: shown.map((step) => step.firstCause),
      first_cause_plain: plain.map((step) => step.firstCause),
      cause: shown.map((step) => step.cause),
      cause_plain: plain.map((step) => step.cause),
      phase_trial: ends.flatMap((end) => [end, end, null]),
      phase_height: ends.flatMap(() => [0, 1, null]),
      label_trial: [(acquisition + 1) / 2, reminder, reminder + (extinction + 1) / 2, last + 1],
      label_height: Array(4).fill(1.18),
    },
    quantities,
    regime: regime(quantities, interval),
  };
}
