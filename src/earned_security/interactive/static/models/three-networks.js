// Twin of models/three_networks.py: the same arithmetic in the same order, so both agree exactly.
const EVENTS = [[5, 0.4], [25, 0.7], [45, 1]];
const LASTING = 8;
const END = 70;
const STANDING = 0.8;
const STEP = 0.025;
const SHOWN = 2;
const LEAD_HEIGHT = 1.1;

const cut = (value) => Math.min(1, Math.max(0, value));

function eventAt(tenth) {
  const now = EVENTS.find(([begin]) => 10 * begin <= tenth && tenth < 10 * (begin + LASTING));
  return now ? now[1] : 0;
}

/** The change of (S, D, E) per time unit. */
const change = ([salience, standard, executive], event, { switching, threshold, rivalry, task }) => [
  cut(event - threshold) - salience,
  cut(STANDING - switching * salience - rivalry * executive) - standard,
  cut(task + switching * salience - rivalry * standard) - executive,
];

/** A state at which nothing moves while nothing happens; where there are two, the one in which D leads. */
function rest({ rivalry, task }) {
  if (task <= rivalry * STANDING) return [0, STANDING, 0];
  if (rivalry * task >= STANDING) return [0, 0, task];
  const share = 1 - rivalry * rivalry;
  return [0, (STANDING - rivalry * task) / share, (task - rivalry * STANDING) / share];
}

const on = (state, slope, step) => [
  state[0] + step * slope[0], state[1] + step * slope[1], state[2] + step * slope[2],
];

/** (S, D, E) from rest, every tenth of a time unit to END: fourth-order Runge-Kutta in smaller steps. */
function run(settings) {
  let state = rest(settings);
  const states = [state];
  for (let tenth = 0; tenth < 10 * END; tenth += 1) {
    const event = eventAt(tenth);
    for (let step = 0; step < 4; step += 1) {
      const first = change(state, event, settings);
      const second = change(on(state, first, STEP / 2), event, settings);
      const third = change(on(state, second, STEP / 2), event, settings);
      const fourth = change(on(state, third, STEP), event, settings);
      state = [
        state[0] + STEP / 6 * (first[0] + 2 * second[0] + 2 * third[0] + fourth[0]),
        state[1] + STEP / 6 * (first[1] + 2 * second[1] + 2 * third[1] + fourth[1]),
        state[2] + STEP / 6 * (first[2] + 2 * second[2] + 2 * third[2] + fourth[2]),
      ];
    }
    states.push(state);
  }
  return states;
}

const leads = ([, standard, executive]) => Math.floor((executive - standard) * 1e6 + 0.5) > 0;

function regime(ahead, { handed }) {
  if (ahead[0]) return "executive-throughout";
  if (ahead.at(-1)) return "stays";
  if (!ahead.includes(true)) return "never";
  return handed === EVENTS.length ? "every-event" : "some-events";
}

export function simulate(parameters) {
  const states = run(parameters);
  const ahead = states.map(leads);
  const begins = [...EVENTS.map(([begin]) => 10 * begin), 10 * END + 1];
  const shown = Array.from({ length: 10 * END / SHOWN + 1 }, (_, index) => index * SHOWN);
  const quantities = {
    handed: EVENTS.filter((_, index) => ahead.slice(begins[index], begins[index + 1]).includes(true)).length,
    executive_share: (100 * ahead.filter(Boolean).length) / ahead.length,
    salience_highest: Math.max(...states.map((state) => state[0])),
    executive_highest: Math.max(...states.map((state) => state[2])),
    default_lowest: Math.min(...states.map((state) => state[1])),
    ...(ahead.includes(true)
      ? { first_leads: ahead.indexOf(true) / 10, last_leads: ahead.lastIndexOf(true) / 10 } : {}),
  };
  return {
    series: {
      time: shown.map((tenth) => tenth / 10),
      event: shown.map(eventAt),
      threshold: shown.map(() => parameters.threshold),
      salience: shown.map((tenth) => states[tenth][0]),
      default: shown.map((tenth) => states[tenth][1]),
      executive: shown.map((tenth) => states[tenth][2]),
      leads: shown.map((tenth) => Number(ahead[tenth])),
      lead_mark: shown.map((tenth) => (ahead[tenth] ? LEAD_HEIGHT : null)),
    },
    quantities,
    regime: regime(ahead, quantities),
  };
}
