// Twin of models/overlapping_predictors.py: the same arithmetic in the same order, so both agree exactly.
const LITTLE = 0.005;
const NOTHING = 0.0005;

function possible(first, second, overlap) {
  const squares = first * first + second * second + overlap * overlap;
  return 1 - squares + 2 * first * second * overlap >= -1e-9;
}

/** What the first predictor explains beyond the second: its squared semipartial correlation. */
function ownPart(first, second, overlap) {
  const beyond = first - second * overlap;
  return beyond * beyond / (1 - overlap * overlap);
}

const explained = (first, second, overlap) => Math.min(1, second * second + ownPart(first, second, overlap));

const box = (left, right, low, high) => [[left, right, right, left, left], [low, low, high, high, low]];

/** R squared in percent at overlaps from -.95 to .95; null where impossible or above `top`. */
function curve(first, second, top) {
  const overlaps = Array.from({ length: 191 }, (_, step) => (step - 95) / 100);
  const values = overlaps.map((overlap) => {
    if (!possible(first, second, overlap)) return null;
    const value = 100 * explained(first, second, overlap);
    return value <= top ? value : null;
  });
  return { curve_overlap: overlaps, curve_explained: values };
}

function regimeOf(together, shared, least) {
  if (together < 100 * NOTHING) return "nothing";
  if (Math.abs(shared) < 100 * NOTHING) return "adds-up";
  if (shared < 0) return "more-together";
  return least < 100 * LITTLE ? "adds-little" : "shares";
}

export function simulate({ first, second, overlap }) {
  const aloneFirst = 100 * first * first;
  const aloneSecond = 100 * second * second;
  const added = aloneFirst + aloneSecond;
  const width = Math.sqrt((1 - first * first) * (1 - second * second));
  const quantities = {
    alone_first: aloneFirst,
    alone_second: aloneSecond,
    added,
    sum_of_r: first + second,
    lowest_overlap: first * second - width,
    highest_overlap: first * second + width,
  };
  const series = {
    row: [1, 2, 3, 4],
    row_r: [first, second, null, first + second],
    row_explained: [aloneFirst, aloneSecond, null, added],
    row_own: [null, null, null, null],
    simple_overlap: [-0.95, 0.95],
    simple_explained: [added, added],
  };
  const boxes = { whole: [0, 100, 0, 1], added: [0, added, 0.6, 1.4] };
  let regime = "impossible";
  let top = 2 * added;
  if (possible(first, second, overlap)) {
    const together = 100 * explained(first, second, overlap);
    const ownFirst = 100 * ownPart(first, second, overlap);
    const ownSecond = 100 * ownPart(second, first, overlap);
    const shared = added - together;
    top = Math.max(2 * added, 1.15 * together);
    regime = regimeOf(together, shared, Math.min(ownFirst, ownSecond));
    Object.assign(quantities, {
      together,
      own_first: ownFirst,
      own_second: ownSecond,
      shared,
      gained: -shared,
      unexplained: 100 - together,
      multiple_r: Math.sqrt(together / 100),
    });
    series.row_r[2] = quantities.multiple_r;
    series.row_explained[2] = together;
    series.row_own = [ownFirst, ownSecond, null, null];
    boxes.explained = [0, together, 0, 1];
    boxes.first = [0, aloneFirst, 3.6, 4.4];
    boxes.second = [together - aloneSecond, together, 2.6, 3.4];
    boxes.together = [0, together, 1.6, 2.4];
    // Where shared, the two rows lie over each other; where they gain together, a gap lies between them.
    if (shared > 0) boxes.shared = [aloneFirst - shared, aloneFirst, 2.6, 4.4];
    else if (shared < 0) boxes.gained = [aloneFirst, aloneFirst - shared, 2.6, 4.4];
    Object.assign(series, { now_overlap: [overlap], now_explained: [together], never_overlap: [], never_explained: [] });
    Object.assign(series, { word_across: [], word_up: [] });
  } else {
    Object.assign(series, { now_overlap: [], now_explained: [], never_overlap: [overlap], never_explained: [0] });
    Object.assign(series, { word_across: [added / 2], word_up: [3] });
  }
  for (const name of ["whole", "explained", "first", "second", "together", "added", "shared", "gained"]) {
    [series[`${name}_across`], series[`${name}_up`]] = boxes[name] ? box(...boxes[name]) : [[], []];
  }
  series.edge_across = [0, 1.04 * Math.max(added, quantities.together ?? 0)];
  series.edge_up = [0.6, 0.6];
  return { series: { ...series, ...curve(first, second, top) }, quantities, regime };
}
