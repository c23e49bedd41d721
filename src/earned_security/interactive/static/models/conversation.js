// Twin of models/conversation.py: the same arithmetic in the same order, so both agree exactly.
const SET_POINT = 0.25;
const WARM_SLOPE = 0.12;
const WARM_STEP = 0.3;
const THRESHOLD = 0.2;
const TURNS = 30;
const RUPTURE_FROM = 5;
const RUPTURE_TURNS = 3;
const SETTLING = 30;
const WATCHED = 8;
const GRID = Array.from({ length: 15 }, (_, place) => (place - 8) * 0.25);

/** What a score of one person adds to the other's next turn. */
function influence({ shape, hurt }, score) {
  if (shape === "bilinear") return (score > 0 ? WARM_SLOPE : WARM_SLOPE * hurt) * score;
  if (score > THRESHOLD) return WARM_STEP;
  return score < -THRESHOLD ? -WARM_STEP * hurt : 0;
}

const own = (talk, score) => talk.drift + talk.inertia * score + (score < talk.repairBelow ? talk.repair : 0);

const turn = (talk, [first, second], push = 0) => [
  own(talk, first) + influence(talk, second),
  own(talk, second) + influence(talk, first) + push,
];

function ending(talk, scores) {
  let now = scores;
  for (let count = 0; count < SETTLING; count += 1) {
    if (Math.min(...now) > THRESHOLD) return "warm";
    now = turn(talk, now);
  }
  const watched = [now];
  for (let count = 0; count < WATCHED; count += 1) watched.push(turn(talk, watched.at(-1)));
  if (watched.every((pair) => Math.max(...pair) < -THRESHOLD)) return "cold";
  return watched.every((pair) => Math.min(...pair) > THRESHOLD) ? "warm" : "swings";
}

/** The influence function as straight pieces: from, to, intercept, slope. */
function pieces({ shape, hurt }) {
  const [low, high] = [GRID[0], GRID.at(-1)];
  return shape === "bilinear"
    ? [[low, 0, 0, WARM_SLOPE * hurt], [0, high, 0, WARM_SLOPE]]
    : [[low, -THRESHOLD, -WARM_STEP * hurt, 0], [-THRESHOLD, THRESHOLD, 0, 0], [THRESHOLD, high, WARM_STEP, 0]];
}

/** Both ends of one piece of the null-cline, as far as the own score lies from low to high; or nothing. */
function clipped(talk, [from, to, intercept, slope], repair, low, high) {
  const steep = slope / (1 - talk.inertia);
  const base = (talk.drift + repair + intercept) / (1 - talk.inertia);
  if (steep === 0) return low <= base && base < high ? [[from, base], [to, base]] : [];
  const start = Math.max(from, (low - base) / steep);
  const end = Math.min(to, (high - base) / steep);
  return start < end ? [[start, base + steep * start], [end, base + steep * end]] : [];
}

/** Where a person's score would stay as it is: points (the other's score, own score); nulls part the pieces. */
const nullCline = (talk) => pieces(talk).flatMap((piece) => [
  clipped(talk, piece, 0, talk.repairBelow, Infinity),
  clipped(talk, piece, talk.repair, -Infinity, talk.repairBelow),
]).filter((ends) => ends.length).flatMap((ends) => [...ends, [null, null]]);

function basins(talk) {
  const ends = new Map();
  const found = { warm: [], cold: [], swings: [] };
  for (const first of GRID) {
    for (const second of GRID) {
      const end = ends.get(`${second} ${first}`) ?? ending(talk, [first, second]);
      ends.set(`${first} ${second}`, end);
      found[end].push([first, second]);
    }
  }
  return found;
}

function regime(ends, endsUnaided, called) {
  if (ends === "warm") {
    if (!called) return "returns-unaided";
    return endsUnaided === "warm" ? "returns-sooner" : "returns-with-repair";
  }
  if (ends === "swings") return called ? "swings-with-repair" : "swings";
  return called ? "stuck-despite-repair" : "stuck";
}

export function simulate(parameters) {
  const { influence: shape, rupture, repair, repair_below: repairBelow, hurt, inertia } = parameters;
  const talk = { drift: (1 - inertia) * SET_POINT, inertia, shape, hurt, repair, repairBelow };
  const left = 1 - inertia;
  const start = shape === "bilinear"
    ? (talk.drift * left + WARM_SLOPE * talk.drift) / (left * left - WARM_SLOPE * WARM_SLOPE)
    : (talk.drift + WARM_STEP) / left;
  const path = [[start, start]];
  for (let count = 0; count < TURNS; count += 1) {
    const struck = RUPTURE_FROM <= count && count < RUPTURE_FROM + RUPTURE_TURNS;
    path.push(turn(talk, path.at(-1), struck ? -rupture : 0));
  }
  const after = RUPTURE_FROM + RUPTURE_TURNS;
  const called = path.map((pair) => pair.filter((score) => repair > 0 && score < repairBelow).length);
  const calls = called.reduce((sum, count) => sum + count, 0);
  const alone = { ...talk, repair: 0 };
  let unaided = path[RUPTURE_FROM];
  for (let count = 0; count < RUPTURE_TURNS; count += 1) unaided = turn(alone, unaided, -rupture);
  const ends = ending(talk, path[after]);
  const endsUnaided = ending(alone, unaided);
  const found = basins(talk);
  const still = nullCline(talk);
  const first = path.map(([score]) => score);
  const second = path.map(([, score]) => score);
  const late = path.slice(-WATCHED).flat();
  const quantities = {
    start,
    lowest_first: Math.min(...first),
    lowest_second: Math.min(...second),
    end_first: first.at(-1),
    end_second: second.at(-1),
    late_low: Math.min(...late),
    late_high: Math.max(...late),
    repairs: calls,
    warm_share: (100 * found.warm.length) / GRID.length ** 2,
  };
  if (ends === "warm") {
    const last = path.findLastIndex((pair) => Math.min(...pair) <= THRESHOLD);
    quantities.turns_apart = last < 0 ? 0 : Math.max(0, last + 1 - RUPTURE_FROM);
  }
  return {
    series: {
      turn: path.map((_, index) => index),
      first, second,
      repairs: called,
      struck_first: [path[after][0]],
      struck_second: [path[after][1]],
      struck_turn: [after],
      line_turn: [0, TURNS],
      line_repair: [repairBelow, repairBelow],
      still_own: still.map(([, score]) => score),
      still_other: still.map(([score]) => score),
      ...Object.fromEntries(Object.entries(found).flatMap(([name, pairs]) => [
        [`${name}_first`, pairs.map(([score]) => score)], [`${name}_second`, pairs.map(([, score]) => score)]])),
    },
    quantities,
    regime: regime(ends, endsUnaided, calls),
  };
}
