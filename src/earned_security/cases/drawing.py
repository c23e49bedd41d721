"""A case as a figure: its scenes in the order of the story, and where every option leads. SVG, no library."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from textwrap import wrap

from earned_security.cases.graph import Case, Scene

BOX, GAP = (230, 56), (36, 74)
LOOKS = {  # told apart by dash and width as well as by colour
    "preferred": ("#00619a", "", 2.5),
    "defensible": ("#5c4a72", "8 4", 1.75),
    "poor": ("#b34700", "2 4", 1.75),
}
STYLE = "font: 13px sans-serif; background: #fff"


def draw(case: Case) -> str:
    """The case's own scenes and endings as one SVG drawing; the safety branch is one box of its own."""
    scenes = rows(case)
    width = max(len(row) for row in scenes) * (BOX[0] + GAP[0]) + GAP[0]
    height = len(scenes) * (BOX[1] + GAP[1]) + GAP[1]
    places = {
        scene: (
            (width - len(row) * (BOX[0] + GAP[0]) + GAP[0]) / 2 + place * (BOX[0] + GAP[0]),
            GAP[1] / 2 + number * (BOX[1] + GAP[1]),
        )
        for number, row in enumerate(scenes)
        for place, scene in enumerate(row)
    }
    parts = [
        *_legend(),
        *(line for scene in places for line in _ways(case, scene, places)),
        *(_box(case.scenes.get(scene), scene, *places[scene]) for scene in places),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -30 {width:g} {height + 30:g}" width="{width:g}" '
        f'role="img" aria-label="{escape(case.title)}: its scenes and where the options lead" style="{STYLE}">'
        + "".join(parts)
        + "</svg>\n"
    )


def rows(case: Case) -> list[list[str]]:
    """The ids of the case's own scenes and of the branch's first, from the beginning downwards.

    A scene's row is the number of decisions on the longest way to it that goes forward in the file.
    """
    own = [scene.id for scene in case.scenes.values() if not scene.safety]
    depth = dict.fromkeys(own, 0)
    for _ in own:  # each round lengthens ways by one; a circle stops with the rounds
        for scene in own:
            for _, target in _targets(case, scene):
                if own.index(target) > own.index(scene):
                    depth[target] = max(depth[target], depth[scene] + 1)
    found: list[list[str]] = [[] for _ in range(max(depth.values()) + 1)]
    for scene in own:
        found[depth[scene]].append(scene)
    if any(option.enters_safety for scene in case.scenes.values() for option in scene.options):
        found[max(depth[scene] for scene in own if _enters(case, scene)) + 1].append(case.safety_scene)
    return found


def _enters(case: Case, scene: str) -> bool:
    return any(option.enters_safety for option in case.scenes[scene].options)


def _targets(case: Case, scene: str) -> Iterator[tuple[str, str]]:
    """Quality and scene of every way out of a scene; through the safety branch, where it comes back to."""
    for option in case.scenes[scene].options:
        for way in option.ways:
            yield option.quality, way.scene


def _ways(case: Case, scene: str, places: dict[str, tuple[float, float]]) -> Iterator[str]:
    if scene == case.safety_scene:
        return
    drawn = set()
    for option in case.scenes[scene].options:
        targets = {way.scene for way in option.ways} | (
            {case.safety_scene} if option.enters_safety else set()
        )
        for target in targets:
            if (option.quality, target) in drawn:
                continue
            drawn.add((option.quality, target))
            yield _arrow(places[scene], places[target], option.quality)


def _arrow(start: tuple[float, float], end: tuple[float, float], quality: str) -> str:
    shift = (list(LOOKS).index(quality) - 1) * 14
    x1, y1 = start[0] + BOX[0] / 2 + shift, start[1] + BOX[1]
    x2, y2 = end[0] + BOX[0] / 2 + shift, end[1]
    bend = max(30.0, abs(y2 - y1) / 2)
    beside = (
        0 if y2 - y1 < BOX[1] + GAP[1] else BOX[0] * (0.9 if quality == "poor" else -0.9)
    )  # past boxes between
    colour, dash, thickness = LOOKS[quality]
    return (
        f'<path d="M{x1:g} {y1:g}C{x1 + beside:g} {y1 + bend:g} {x2 + beside:g} {y2 - bend:g} {x2:g} {y2:g}" fill="none" '
        f'stroke="{colour}" stroke-width="{thickness}" stroke-dasharray="{dash}"/>'
        f'<circle cx="{x2:g}" cy="{y2:g}" r="4" fill="{colour}"/>'
    )


def _box(scene: Scene | None, name: str, x: float, y: float) -> str:
    title = "The safety branch" if scene is None or scene.safety else scene.title
    note = name if scene is None or not scene.ending else f"{name}: {scene.ending} ending"
    lines = wrap(title, 32)[:2]
    words = "".join(
        f'<text x="{x + 10:g}" y="{y + 18 + 15 * index:g}" font-weight="600">{escape(line)}</text>'
        for index, line in enumerate(lines)
    )
    corner = 18 if scene is not None and scene.ending else 4
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{BOX[0]}" height="{BOX[1]}" rx="{corner}" fill="#fff" stroke="#1f2a33"/>'
        f'{words}<text x="{x + 10:g}" y="{y + BOX[1] - 8:g}" fill="#46535e">{escape(note)}</text>'
    )


def _legend() -> Iterator[str]:
    for index, (quality, (colour, dash, thickness)) in enumerate(LOOKS.items()):
        x = 16 + 130 * index
        yield (
            f'<path d="M{x} -12h34" stroke="{colour}" stroke-width="{thickness}" stroke-dasharray="{dash}"/>'
            f'<text x="{x + 42}" y="-8">{quality}</text>'
        )
