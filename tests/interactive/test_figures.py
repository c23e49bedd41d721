"""The figures of the modules: described in words, and true to the case that they show."""

from __future__ import annotations

import json
import re

import pytest

from earned_security import cases
from earned_security.curriculum import load
from earned_security.interactive import figures
from earned_security.interactive.figures import (
    a_hundred_high_scores,
    change_and_advantage,
    cortisol_findings,
    five_correlations,
    four_answers_about_contact,
    four_answers_to_going_quiet,
    small_links,
    strain_and_support,
    two_groups_that_overlap,
    two_ways_through_lateness,
    unwanted_effects_of_meditation,
    what_goes_with_outcome,
)


@pytest.mark.parametrize("name", figures.figure_ids())
def test_every_figure_is_described_in_words_and_is_plain_json(name: str) -> None:
    drawn = json.loads(figures.figure(name).to_json())
    assert len(drawn["layout"]["meta"]["alt"]) > 60
    assert all(
        trace["type"] in ("scatter", "bar") for trace in drawn["data"]
    )  # what the small plotly can draw


def test_an_unknown_figure_names_those_that_there_are() -> None:
    with pytest.raises(KeyError, match="two-ways-through-lateness"):
        figures.figure("nothing")


def test_two_ways_through_lateness_shows_the_effects_of_the_case() -> None:
    drawn = json.loads(figures.figure("two-ways-through-lateness").to_json())
    lines = {trace["name"]: trace["y"] for trace in drawn["data"] if trace["y"]}
    options = {option.id: option for option in cases.load("tomasz").scenes["c1d4"].options}
    for value, name in two_ways_through_lateness.VALUE_NAMES.items():
        best, poor = lines[f"{name}, best path"], lines[f"{name}, a poor path"]
        assert best[0] == poor[0]
        assert best[1] - best[0] == getattr(options["own-it"].effects, value)
        assert poor[1] - poor[0] == getattr(options["accept-no-problem"].effects, value)
    shaded = [shape for shape in drawn["layout"]["shapes"] if (shape["y0"], shape["y1"]) == (-2, 2)]
    assert len(shaded) == 2


def test_the_cortisol_findings_are_those_of_the_ledger() -> None:
    claims = load().claims
    for finding in cortisol_findings.FINDINGS:
        claim = claims[finding.claim]
        assert claim.figures == "seen-in-abstract"
        said = f"{claim.statement} {claim.caveat}"
        assert f"={finding.value:.3g}" in said
        assert finding.low is None or f"{finding.low:.2f} to {finding.high:.2f}" in said
    marks = {
        trace["y"][0]: trace["x"][0]
        for trace in json.loads(figures.figure("cortisol-findings").to_json())["data"]
    }
    from_the_top = [marks[row] for row in sorted(marks, reverse=True)]
    assert from_the_top == [finding.value for finding in cortisol_findings.FINDINGS]


def test_the_two_groups_lie_as_far_apart_as_the_claim_says_and_share_what_the_words_say() -> None:
    claim = load().claims[two_groups_that_overlap.CLAIM]
    assert f"(d={two_groups_that_overlap.DIFFERENCE})" in claim.statement
    assert claim.figures == "seen-in-abstract"
    drawn = json.loads(figures.figure("two-groups-that-overlap").to_json())
    lines = {trace["name"]: (trace["x"], trace["y"]) for trace in drawn["data"]}
    mean = {
        name: sum(x * y for x, y in zip(xs, ys, strict=True)) / sum(ys) for name, (xs, ys) in lines.items()
    }
    apart = mean["with PTSD"] - mean["without PTSD"]
    assert apart == pytest.approx(two_groups_that_overlap.DIFFERENCE, abs=0.005)
    xs, shared = lines["what the groups share"]
    area = sum(shared) * (xs[1] - xs[0])
    assert area == pytest.approx(
        two_groups_that_overlap.overlap(two_groups_that_overlap.DIFFERENCE), abs=0.001
    )
    assert f"{100 * area:.0f} %" in drawn["layout"]["meta"]["alt"]
    assert area > 0.9  # the claim's own words: "more than 90%"


