// Twin of models/need_shame_rage.py: the same arithmetic in the same order, so both agree exactly.
const ROUNDS = 12;
const START = 3;
const TOP = 10;
const HUM = [0.95, 1.05];
const STEPS = 12; // points drawn for each link

/** What each link hands on, as a share of what reaches it, after what interrupts. */
function shares(links, reply, repair, time) {
  const left = 1 - time / 100;
  const [needShame, shameRage, rageDistance, distanceNeed] = links.map((link) => link / 100 * left);
  return [needShame, shameRage, rageDistance * (1 - reply / 100), distanceNeed * (1 - repair / 100)];
}

const roundFactor = (links) => links[0] * links[1] * links[2] * links[3];

/** Need, shame, rage and distance in each round, and the need that the next one would begin with. */
function run(before, after, fromRound) {
  const rounds = [];
  let need = START;
  for (let number = 1; number <= ROUNDS; number += 1) {
    const links = number >= fromRound ? after : before;
    const shame = Math.min(TOP, need * links[0]);
    const rage = Math.min(TOP, shame * links[1]);
    const distance = Math.min(TOP, rage * links[2]);
    rounds.push([need, shame, rage, distance]);
    need = Math.min(TOP, distance * links[3]);
  }
  return [rounds, need];
}

/** The levels as a path: need at the top, then shame, rage, distance clockwise; further out is more. */
function path(levels) {
  return Array.from({ length: (levels.length - 1) * STEPS + 1 }, (_, step) => {
    const place = Math.floor(step / STEPS);
    const part = step % STEPS;
    let level = levels[place];
    if (part) level += (levels[place + 1] - level) * part / STEPS;
    const angle = 2 * Math.PI * (step % (4 * STEPS)) / (4 * STEPS);
    return [level * Math.sin(angle), level * Math.cos(angle)];
  });
}

function regime(factor) {
  if (factor === 0) return "open";
  if (factor < HUM[0]) return "dies-down";
  return factor <= HUM[1] ? "hums" : "grows";
}

export function simulate(parameters) {
  const { reply, repair, time, from_round: fromRound } = parameters;
  const links = [
    parameters.need_to_shame, parameters.shame_to_rage, parameters.rage_to_distance, parameters.distance_to_need,
  ];
  const before = shares(links, 0, 0, 0);
  const after = shares(links, reply, repair, time);
  const [felt, lastNeed] = run(before, after, fromRound);
  const factor = roundFactor(after);
  const drawn = path([...felt.flat(), lastNeed]);
  const turn = (fromRound - 1) * 4 * STEPS;
  const first = turn ? drawn.slice(0, turn + 1) : [];
  const rest = drawn.slice(turn);
  const ring = path(Array(5).fill(START));
  const column = (rows, index) => rows.map((row) => row[index]);
  return {
    series: {
      round: felt.map((_, index) => index + 1),
      need: column(felt, 0),
      shame: column(felt, 1),
      rage: column(felt, 2),
      distance: column(felt, 3),
      before_across: column(first, 0),
      before_up: column(first, 1),
      after_across: column(rest, 0),
      after_up: column(rest, 1),
      ring_across: column(ring, 0),
      ring_up: column(ring, 1),
      label_across: [0, TOP + 0.6, 0, -TOP - 0.6],
      label_up: [TOP + 1.4, 0, -TOP - 1.4, 0],
      turn_round: [fromRound, fromRound],
      turn_height: [0, TOP],
    },
    quantities: {
      factor_before: roundFactor(before),
      factor_after: factor,
      highest: Math.max(...felt.flat()),
      last_need: lastNeed,
    },
    regime: regime(factor),
  };
}
