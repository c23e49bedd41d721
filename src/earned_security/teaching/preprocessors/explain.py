"""Feedback: where to read again, what stays unassessed and, only where the settings say so, the right answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from nbformat.v4 import new_output
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

from earned_security import curriculum
from earned_security.assessment.items import Item
from earned_security.assessment.marking import is_dropped
from earned_security.teaching import TeachingError, assemble, course_settings, marker

NOTEBOOKS = Path(__file__).resolve().parents[4] / "notebooks"
_SECTIONS = 2  # more would be a list nobody follows
_AROUND = ("What this module is about", "What the source said", "Key points", "Further reading")


class Explain(NbGraderPreprocessor):
    """Goes before ``StripKeys`` in ``GenerateFeedback.preprocessors``, since it needs the keys.

    What was answered, what it earned and why has been in the notebook since marking. Whether the right answer is
    added is decided at the time when feedback is generated.
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        settings, assignment = course_settings.of(self.config), resources["nbgrader"]["assignment"]
        shown = settings.shows_right_answers(assignment)
        observed = assignment == settings.completion.observed_tasks
        try:
            known = marker.keys(nb)
        except TeachingError:  # a notebook of another make: nbgrader's own feedback is all there is
            known = {}
        for cell in nb.cells:
            if cell.cell_type == "code" and (
                entry := known.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
            ):
                item, key = entry
                points = marker.score(cell)
                lines = [read_again(item)] if points is not None and points < item.points else []
                if shown and points is not None:
                    lines += right_answer(item, key.value)
                if lines:
                    cell.outputs.insert(
                        1, new_output("stream", name="stdout", text="\n" + "\n".join(lines) + "\n")
                    )
            elif shown and utils.is_locked(cell) and assemble.END_SCHEME in cell.source:
                cell.source += "\n\n" + model_answer(cell.source)
            elif observed and utils.is_grade(cell) and utils.is_solution(cell) and marker.score(cell) == 0:
                cell.source = unassessed(cell.metadata.get("earned_security", {}).get("objective", ""))
        return nb, resources


def unassessed(objective: str) -> str:
    """In place of an observed task of which nothing was handed in: which objective stays unassessed."""
    known = curriculum.load().objectives.get(objective)
    which = f"objective {known.id} ({known.text})" if known else "this objective"
    return (
        f"**Not observed.** Nothing was handed in here. Unless your instructor has entered an observer's scores, {which} "
        "stays unassessed. That is no failure, and no other score stands in for it."
    )


def model_answer(scheme: str) -> str:
    """The model answer out of a mark scheme, with its heading; nothing where there is none."""
    found = re.search(
        rf"{re.escape(assemble.MODEL_ANSWER)}.*?(?={re.escape(assemble.END_SCHEME)})", scheme, re.DOTALL
    )
    return found[0].strip() if found else ""


def right_answer(item: Item, key: Any) -> list[str]:
    """The answer looked for, line by line; nothing for an item that was taken out or that has no single answer."""
    if is_dropped(key):
        return []
    lines = list(_right(item, key))
    return ["The answer looked for:", *(f"- {' '.join(line.split())}" for line in lines)] if lines else []


def _right(item: Item, key: Any) -> Iterator[str]:
    if item.type == "choose-one":
        yield item.texts("options")[key]
    elif item.type in ("choose-many", "mark-passages"):
        texts = item.texts("options" if item.type == "choose-many" else "passages")
        yield from (text for name, text in texts.items() if name in key)
    elif item.type in ("match", "classify"):
        options = item.texts("options")
        yield from (f"{text} → {options[key[entry]]}" for entry, text in item.texts("entries").items())
    elif item.type == "order":
        steps = item.texts("options")
        yield from (f"{steps[first]} comes before: {steps[later]}" for first, later in key["before"])
    elif item.type in ("scale", "numeric"):
        within = f", or up to {key['tolerance']:g} away from it" if key["tolerance"] else ""
        yield f"{key['value']:g} {item.content.get('unit') or ''}".strip() + within


def read_again(item: Item) -> str:
    """Where a learner finds what an item is about: its module, and the sections that rest on the same claims."""
    return _read_again(item.objective, item.claims)


@lru_cache(maxsize=1024)
def _read_again(objective: str, claims: tuple[str, ...]) -> str:
    for module in curriculum.load().modules.values():
        if any(each.id == objective for each in module.objectives):
            where = f"Read again: module {module.number}, {module.title}"
            files = sorted(NOTEBOOKS.glob(f"{module.number:02}-*.md"))
            names = sections(files[0].read_text(encoding="utf-8"), claims)[:_SECTIONS] if files else []
            return where + "".join(f", “{name}”" for name in names) + "."
    return "Read again the module that this belongs to."


def sections(text: str, claims: tuple[str, ...]) -> list[str]:
    """The headings of a module's text under which one of the claims is cited, in order.

    A section that goes through the whole module is named only where no other does.
    """
    found: list[str] = []
    heading = ""
    for line in text.splitlines():
        if line.startswith("## "):
            heading = line.removeprefix("## ").strip()
        elif heading and heading not in found and any(f"{{claim}}`{claim}`" in line for claim in claims):
            found.append(heading)
    return [heading for heading in found if not heading.startswith(_AROUND)] or found