def test_small_links_are_the_numbers_of_their_claims() -> None:
    drawn = json.loads(figures.figure("small-links").to_json())
    shown = {
        (what, x)
        for trace in drawn["data"]
        if trace["mode"] != "lines"
        for what, x in zip(trace["hovertext"], trace["x"], strict=True)
    }
    assert shown == {(link.text, link.r) for link in small_links.LINKS}
    claims = load().claims
    for link in small_links.LINKS:
        claim = claims[link.claim]
        assert claim.figures == "seen-in-abstract"
        assert f"={small_links.printed(link.r)}" in claim.statement
        assert small_links.printed(link.r) in drawn["layout"]["meta"]["alt"]
    assert [note["text"] for note in drawn["layout"]["annotations"]] == [
        link.text for link in small_links.LINKS
    ]


def test_five_correlations_are_the_numbers_of_their_claims() -> None:
    drawn = json.loads(figures.figure("five-correlations").to_json())
    assert [trace["x"] for trace in drawn["data"]] == [
        [finding.low, finding.r, finding.high] for finding in five_correlations.FINDINGS
    ]
    claims = load().claims
    for finding, trace in zip(five_correlations.FINDINGS, drawn["data"], strict=True):
        claim = claims[finding.claim]
        assert claim.figures == "seen-in-abstract"
        numbers = re.search(r"r = (-?[\d.]+\d).*?95% CI (-?[\d.]+) to (-?[\d.]+\d)", claim.statement)
        assert numbers and [float(number) for number in numbers.groups()] == [
            finding.r,
            finding.low,
            finding.high,
        ]
        assert finding.studies.split()[0] in claim.statement
        assert (trace["line"]["dash"] == "dash") == (finding.low <= 0 <= finding.high)
        assert f"{finding.low:g} to {finding.high:g}" in drawn["layout"]["meta"]["alt"]


def test_a_hundred_high_scores_are_those_of_the_claim() -> None:
    claim = load().claims[a_hundred_high_scores.CLAIM]
    assert claim.figures == "seen-in-abstract"
    assert f"reported as {a_hundred_high_scores.PERCENT}%" in claim.caveat
    drawn = json.loads(figures.figure("a-hundred-high-scores").to_json())
    marks = {trace["name"]: set(zip(trace["x"], trace["y"], strict=True)) for trace in drawn["data"]}
    diagnosed, others = (marks[name] for name in ("with dissociative identity disorder", "without it"))
    assert (len(diagnosed), len(others), len(diagnosed | others)) == (17, 83, 100)
    alt = drawn["layout"]["meta"]["alt"]
    assert "17 are diamonds" in alt and "other 83 are circles" in alt
    symbols = {trace["marker"]["symbol"] for trace in drawn["data"]}
    assert len(symbols) == 2  # no colour alone


def test_what_goes_with_outcome_shows_the_correlations_and_intervals_of_the_ledger() -> None:
    claims = load().claims
    drawn = json.loads(figures.figure("what-goes-with-outcome").to_json())
    traces = {trace["name"]: trace for trace in drawn["data"]}
    for row in what_goes_with_outcome.ASSOCIATIONS:
        claim = claims[row.claim]
        assert claim.figures == "seen-in-abstract"
        assert f"r = {row.r}" in claim.statement
        assert row.counted in claim.statement
        assert traces[row.name]["x"] == [float(row.r)]
        interval = f"{row.name}, 95% interval"
        if row.interval:
            assert f"95% CI {row.interval[0]} to {row.interval[1]}" in claim.statement
            assert traces[interval]["x"] == [float(end) for end in row.interval]
        else:
            assert "CI" not in claim.statement and interval not in traces
    crossing = [
        row.name for row in what_goes_with_outcome.ASSOCIATIONS if row.interval and float(row.interval[0]) < 0
    ]
    assert crossing == ["Training in repair"]  # as the figure in words says
    heard = drawn["layout"]["meta"]["alt"]
    assert all(f"{row.name}: r = {row.r}" in heard for row in what_goes_with_outcome.ASSOCIATIONS)


