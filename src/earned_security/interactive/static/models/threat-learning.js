// Twin of models/threat_learning.py: the same arithmetic in the same order, so both agree exactly.
const LOW = 0.2;

function learn(outcomes, { kappa, eta, start }) {
  const expected = [0];
  const associability = [start];
  for (const outcome of outcomes) {
    const value = expected.at(-1);
    const before = associability.at(-1);
    const surprise = outcome - value;
    expected.push(value + kappa * before * surprise);
    associability.push(Math.min(1, eta * Math.abs(surprise) + (1 - eta) * before));
  }
  return [expected, associability];
}

/** On which safe-phase trials the frame is not kept, evenly spread. */
function lapses(safe, consistency) {
  const missed = (trial) => Math.floor((trial * (100 - consistency) + 50) / 100);
  return Array.from({ length: safe }, (_, index) => missed(index + 1) > missed(index));
}

/** After how many trials expected threat is low and stays so to the end; null if it does not. */
function settled(values) {
  if (values.at(-1) >= LOW) return null;
  return values.findLastIndex((value) => value >= LOW) + 1;
}

function regime(quantities, kept, pause) {
  if (quantities.after_danger < LOW) return "little-learned";
  if (pause) return "nothing-returns";
  if (!quantities.lapses) return kept !== null ? "kept-settles" : "kept-needs-longer";
  if (kept === null) return "mixed-needs-longer";
  if (quantities.highest_late_mixed < LOW) return "mixed-settles";
  return quantities.lowest_late_mixed < LOW ? "mixed-lifted" : "mixed-unsettled";
}

export function simulate(parameters) {
  const { danger_trials: danger, safe_trials: safe, pause } = parameters;
  const settings = parameters.model === "rescorla-wagner"
    ? { kappa: parameters.learning_rate, eta: 0, start: 1 }
    : { kappa: parameters.learning_rate, eta: parameters.eta, start: parameters.start_associability };
  const missed = lapses(safe, parameters.consistency);
  const fill = (count, value) => Array(count).fill(value);
  const run = (lapse) => learn([...fill(danger, 1), ...lapse.map(Number)], settings)
    .map((values) => [...values, ...fill(pause, values.at(-1))]); // no trial, no change
  const [kept, keptAssociability] = run(fill(safe, false));
  const [mixed, mixedAssociability] = run(missed);
  const last = danger + safe;
  const lapseTrials = missed.flatMap((lapse, index) => (lapse ? [danger + index + 1] : []));
  const late = mixed.slice(danger + Math.floor((safe + 1) / 2), last + 1);
  const settledKept = settled(kept.slice(danger, last + 1));
  const settledMixed = settled(mixed.slice(danger, last + 1));
  const quantities = {
    after_danger: kept[danger],
    end_kept: kept[last],
    end_mixed: mixed[last],
    lapses: lapseTrials.length,
    lowest_late_mixed: Math.min(...late),
    highest_late_mixed: Math.max(...late),
    after_pause: mixed[last + pause],
    ...(settledKept === null ? {} : { trials_kept: settledKept }),
    ...(settledMixed === null ? {} : { trials_mixed: settledMixed }),
  };
  const ends = pause ? [danger + 0.5, last + 0.5] : [danger + 0.5];
  const middles = [(danger + 0.5) / 2, danger + 0.5 + safe / 2, ...(pause ? [last + 0.5 + pause / 2] : [])];
  return {
    series: {
      trial: Array.from({ length: last + pause + 1 }, (_, trial) => trial),
      danger_followed: [null, ...fill(danger, 1), ...missed.map(Number), ...fill(pause, null)],
      expected_kept: kept,
      expected_mixed: mixed,
      associability_kept: keptAssociability,
      associability_mixed: mixedAssociability,
      lapse_trial: lapseTrials,
      lapse_expected: lapseTrials.map((trial) => mixed[trial]),
      phase_trial: ends.flatMap((end) => [end, end, null]),
      phase_height: ends.flatMap(() => [0, 1, null]),
      label_trial: middles,
      label_height: middles.map(() => 1.1),
    },
    quantities,
    regime: regime(quantities, settledKept, pause),
  };
}
