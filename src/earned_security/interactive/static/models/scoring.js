// Scoring a questionnaire by its key: the twin of assessment/scoring.py. Means and a band, never a type.

/** How many answers of a scale the band moves by one point. */
export const MOVED = 2;

/** The items that some scale uses, in order. */
export const scored = ({ scales }) => [...new Set(scales.flatMap(({ items }) => items))].sort((one, other) => one - other);

/**
 * `{ scores }`, one `{ scale, mean, low, high }` for each scale; or `{ missing, outside, unknown }`, item numbers
 * that stand in the way of a score. `answers`: numbers by item number.
 */
export function score(instrument, answers) {
  const { lowest, highest, items, scales } = instrument;
  const given = (item) => answers[item] !== undefined && answers[item] !== null;
  const fits = (answer) => Number.isInteger(answer) && answer >= lowest && answer <= highest;
  const known = Array.from({ length: items }, (_, index) => index + 1);
  const missing = scored(instrument).filter((item) => !given(item));
  const outside = known.filter((item) => given(item) && !fits(answers[item]));
  const unknown = Object.keys(answers).map(Number).filter((item) => !known.includes(item));
  if (missing.length || outside.length || unknown.length) return { missing, outside, unknown };
  return { scores: scales.map((scale) => scoreOf(scale, lowest, highest, answers)) };
}

function scoreOf(scale, lowest, highest, answers) {
  const counted = scale.items.map((item) => (scale.reversed.includes(item) ? lowest + highest - answers[item] : answers[item]));
  const total = counted.reduce((sum, answer) => sum + answer, 0);
  const number = counted.length;
  const down = Math.min(MOVED, counted.filter((answer) => answer > lowest).length);
  const up = Math.min(MOVED, counted.filter((answer) => answer < highest).length);
  return { scale: scale.id, mean: total / number, low: (total - down) / number, high: (total + up) / number };
}
