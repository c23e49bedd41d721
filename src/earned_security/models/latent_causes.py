"""When fear returns: learning that first infers which hidden situation a trial belongs to.

Latent-cause-modulated Rescorla-Wagner (Gershman, Monfils, Norman and Niv, 2017), written from its equations. One
cue is present on every trial. A trial's outcome is 1 (harm) or 0. Before trial t, with causes k met so far:

- prior: ``P(k) ~ sum over earlier trials s of cause k of |time_t - time_s| ** -g``; a cause never met: ``alpha``;
- cue: ``N(1; n_k / (n_k + sx), sx / (n_k + sx) + sx)``, mean and variance, for a cause that had ``n_k`` trials;
- expectation: ``V = sum_k q_k w_k`` with ``q_k ~ P(k) * cue_k``; response: ``CR = 1 - Phi((theta - V) / spread)``.

After the outcome r, as often as there are time units to the next trial, at most three times (once after the last):
``p_k ~ q_k * N(r; w_k, sr)``, then ``w_k <- w_k + eta (r - w_k) p_k``. The trial then belongs to the likeliest cause.

Also here: the simpler companion model of Gershman and Hartley (2015), with binary features and counted outcomes.

Limits: a time unit has no fixed length. Each trial goes to one cause as a whole, so results change by leaps.
Threshold and spread turn small differences of V into large ones of CR. The effect in people that the model
accounts for was not found again in a registered replication (Chalkia et al., 2020). Conditioning, not therapy.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from earned_security.models.model import Model, Range, Result

TIME_DECAY = 1.0
"""g: how fast earlier trials lose weight with time."""
LEARNING_RATE = 0.3
"""eta: the share of a surprise that a cause learns, if the trial surely belongs to it."""
OUTCOME_VARIANCE = 0.4
CUE_VARIANCE = 1.0
THRESHOLD = 0.02
"""theta: the expectation at which half the full response is given."""
MOST_UPDATES = 3
MOST_CAUSES = 15
CONSOLIDATION = 20
"""Time units between acquisition and what follows it."""
RETURNED = 0.5
"""From here on a response at the test counts as returned. A line drawn for teaching."""


class Step(NamedTuple):
    """One trial: expectation V (0 to 1) and response CR (0 to 1) before the outcome; after it, the cause it went
    to (1, 2, ...) and how probable the first cause was (0 to 1)."""

    value: float
    response: float
    cause: int
    first_cause: float


def protocol(acquisition: int, interval: int, extinction: int, delay: int) -> tuple[list[float], list[float]]:
    """Times (in units, from 1) and outcomes: acquisition, one trial without harm, extinction, one test.

    Trials follow each other by one unit; pauses come on top of that: 20 units after acquisition, ``interval``
    after the one trial (0: it is simply the first of extinction), ``delay`` before the test.
    """
    gaps = [0] * (acquisition - 1) + [CONSOLIDATION, interval] + [0] * (extinction - 1) + [delay]
    times = [1.0]
    for gap in gaps:
        times.append(times[-1] + 1 + gap)
    return times, [1.0] * acquisition + [0.0] * (extinction + 2)


def run(times: Sequence[float], outcomes: Sequence[float], alpha: float, spread: float) -> list[Step]:
    """The model over trials at these times (rising).

    Args:
        times: when each trial happens, in units.
        outcomes: 1 harm, 0 none.
        alpha: the weight of a cause never met, above 0.
        spread: how gradually the response rises with the expectation (lambda), above 0.
    """
    weights = [0.0]
    causes: list[int] = []
    steps = []
    for trial, (time, outcome) in enumerate(zip(times, outcomes, strict=True)):
        expected = _from_cue(times, causes, time, alpha, len(weights))
        value = sum(share * weight for share, weight in zip(expected, weights, strict=True))
        last = trial == len(times) - 1
        updates = 1 if last else min(MOST_UPDATES, round(times[trial + 1] - time))
        for _ in range(updates):
            inferred = _shares(
                [
                    share * math.exp(-((outcome - weight) ** 2) / (2 * OUTCOME_VARIANCE))
                    for share, weight in zip(expected, weights, strict=True)
                ]
            )
            weights = [
                weight + LEARNING_RATE * (outcome - weight) * share
                for weight, share in zip(weights, inferred, strict=True)
            ]
        # Equal up to the last digits counts as equal, and the earlier cause is taken: any machine decides alike.
        rounded = [math.floor(share * 1e9 + 0.5) for share in inferred]
        cause = rounded.index(max(rounded))
        causes.append(cause)
        if cause == len(weights) - 1 < MOST_CAUSES - 1:
            weights.append(0.0)
        steps.append(Step(value, response(value, spread), cause + 1, inferred[0]))
    return steps


def response(value: float, spread: float) -> float:
    """The conditioned response (0 to 1) to an expectation: the normal distribution above the threshold."""
    return 0.5 * math.erfc((THRESHOLD - value) / (spread * math.sqrt(2)))


def companion(cues: Sequence[Sequence[int]], outcomes: Sequence[int], alpha: float) -> list[float]:
    """Gershman and Hartley's model: the probability of harm expected on each trial, 0 to 1.

    Causes are chosen one by one (local MAP): prior by counts, ``alpha`` for a new one; a feature is present in cause k
    with probability ``(n_k,present + 1) / (n_k + 2)``; harm is one more such feature, seen last.

    Args:
        cues: for each trial, 1 or 0 for each feature.
        outcomes: 1 harm, 0 none.
        alpha: the weight of a new cause, 0 or a number not vanishingly small; with 0 there is one cause for all.
    """
    counts: list[int] = []
    present: list[list[int]] = []
    harm: list[int] = []
    expected = []
    for features, outcome in zip(cues, outcomes, strict=True):
        if not counts or alpha > 0:
            counts.append(0)
            present.append([0] * len(features))
            harm.append(0)
        shares = []
        for count, seen in zip(counts, present, strict=True):
            share = float(count or alpha or 1)
            for feature, times in zip(features, seen, strict=True):
                chance = (times + 1) / (count + 2)
                share *= chance if feature else 1 - chance
            shares.append(share)
        shares = _shares(shares)
        chances = [(times + 1) / (count + 2) for times, count in zip(harm, counts, strict=True)]
        expected.append(sum(share * chance for share, chance in zip(shares, chances, strict=True)))
        after = [
            share * (chance if outcome else 1 - chance) for share, chance in zip(shares, chances, strict=True)
        ]
        cause = after.index(max(after))
        counts[cause] += 1
        harm[cause] += outcome
        present[cause] = [seen + feature for seen, feature in zip(present[cause], features, strict=True)]
        if not counts[-1]:
            del counts[-1], present[-1], harm[-1]
    return expected


def simulate(
    interval: int,
    extinction_trials: int,
    test_delay: int,
    acquisition_trials: int,
    alpha: float,
    spread: float,
) -> Result:
    """Retrieval, then extinction after ``interval`` units, beside the same trials without that pause."""
    acquisition, extinction = int(acquisition_trials), int(extinction_trials)
    pause, delay = int(interval), int(test_delay)
    times, outcomes = protocol(acquisition, pause, extinction, delay)
    shown = run(times, outcomes, alpha, spread)
    plain = run(protocol(acquisition, 0, extinction, delay)[0], outcomes, alpha, spread)
    reminder, last = acquisition + 1, acquisition + 1 + extinction
    ends = [acquisition + 0.5, reminder + 0.5, last + 0.5]
    quantities = {
        "test_response": shown[-1].response,
        "test_response_plain": plain[-1].response,
        "test_value": shown[-1].value,
        "test_value_plain": plain[-1].value,
        "end_response": shown[-2].response,
        "end_response_plain": plain[-2].response,
        "end_cause": float(shown[-2].cause),
        "end_cause_plain": float(plain[-2].cause),
        "reminder_cause": float(shown[acquisition].cause),
    }
    return {
        "series": {
            "trial": [float(trial) for trial in range(1, last + 2)],
            "time": list(times),
            "outcome": list(outcomes),
            "response": [step.response for step in shown],
            "response_plain": [step.response for step in plain],
            "value": [step.value for step in shown],
            "value_plain": [step.value for step in plain],
            "first_cause": [step.first_cause for step in shown],
            "first_cause_plain": [step.first_cause for step in plain],
            "cause": [float(step.cause) for step in shown],
            "cause_plain": [float(step.cause) for step in plain],
            "phase_trial": [place for end in ends for place in (end, end, None)],
            "phase_height": [place for _ in ends for place in (0.0, 1.0, None)],
            "label_trial": [(acquisition + 1) / 2, reminder, reminder + (extinction + 1) / 2, last + 1.0],
            "label_height": [1.18] * 4,
        },
        "quantities": quantities,
        "regime": _regime(quantities, pause),
    }


def _from_cue(
    times: Sequence[float], causes: list[int], time: float, alpha: float, count: int
) -> list[float]:
    """How probable each cause is once the cue is seen and before the outcome; the last one is the new one."""
    prior = [0.0] * count
    members = [0] * count
    for earlier, cause in zip(times, causes, strict=False):
        prior[cause] += (time - earlier) ** -TIME_DECAY
        members[cause] += 1
    if not members[-1]:
        prior[-1] = alpha
    shares = []
    for weight, size in zip(prior, members, strict=True):
        mean = size / (size + CUE_VARIANCE)
        variance = CUE_VARIANCE / (size + CUE_VARIANCE) + CUE_VARIANCE
        shares.append(weight * math.exp(-((1 - mean) ** 2) / (2 * variance)) / math.sqrt(variance))
    return _shares(shares)


def _shares(shares: list[float]) -> list[float]:
    total = sum(shares)
    return [share / total for share in shares]


def _regime(quantities: dict[str, float], pause: int) -> str:
    """Rounded, so that the last digit of a machine's ``exp`` decides nothing."""
    seen = {name: math.floor(value * 1e6 + 0.5) / 1e6 for name, value in quantities.items()}
    if max(seen["end_response"], seen["end_response_plain"]) >= RETURNED:
        return "not-extinguished"
    returned = seen["test_response"] >= RETURNED
    returned_plain = seen["test_response_plain"] >= RETURNED
    if not pause:
        return "plain-returns" if returned else "plain-stays-low"
    if returned:
        return "both-return" if returned_plain else "only-with-pause"
    return "less-returns" if returned_plain else "neither-returns"


MODEL = Model(
    equations=simulate,
    domain={
        "interval": Range(0, 200, whole=True),
        "extinction_trials": Range(1, 60, whole=True),
        "test_delay": Range(1, 500, whole=True),
        "acquisition_trials": Range(1, 20, whole=True),
        "alpha": Range(0.01, 1),
        "spread": Range(0.005, 0.1),
    },
    series=(
        "trial",
        "time",
        "outcome",
        "response",
        "response_plain",
        "value",
        "value_plain",
        "first_cause",
        "first_cause_plain",
        "cause",
        "cause_plain",
        "phase_trial",
        "phase_height",
        "label_trial",
        "label_height",
    ),
    quantities=(
        "test_response",
        "test_response_plain",
        "test_value",
        "test_value_plain",
        "end_response",
        "end_response_plain",
        "end_cause",
        "end_cause_plain",
        "reminder_cause",
    ),
    regimes=(
        "not-extinguished",
        "plain-returns",
        "plain-stays-low",
        "less-returns",
        "both-return",
        "neither-returns",
        "only-with-pause",
    ),
    source=("gershman2017computational", "gershman2015individual"),
)
