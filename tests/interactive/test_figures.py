"""The figures of the modules: described in words, and true to the case that they show."""

from __future__ import annotations

import json

import pytest

from earned_security import cases
from earned_security.interactive import figures
from earned_security.interactive.figures import two_ways_through_lateness


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