def test_four_answers_about_contact_shows_the_effects_of_the_case() -> None:
    module = four_answers_about_contact
    scene = cases.load(module.CASE).scenes[module.SCENE]
    assert set(module.ANSWERS) == {option.id for option in scene.options}  # none is left out
    drawn = json.loads(figures.figure("four-answers-about-contact").to_json())
    bars = {trace["name"]: dict(zip(trace["y"], trace["x"], strict=True)) for trace in drawn["data"]}
    heard = drawn["layout"]["meta"]["alt"]
    for option in scene.options:
        title = module.ANSWERS[option.id]
        changes = {name: getattr(option.effects, value) for value, name in module.VALUES.items()}
        assert bars[title] == changes
        said = heard.split(f"{title}: ")[1].split(".")[0]
        assert [int(words.split()[-1]) for words in said.split(",")] == list(changes.values())
    calmed = {
        option.quality
        for option in scene.options
        if option.effects.therapist_arousal < 0 and option.effects.client_arousal > 0
    }
    assert calmed == {"poor"}  # as the module says of the ban


def test_four_answers_to_going_quiet_are_the_effects_of_the_case() -> None:
    drawn = json.loads(figures.figure("four-answers-to-going-quiet").to_json())
    options = {option.id: option.effects for option in cases.load("tomasz").scenes["c1d2"].options}
    assert set(four_answers_to_going_quiet.ANSWERS) == set(options)
    bars = {trace["name"]: dict(zip(trace["y"], trace["x"], strict=True)) for trace in drawn["data"]}
    for value, name in four_answers_to_going_quiet.VALUES.items():
        assert bars[name] == {
            title: getattr(options[answer], value)
            for answer, title in four_answers_to_going_quiet.ANSWERS.items()
        }
    assert "Slow breathing: Tomasz's arousal -2, trust 0." in drawn["layout"]["meta"]["alt"]


def test_the_unwanted_effects_are_the_numbers_of_their_claim() -> None:
    claim = load().claims[unwanted_effects_of_meditation.CLAIM]
    assert claim.figures == "seen-in-abstract"
    drawn = json.loads(figures.figure("unwanted-effects-of-meditation").to_json())
    shown = {trace["y"][0]: trace["x"][0] for trace in drawn["data"]}
    experimental, together, observational = shown.values()
    assert f"averaged {together}% ({experimental}% in experimental, {observational}% in" in claim.statement
    assert list(shown) == ["Experimental studies", "All studies together", "Observational studies"]
    assert all(f"{number} %" in drawn["layout"]["meta"]["alt"] for number in shown.values())
    assert round(observational / experimental) == 9  # "about nine times as long"


def test_change_and_advantage_shows_the_effects_of_the_ledger_and_keeps_the_two_kinds_apart() -> None:
    claims = load().claims
    drawn = json.loads(figures.figure("change-and-advantage").to_json())
    traces = {trace["name"]: trace for trace in drawn["data"]}
    alt = drawn["layout"]["meta"]["alt"]
    for effect in change_and_advantage.EFFECTS:
        claim = claims[effect.claim]
        assert claim.figures == "seen-in-abstract"
        printed = f"{effect.size:.2f}"
        assert re.search(rf"[dg] = -?{re.escape(printed)}", claim.statement)
        trace = traces[f"{effect.name}, {effect.compared or 'before to after'}"]
        assert trace["x"] == [effect.size] and f": {printed}" in alt
        assert trace["marker"]["symbol"] == ("circle" if effect.compared else "diamond-open")
        if effect.compared:
            assert effect.compared in claim.statement
        else:
            assert "Effects are within-group" in claim.caveat
        if effect.interval:
            low, high = effect.interval
            assert f"95% CI {low:.2f} to {high:.2f}" in claim.statement
            assert traces[f"{effect.name}, 95% interval"]["x"] == [low, high]


def test_strain_and_support_shows_the_correlations_of_the_ledger() -> None:
    module = strain_and_support
    claims = load().claims
    drawn = json.loads(figures.figure("strain-and-support").to_json())
    traces = {trace["name"]: trace for trace in drawn["data"]}
    rows = [*module.STRAIN, *module.OUTCOME]
    assert set(traces) == {row.text for row in rows}
    for row in rows:
        claim = claims[row.claim]
        assert claim.figures == "seen-in-abstract"
        assert re.search(rf"(?<![.\d-]){re.escape(module.printed(row))}(?!\d)", claim.statement)
        ends = [float(row.r)] + ([float(row.high)] if row.high else [])
        assert traces[row.text]["x"] == [0.0, *ends]
        assert module.printed(row) in drawn["layout"]["meta"]["alt"]
    symbols = {(trace["x"][1] > 0, trace["marker"]["symbol"]) for trace in drawn["data"]}
    assert symbols == {(True, "circle"), (False, "diamond")}  # no colour alone
