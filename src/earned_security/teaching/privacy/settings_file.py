"""A learner's extensions in ``course.yaml``: shown, and taken out without touching another line."""

from __future__ import annotations

from typing import Any

import yaml


def entry(text: str, learner: str) -> str:
    """The lines of a learner under ``learners``; empty where there are none."""
    place = _lines(text, learner)
    return "".join(text.splitlines(keepends=True)[place[0] : place[1]]) if place else ""


def without(text: str, learner: str) -> str:
    """The file's text without them; ``learners`` stays, empty where nobody is left."""
    place = _lines(text, learner)
    if place is None:
        return text
    lines = text.splitlines(keepends=True)
    left = "".join([*lines[: place[0]], *lines[place[1] :]])
    if _as_written(left).get("learners") == "":
        left = _emptied(left)
    expected = _as_written(text)
    del expected["learners"][learner]
    if _as_written(left) == expected:
        return left
    return _anew(text, learner)  # in one line with others: without its comments


def _as_written(text: str) -> dict[str, Any]:
    """What the text says, each word as it stands: an id may be a number, or a word that YAML takes for true or false."""
    data = yaml.load(text, yaml.BaseLoader)
    return data if isinstance(data, dict) else {}


def _anew(text: str, learner: str) -> str:
    root: Any = yaml.compose(text)
    for name, value in root.value:
        if name.value == "learners":
            value.value = [pair for pair in value.value if pair[0].value != learner]
    written: str = yaml.serialize(root, allow_unicode=True)
    return written


def _emptied(text: str) -> str:
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if line.startswith("learners:"):
            comment = line.partition("#")[2].strip()
            lines[number] = "learners: {}" + (f" # {comment}" if comment else "") + "\n"
    return "".join(lines)


def _lines(text: str, learner: str) -> tuple[int, int] | None:
    """Where the entry begins and ends, by line; comments that follow it stay."""
    root: Any = yaml.compose(text)
    for name, value in getattr(root, "value", ()):
        if name.value != "learners":
            continue
        for key, inner in getattr(value, "value", ()):
            if key.value == learner:
                # A block ends where the next key begins; anything else, in the line in which it stands.
                is_block = isinstance(inner, yaml.MappingNode) and not inner.flow_style
                end = inner.end_mark.line + (not is_block)
                lines = text.splitlines()
                while end - 1 > key.start_mark.line and lines[end - 1].strip()[:1] in ("", "#"):
                    end -= 1
                return key.start_mark.line, end
    return None
