// Twin of models/arousal_window.py: the same whole-number generator and the same arithmetic in the same order.
const MINUTES = 50;
const STEP = 0.2;
const EVENT = 15;
const ANSWER = 20;
const AFTER = 5;
const JUMPS = { "no-event": [0, 0], "letter-lifts": [4, 0], "letter-lowers": [-4, 0], "sharp-word": [3, 4] };
const MODULUS = 2 ** 31 - 1;
const MULTIPLIER = 48271;

/** Lehmer's generator; a call is one draw of mean 0 and variance 1: twelve uniform numbers, added, less six. */
function draws(seed) {
  let state = (seed * 1103515 + 224737) % MODULUS;
  return () => {
    let sum = 0;
    for (let count = 0; count < 12; count += 1) {
      state = (state * MULTIPLIER) % MODULUS;
      sum += state;
    }
    return sum / MODULUS - 6;
  };
}

const atMoment = (minute) => Math.round(minute / STEP);
const rounded = (value) => Math.floor(value * 1e6 + 0.5) / 1e6;
const corners = (lower, upper) => [lower, lower, upper, upper, lower];

function regime({ client_outside: client, therapist_outside: therapist, both_outside: both }) {
  if (client > 0 && therapist > 0) return both > 0 ? "both-outside" : "both-in-turn";
  if (client > 0) return "client-outside";
  return therapist > 0 ? "therapist-outside" : "both-inside";
}

export function simulate(parameters) {
  const { event, answer, half_life: halfLife, jitter, seed } = parameters;
  const { client_upper: clientUpper, client_lower: clientLower } = parameters;
  const { therapist_upper: therapistUpper, therapist_lower: therapistLower } = parameters;
  const k = Math.log(2) / halfLife;
  const sd = jitter / Math.sqrt(2 * k);
  const left = Math.exp(-k * STEP);
  const spread = sd * Math.sqrt(1 - left * left);
  const draw = draws(seed);
  const client = [0];
  const therapist = [0];
  const moments = atMoment(MINUTES) + 1;
  for (let moment = 1; moment < moments; moment += 1) {
    let [forClient, forTherapist] = moment === atMoment(EVENT) ? JUMPS[event] : [0, 0];
    if (moment === atMoment(ANSWER)) [forClient, forTherapist] = [answer, 0];
    client.push(client[moment - 1] * left + spread * draw() + forClient);
    therapist.push(therapist[moment - 1] * left + spread * draw() + forTherapist);
  }
  const share = (those) => (100 * those.filter(Boolean).length) / moments;
  const above = (values, line) => values.map((value) => rounded(value) > line);
  const below = (values, line) => values.map((value) => rounded(value) < line);
  const either = (one, other) => one.map((yes, index) => yes || other[index]);
  const outside = (values, out) => values.map((value, index) => (out[index] ? value : null));
  const clientAbove = above(client, clientUpper);
  const clientBelow = below(client, clientLower);
  const therapistAbove = above(therapist, therapistUpper);
  const therapistBelow = below(therapist, therapistLower);
  const clientOut = either(clientAbove, clientBelow);
  const therapistOut = either(therapistAbove, therapistBelow);
  const quantities = {
    client_outside: share(clientOut),
    client_above: share(clientAbove),
    client_below: share(clientBelow),
    therapist_outside: share(therapistOut),
    therapist_above: share(therapistAbove),
    therapist_below: share(therapistBelow),
    both_outside: share(clientOut.map((yes, index) => yes && therapistOut[index])),
    client_before: client[atMoment(ANSWER) - 1],
    client_after: client[atMoment(ANSWER + AFTER)],
    client_highest: Math.max(...client),
    client_lowest: Math.min(...client),
    therapist_highest: Math.max(...therapist),
    therapist_lowest: Math.min(...therapist),
    sd,
  };
  const happens = event === "no-event" ? null : EVENT;
  const steps = answer === 0 ? null : ANSWER;
  const top = Math.max(clientUpper, quantities.client_highest);
  const bottom = Math.min(clientLower, quantities.client_lowest);
  const all = (value) => Array(moments).fill(value);
  return {
    series: {
      time: client.map((_, moment) => (moment * 2) / 10),
      client,
      therapist,
      client_out: outside(client, clientOut),
      therapist_out: outside(therapist, therapistOut),
      client_upper_line: all(clientUpper),
      client_lower_line: all(clientLower),
      therapist_upper_line: all(therapistUpper),
      therapist_lower_line: all(therapistLower),
      band_time: [-1, MINUTES + 1, MINUTES + 1, -1, -1], // its ends lie outside the drawing
      client_band: corners(clientLower, clientUpper),
      therapist_band: corners(therapistLower, therapistUpper),
      mark_time: [happens, happens, null, steps, steps],
      mark_height: [bottom, top, null, bottom, top],
      mark_label_time: [happens, steps],
      mark_label_height: [top, top],
    },
    quantities,
    regime: regime(quantities),
  };
}
