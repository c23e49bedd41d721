"""The ways through a case as a flow: scenes as bars, passages as bands as wide as the number who took them."""

from __future__ import annotations

from html import escape
from textwrap import wrap

from earned_security.teaching.report.case_paths import Flow, Paths

ROW, BAR = 108.0, 11.0
CLASS = 270.0  # how wide a band is that the whole class takes
SLOT, LANE, EDGE = 150.0, 34.0, 16.0
ORDER = ("preferred", "defensible", "poor", "safety")
LEGEND = {"preferred": "preferred", "defensible": "defensible", "poor": "poor", "safety": "to or from safety"}

Places = dict[str, tuple[float, float]]


def draw(name: str, paths: Paths) -> str:
    """An SVG drawing, from the top down; the qualities are told apart by their outline as well as by colour."""
    through = _through(paths)
    scale = CLASS / max(through.values())
    places = _places(paths, through, scale)
    width = max(620.0, *(x + max(SLOT, through[scene] * scale) + EDGE for scene, (x, _) in places.items()))
    height = 30 + len(paths.rows) * ROW
    title = f"The ways through the case {paths.case.title}"
    description = (
        f"{paths.learners} learners, from the top down. Each bar is a scene, each band a passage, as wide as the "
        "number who took it. The table below has the same numbers."
    )
    return (
        f'<svg class="plot flow" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" role="img" '
        f'aria-labelledby="{name}-title {name}-description"><title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-description">{escape(description)}</desc>'
        + _legend()
        + "".join(_bands(paths, places, scale))
        + "".join(_scene(paths, scene, *places[scene], through[scene], scale) for scene in places)
        + "</svg>"
    )


def _through(paths: Paths) -> dict[str, int]:
    """How many passed each scene: the larger of those who came and those who went."""
    came = dict.fromkeys((scene for row in paths.rows for scene in row), 0)
    went = dict(came)
    for flow in paths.flows:
        came[flow.target] += flow.count
        went[flow.source] += flow.count
    return {scene: max(came[scene], went[scene], 1) for scene in came}


def _places(paths: Paths, through: dict[str, int], scale: float) -> Places:
    """The upper left corner of each scene's bar; those who pass a row by have a lane on its left."""
    row_of = {scene: number for number, row in enumerate(paths.rows) for scene in row}
    places: Places = {}
    for number, row in enumerate(paths.rows):
        passing = sum(f.count for f in paths.flows if row_of[f.source] < number < row_of[f.target])
        x = EDGE + (passing * scale + LANE if passing else 0.0)
        for scene in row:
            places[scene] = (x, 30 + number * ROW + 62)
            x += max(SLOT, through[scene] * scale + LANE)
    return places


def _bands(paths: Paths, places: Places, scale: float) -> list[str]:
    def order(end: str, other: str) -> list[Flow]:
        return sorted(
            paths.flows,
            key=lambda f: (places[getattr(f, end)], places[getattr(f, other)][0], ORDER.index(f.quality)),
        )

    leave = _stacked(order("source", "target"), "source", places, scale)
    arrive = _stacked(order("target", "source"), "target", places, scale)
    # Wide bands first, so that narrow ones lie on top of them.
    return [
        _band(leave[f], places[f.source][1] + BAR, arrive[f], places[f.target][1], f, scale)
        for f in sorted(paths.flows, key=lambda f: -f.count)
    ]


def _stacked(flows: list[Flow], end: str, places: Places, scale: float) -> dict[Flow, float]:
    """Where each band begins or ends on its scene's bar: beside the one before it."""
    found: dict[Flow, float] = {}
    filled: dict[str, float] = {}
    for flow in flows:
        scene = getattr(flow, end)
        found[flow] = places[scene][0] + filled.get(scene, 0.0)
        filled[scene] = filled.get(scene, 0.0) + flow.count * scale
    return found


def _band(x1: float, y1: float, x2: float, y2: float, flow: Flow, scale: float) -> str:
    wide, bend = flow.count * scale, max(40.0, abs(y2 - y1) / 2)
    path = (
        f"M{x1:.1f} {y1:.1f}C{x1:.1f} {y1 + bend:.1f} {x2:.1f} {y2 - bend:.1f} {x2:.1f} {y2:.1f}"
        f"h{wide:.1f}C{x2 + wide:.1f} {y2 - bend:.1f} {x1 + wide:.1f} {y1 + bend:.1f} {x1 + wide:.1f} {y1:.1f}Z"
    )
    return f'<path d="{path}" class="band {flow.quality}"/>'


def _scene(paths: Paths, scene: str, x: float, y: float, through: int, scale: float) -> str:
    ending = None if scene not in paths.case.scenes else paths.case.scenes[scene].ending
    lines = wrap(paths.title(scene), 20, max_lines=2, placeholder=" …")
    note = f"{through}, {ending} ending" if ending else f"{through} passages"
    words = "".join(
        f'<text x="{x:.1f}" y="{y - 20 - 14 * (len(lines) - 1 - i):.1f}" class="value name">{escape(line)}</text>'
        for i, line in enumerate(lines)
    )
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{through * scale:.1f}" height="{BAR:g}" class="scene"/>{words}'
        f'<text x="{x:.1f}" y="{y - 6:.1f}" class="value">{note}</text>'
    )


def _legend() -> str:
    return "".join(
        f'<rect x="{EDGE + 145 * i:g}" y="4" width="30" height="12" class="band {name}"/>'
        f'<text x="{EDGE + 38 + 145 * i:g}" y="15">{word}</text>'
        for i, (name, word) in enumerate(LEGEND.items())
    )
