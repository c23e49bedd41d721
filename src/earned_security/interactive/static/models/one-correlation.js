// Twin of models/one_correlation.py: the same arithmetic in the same order, and the same people drawn.
const NINETY_FIVE = 1.96;
const EDGES = Array.from({ length: 17 }, (_, step) => -4 + 0.5 * step);

const aboveOf100 = (r) => 50 + 100 * Math.asin(r) / Math.PI;

/** The share of a standard normal distribution below `z`: Marsaglia's series. */
function below(z) {
  if (Math.abs(z) > 8) return z < 0 ? 0 : 1;
  let total = 0;
  let term = Math.abs(z);
  let place = 1;
  while (total + term !== total) {
    total += term;
    place += 2;
    term *= z * z / place;
  }
  const half = total * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  return z > 0 ? 0.5 + half : 0.5 - half;
}

/** Park and Miller's generator; every product is a whole number below 2^53. */
function uniforms(sample) {
  let state = (sample * sample * 69621 + 123456789) % 2147483647;
  return () => {
    state = state * 16807 % 2147483647;
    return state / 2147483647;
  };
}

/** People drawn at random, each with a place on both measures. */
function people(r, left, count, sample) {
  const next = uniforms(sample);
  return Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(next()));
    const angle = 2 * Math.PI * next();
    const first = radius * Math.cos(angle);
    return [first, r * first + left * (radius * Math.sin(angle))];
  });
}

const sum = (values) => values.reduce((total, value) => total + value, 0);

function correlation(points) {
  const meanX = sum(points.map(([x]) => x)) / points.length;
  const meanY = sum(points.map(([, y]) => y)) / points.length;
  const across = sum(points.map(([x, y]) => (x - meanX) * (y - meanY)));
  const squareX = sum(points.map(([x]) => (x - meanX) * (x - meanX)));
  const squareY = sum(points.map(([, y]) => (y - meanY) * (y - meanY)));
  return across / Math.sqrt(squareX * squareY);
}

function density(value, mean, deviation) {
  const z = (value - mean) / deviation;
  return Math.exp(-z * z / 2) / (deviation * Math.sqrt(2 * Math.PI));
}

/** Percent of a normal distribution in each bin. */
function shares(mean, deviation) {
  const cumulated = EDGES.map((edge) => below((edge - mean) / deviation));
  return cumulated.slice(1).map((high, index) => 100 * (high - cumulated[index]));
}

function regime(distance, left, error) {
  if (distance <= NINETY_FIVE * error) return "neither";
  return distance <= NINETY_FIVE * left ? "group-only" : "person-too";
}

export function simulate({ r, place, group, count, sample }) {
  const left = Math.sqrt(1 - r * r);
  const drawn = people(r, left, count, sample);
  const sign = r < 0 ? -1 : 1;
  const fits = ([x, y]) => (sign * x > 0) === (y > 0);
  const right = drawn.filter(fits);
  const wrong = drawn.filter((point) => !fits(point));
  const expected = r * place;
  const error = left / Math.sqrt(group);
  const around = (deviation) => [expected - NINETY_FIVE * deviation, expected + NINETY_FIVE * deviation];
  const person = around(left);
  const mean = around(error);
  const values = Array.from({ length: 161 }, (_, step) => -4 + step / 20);
  const highest = 1 / (left * Math.sqrt(2 * Math.PI));
  const column = (points, index) => points.map((point) => point[index]);
  return {
    series: {
      bin_from: EDGES.slice(0, -1),
      bin_to: EDGES.slice(1),
      bin_everyone: shares(0, 1),
      bin_alike: shares(expected, left),
      bin_means: shares(expected, error),
      bin_drawn: EDGES.slice(1).map((high, index) => drawn.filter(([, y]) => EDGES[index] <= y && y < high).length),
      right_first: column(right, 0),
      right_second: column(right, 1),
      wrong_first: column(wrong, 0),
      wrong_second: column(wrong, 1),
      line_first: [-4, 4],
      line_second: [-4 * r, 4 * r],
      person_first: [place, place],
      person_second: person,
      value: values,
      everyone: values.map((value) => density(value, 0, 1)),
      alike: values.map((value) => density(value, expected, left)),
      range_value: person,
      range_height: [-0.14 * highest, -0.14 * highest],
      mean_value: mean,
      mean_height: [-0.3 * highest, -0.3 * highest],
    },
    quantities: {
      above: aboveOf100(r),
      guessed_right: aboveOf100(Math.abs(r)),
      explained: 100 * r * r,
      spread: left,
      spread_percent: 100 * left,
      expected,
      person_low: person[0],
      person_high: person[1],
      group_low: mean[0],
      group_high: mean[1],
      likely_above: 100 * below(expected / left),
      wrong: wrong.length,
      sample_r: correlation(drawn),
    },
    regime: regime(Math.abs(expected), left, error),
  };
}
