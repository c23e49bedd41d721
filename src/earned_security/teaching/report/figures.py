"""Figures as SVG, by hand: no script, no style attribute, colours from the page's style sheet (classes), text as text.

Each has a title and a description for those who do not see it; the page puts the same numbers beside it as a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from textwrap import wrap

WIDTH = 640


def _svg(width: float, height: float, name: str, title: str, description: str, parts: Iterable[str]) -> str:
    return (
        f'<svg class="plot" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" role="img" '
        f'aria-labelledby="{name}-title {name}-description">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-description">{escape(description)}</desc>'
        + "".join(parts)
        + "</svg>"
    )


def _text(x: float, y: float, words: str, anchor: str = "start", kind: str = "") -> str:
    of_kind = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{of_kind}>{escape(words)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def _percent_axis(left: float, right: float, top: float, bottom: float) -> list[str]:
    parts = []
    for percent in (0, 25, 50, 75, 100):
        x = left + (right - left) * percent / 100
        parts += [_line(x, top, x, bottom, "grid"), _text(x, bottom + 18, f"{percent} %", "middle")]
    return parts


def strips(
    name: str,
    title: str,
    description: str,
    rows: Sequence[tuple[str, Sequence[float]]],
    boxed: Sequence[tuple[float, float, float] | None],
) -> str:
    """A row of dots for each label, one a learner, in percent; the box spans the middle half, its bar is the middle one.

    Args:
        boxed: lower quartile, median and upper quartile of each row; None where there are too few.
    """
    left, right, high = 170.0, WIDTH - 24.0, 46.0
    bottom = 8 + high * len(rows)
    parts = _percent_axis(left, right, 4, bottom)
    for number, ((label, values), box) in enumerate(zip(rows, boxed, strict=True)):
        y = 8 + high * (number + 0.5)
        lines = wrap(label, 23, max_lines=2, placeholder=" …")
        parts += [
            _text(left - 10, y + 4 + 15 * (i - (len(lines) - 1) / 2), line, "end")
            for i, line in enumerate(lines)
        ]
        if box is not None:
            low, middle, up = (left + (right - left) * value / 100 for value in box)
            parts.append(
                f'<rect x="{low:.1f}" y="{y - 17:.1f}" width="{max(up - low, 1):.1f}" height="34" class="box"/>'
            )
            parts.append(_line(middle, y - 17, middle, y + 17, "middle"))
        stacked: dict[int, int] = {}
        for value in sorted(values):
            place = round(value / 2)  # dots nearer than two per cent are stacked
            level = stacked[place] = stacked.get(place, -1) + 1
            up_down = (level + 1) // 2 * (1 if level % 2 else -1)
            x = left + (right - left) * min(max(value, 0), 100) / 100
            parts.append(
                f'<circle cx="{x:.1f}" cy="{y + max(-18, min(18, 6 * up_down)):.1f}" r="3.2" class="dot"/>'
            )
    return _svg(WIDTH, bottom + 26, name, title, description, parts)


def bars(name: str, title: str, description: str, rows: Sequence[tuple[str, float]]) -> str:
    """A horizontal bar for each label, in percent."""
    left, right, high = 70.0, WIDTH - 60.0, 22.0
    bottom = 6 + high * len(rows)
    parts = _percent_axis(left, right, 2, bottom)
    for number, (label, value) in enumerate(rows):
        y = 6 + high * number
        wide = (right - left) * min(max(value, 0), 100) / 100
        parts.append(_text(left - 8, y + 15, label, "end"))
        parts.append(
            f'<rect x="{left:.1f}" y="{y + 3:.1f}" width="{wide:.1f}" height="{high - 6:.1f}" class="bar"/>'
        )
        parts.append(_text(left + wide + 6, y + 15, f"{value:.0f} %", kind="value"))
    return _svg(WIDTH, bottom + 26, name, title, description, parts)


def before_and_after(name: str, title: str, description: str, pairs: Sequence[tuple[float, float]]) -> str:
    """A line for each learner from the test before to the test after, in percent, and a thick one for the means."""
    wide = 356.0  # as wide as a phone
    left, right, top, bottom = 56.0, wide - 84.0, 16.0, 336.0

    def y(percent: float) -> float:
        return bottom - (bottom - top) * min(max(percent, 0), 100) / 100

    parts = []
    for percent in (0, 25, 50, 75, 100):
        parts += [
            _line(left, y(percent), right, y(percent), "grid"),
            _text(left - 12, y(percent) + 5, f"{percent} %", "end"),
        ]
    for before, after in pairs:
        parts.append(
            _line(left, y(before), right, y(after), "thread" if after >= before else "thread falling")
        )
    means = [sum(values) / len(pairs) for values in zip(*pairs, strict=True)]
    parts.append(_line(left, y(means[0]), right, y(means[1]), "thick"))
    parts += [
        _text(x, bottom + 22, word, "middle")
        for x, word in ((left, "before the course"), (right, "after it"))
    ]
    parts.append(_text(right + 10, y(means[1]) + 5, f"mean {means[1]:.0f} %", kind="value"))
    parts.append(_text(left + 10, y(means[0]) - 8, f"mean {means[0]:.0f} %", kind="value"))
    return _svg(wide, bottom + 34, name, title, description, parts)


def scatter(name: str, title: str, description: str, points: Sequence[tuple[float, float, str, bool]]) -> str:
    """Items by difficulty (0 to 1, from left to right) and discrimination (-0.5 to 1, upwards).

    Args:
        points: difficulty, discrimination, label and whether the item is to be reviewed: a labelled square, else a dot.
    """
    left, right, top, bottom = 64.0, WIDTH - 30.0, 12.0, 352.0
    lowest, highest = -0.5, 1.0

    def place(difficulty: float, discrimination: float) -> tuple[float, float]:
        share = (min(max(discrimination, lowest), highest) - lowest) / (highest - lowest)
        return left + (right - left) * difficulty, bottom - (bottom - top) * share

    parts = []
    for value in (-0.5, 0.0, 0.5, 1.0):
        y = place(0, value)[1]
        kind = "zero" if value == 0 else "grid"
        parts += [_line(left, y, right, y, kind), _text(left - 8, y + 5, f"{value:g}", "end")]
    for value in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = place(value, 0)[0]
        parts += [_line(x, top, x, bottom, "grid"), _text(x, bottom + 18, f"{100 * value:.0f} %", "middle")]
    parts.append(
        _text((left + right) / 2, bottom + 38, "mean share of the points: further right is easier", "middle")
    )
    parts.append(
        f'<text transform="translate(16 {(top + bottom) / 2:g}) rotate(-90)" text-anchor="middle">discrimination</text>'
    )
    squares = []  # on top of every label
    taken: list[tuple[float, float, float]] = []  # of labels: from, to, height
    for difficulty, discrimination, label, review in sorted(points, key=lambda each: each[3]):
        x, y = place(difficulty, discrimination)
        if not review:
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" class="dot"/>')
            continue
        squares.append(f'<rect x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10" class="review"/>')
        wide = 6.4 * len(label)  # about, in this size of type
        start, height = (x + 9 if x + 9 + wide < WIDTH else x - 9 - wide), y - 4
        while any(start < to and since < start + wide and abs(height - at) < 13 for since, to, at in taken):
            height += 4
        taken.append((start, start + wide, height))
        left_of = start < x
        parts.append(
            _text(x - 9 if left_of else x + 9, height, label, "end" if left_of else "start", "value")
        )
    return _svg(WIDTH, bottom + 46, name, title, description, [*parts, *squares])
