"""An explorer's figure in Chromium while a control moves: what was drawn is moved to the new numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from exploring import IDS, content, rest, reveal
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

Open = Callable[..., Page]


MOVED = """async ([name, value]) => {
  const plot = document.querySelector(".es-figure");
  const range = document.querySelector(`[data-parameter="${name}"] input[type=range]`);
  const react = Plotly.react;
  let drawings = 0;
  Plotly.react = (...all) => { drawings += 1; return react(...all); };
  range.value = value;
  range.dispatchEvent(new Event("input"));
  Plotly.react = react;
  if (drawings) return null;
  const numbers = (text) => text.match(/-?[\\d.]+(e-?\\d+)?/g).map(Number);
  const pairs = (list) => Array.from({ length: list.length / 2 }, (_, index) => list.slice(2 * index, 2 * index + 2));
  const of = (axis) => ({ b: axis._b, m: axis._m, range: axis.range });
  const layout = plot._fullLayout;
  const axis = (letter, id) => layout[`${letter}axis${(id ?? letter).slice(1)}`];
  const shown = plot.calcdata.map(([{ node3, trace }]) => {
    const all = (selector) => [...(node3?.node().querySelectorAll(selector) ?? [])];
    return {
      across: of(axis("x", trace.xaxis)), up: of(axis("y", trace.yaxis)),
      line: all(".js-line").flatMap((path) => pairs(numbers(path.getAttribute("d")))),
      marks: all(".point").flatMap((mark) => pairs(numbers(mark.getAttribute("transform")))),
      words: all(".textpoint text").map((word) => [Number(word.getAttribute("x")), Number(word.getAttribute("y"))]),
    };
  });
  const ticks = Object.values(layout).filter((each) => each?._id?.[0] === "y" && each.autorange).flatMap((each) =>
    [...plot.querySelectorAll(`.${each._id}tick text`)].map((label) =>
      [Number(label.textContent.replace("\u2212", "-")), each.p2l(numbers(label.getAttribute("transform"))[1] - each._offset),
        (each.range[1] - each.range[0]) / 100]));
  await new Promise((done) => setTimeout(done, 300));
  return { shown, ticks, numbers: plot.data.map(({ x, y, mode, marker, meta }) =>
    ({ ...(meta.standIn ? { x: [], y: [] } : { x, y }), mode, sampled: Boolean(marker.maxdisplayed) })) };
}"""


@pytest.mark.parametrize("explorer_id", IDS)
def test_a_moving_control_shows_the_numbers_that_plotly_draws_at_rest(
    open_piece: Open, explorer_id: str
) -> None:
    """While it moves the drawn elements are moved: each stands where the axes that are shown put its number."""
    shown = content(explorer_id)
    page = reveal(open_piece(shown))
    page.get_by_role("button", name="Keep this line for comparison").click()
    moves = 0
    for parameter in shown["parameters"]:
        if "min" not in parameter or "when" in parameter:
            continue
        for part in (0.7, 0.2, 1):
            rest(page)
            value = parameter["min"] + (parameter["max"] - parameter["min"]) * part
            moved = page.evaluate(MOVED, [parameter["name"], value])
            if moved is None:  # elements were missing, so that plotly drew at once
                continue
            moves += 1
            for one, trace in zip(moved["shown"], moved["numbers"], strict=True):
                places = [
                    [
                        (axis["b"] + axis["m"] * number)
                        for axis, number in ((one["across"], x), (one["up"], y))
                    ]
                    for x, y in zip(trace["x"], trace["y"], strict=False)
                    if x is not None and y is not None
                ]
                if "lines" in trace["mode"]:
                    assert visible(one["line"]) == nearly(places)
                if "text" in trace["mode"]:
                    assert visible(one["words"]) == nearly(places)
                if trace["sampled"]:
                    assert one["marks"] and all(mark in nearly(places) for mark in one["marks"])
                elif "markers" in trace["mode"]:
                    assert visible(one["marks"]) == nearly(places)
            for label, place, hundredth in moved["ticks"]:
                assert place == pytest.approx(label, abs=hundredth)
    assert moves > 2


def visible(places: list[list[float]]) -> list[list[float]]:
    """Without what is put out of sight, and plotly's own empty lines."""
    return [place for place in places if place not in ([-9999, 0], [0, 0])]


def nearly(places: list[list[float]]) -> list[Any]:
    """These places in pixels, to half a tenth."""
    return [pytest.approx(place, abs=0.05) for place in places if place != [0, 0]]
