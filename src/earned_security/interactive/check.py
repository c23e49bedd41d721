"""Mistakes in what a person touches: explorers, deliberate practices, the session planner, the scoring exercise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from string import Formatter
from typing import Any

from earned_security import models
from earned_security.curriculum import source
from earned_security.curriculum.check import unknown
from earned_security.curriculum.source import ContentError, Document, KeyPath, Problem
from earned_security.interactive import deliberate_practice, explorer, explorer_figures, session_planner
from earned_security.interactive.piece import STATIC

FEWEST_LINES = 5


def problems() -> list[Problem]:
    """Every mistake in ``explorers``, ``deliberate-practice``, ``session-planner`` and ``instruments``."""
    return [
        *_files("explorers/*.yaml", "explorer", _explorer),
        *_files(f"{deliberate_practice.FOLDER}/*.yaml", "deliberate-practice", _practices),
        *_files(f"{session_planner.PLANNER}.yaml", "session-planner", _planner),
        *_files("instruments.yaml", "instruments", _instruments),
    ]


def _files(pattern: str, schema: str, check: Callable[[Document], Iterator[Problem]]) -> Iterator[Problem]:
    for path in sorted(source.DATA.glob(pattern)):
        try:
            document = source.read_document(path)
        except ContentError as error:
            yield from error.problems
            continue
        # Where the shape is wrong, what follows would only repeat it.
        yield from source.validate(document, schema) or check(document)


def _practices(document: Document) -> Iterator[Problem]:
    """A skill's first practice needs lines to rise through; a return in a later module may be a single one."""
    for index, entry in enumerate(document.data):
        if len(entry["lines"]) < FEWEST_LINES and "returns_from" not in entry:
            message = f"'{entry['id']}' has fewer than {FEWEST_LINES} lines; add some, or say where it returns_from."
            yield document.problem((index, "lines"), message)
    yield from _twice(document, (), "id")


def _planner(document: Document) -> Iterator[Problem]:
    if known := _claims():
        yield from unknown(document, ("claims",), document.data["claims"], known, "claim")
    # What is wrong in the lines would only be repeated by dealing.
    found = list(_planner_names(document))
    yield from found or _dealt(document)


def _planner_names(document: Document) -> Iterator[Problem]:
    """Inputs, values and ids that are named are there; each intervention ends with a line that always holds."""
    data = document.data
    for part, identity in (("gates", "id"), ("inputs", "name"), ("interventions", "id"), ("examples", "id")):
        yield from _twice(document, (part,), identity)
    entries = session_planner.inputs(data)
    allowed = {entry["name"]: [option["value"] for option in entry["options"]] for entry in entries}
    named: list[tuple[KeyPath, str, list[Any]]] = [
        (("inputs", index, "value"), entry["name"], [entry["value"]]) for index, entry in enumerate(entries)
    ]
    for index, example in enumerate(data["examples"]):
        at: KeyPath = ("examples", index, "values")
        named += [((*at, name), name, [value]) for name, value in example["values"].items()]
        for name in sorted(set(allowed) - set(example["values"])):
            yield document.problem(at, f"'{example['id']}' says nothing of '{name}'; add it.")
    for index, intervention in enumerate(data["interventions"]):
        count = len(intervention["lines"])
        lines: list[KeyPath] = [("interventions", index, "lines", number) for number in range(count)]
        for line, where in zip(intervention["lines"], lines, strict=True):
            named += [((*where, "when", name), name, values) for name, values in line.get("when", {}).items()]
        if "when" in intervention["lines"][-1]:
            message = (
                f"The last line of '{intervention['id']}' must hold always; add one without `when` after it."
            )
            yield document.problem(lines[-1], message)
    for where, name, values in named:
        if name not in allowed:
            yield document.problem(where, f"'{name}' is not an input of the planner: {', '.join(allowed)}.")
            continue
        for value in values:
            if value not in allowed[name]:
                shown = ", ".join(map(str, allowed[name]))
                yield document.problem(where, f"'{name}' is never {value!r}; it is one of: {shown}.")


def _dealt(document: Document) -> Iterator[Problem]:
    """Over all settings: ten portions, every line used, and nothing given that is not there."""
    interventions = document.data["interventions"]
    unused = {
        (index, number) for index, entry in enumerate(interventions) for number in range(len(entry["lines"]))
    }
    empty: dict[int, str] = {}
    for setting in session_planner.settings(document.data):
        shown = ", ".join(f"{name} {value}" for name, value in setting.items())
        shares = session_planner.deal(interventions, setting)
        dealt = sum(share.portions for share in shares)
        if dealt < session_planner.PORTIONS:
            message = f"Only {dealt} of {session_planner.PORTIONS} portions are dealt with {shown}."
            yield document.problem(("interventions",), message)
            return
        for index, (entry, share) in enumerate(zip(interventions, shares, strict=True)):
            line = session_planner.line_of(entry, setting)
            unused.discard((index, entry["lines"].index(line)))
            if line["give"] and not share.portions:
                empty.setdefault(index, shown)
    for index, number in sorted(unused):
        at = ("interventions", index, "lines", number)
        yield document.problem(at, "This line is never used: a line before it always fits.")
    for index, shown in empty.items():
        message = f"'{interventions[index]['id']}' should get some portions with {shown}, and none are left."
        yield document.problem(("interventions", index), message)


def _instruments(document: Document) -> Iterator[Problem]:
    """Keys of questionnaires name items that are there, answers that can be given, works and claims that are known."""
    data = document.data
    if known := _claims():
        at: KeyPath = ("exercise", "claims")
        yield from unknown(document, at, data["exercise"]["claims"], known, "claim")
    yield from _twice(document, ("instruments",), "id")
    for index, entry in enumerate(data["instruments"]):
        here: KeyPath = ("instruments", index)
        yield from _twice(document, (*here, "scales"), "id")
        for place, scale in enumerate(entry["scales"]):
            at = (*here, "scales", place)
            items = range(1, entry["items"] + 1)
            yield from unknown(
                document, (*at, "items"), scale["items"], items, f"item of the {entry['name']}"
            )
            yield from unknown(
                document, (*at, "reversed"), scale["reversed"], scale["items"], "item of this scale"
            )
        for place, row in enumerate(entry.get("rows", [])):
            at = (*here, "rows", place, "answers")
            answers = range(entry["lowest"], entry["highest"] + 1)
            yield from unknown(document, at, row["answers"], answers, f"answer in the {entry['name']}")
            if len(row["answers"]) != entry["items"]:
                yield document.problem(at, f"Write one answer for each of the {entry['items']} items.")
        works = source.read_references()
        yield from unknown(document, (*here, "citations"), entry["citations"], works, "key of references.bib")


def _explorer(document: Document) -> Iterator[Problem]:
    data = document.data
    if not re.fullmatch("[a-z0-9-]+", document.path.stem):
        yield document.problem((), "A file's name is its id: small letters, digits and hyphens.")
    if known := _claims():
        yield from unknown(document, ("claims",), data["claims"], known, "claim")
    yield from _values(document)
    yield from _prediction(document)
    if data["figure"] not in explorer_figures.names():
        figures = ", ".join(explorer_figures.names())
        yield document.problem(("figure",), f"'{data['figure']}' is not a known figure: {figures}.")
    if data["model"] not in models.names():
        names = ", ".join(models.names())
        yield document.problem(("model",), f"'{data['model']}' is not a known model: {names}.")
        return
    if f'"{data["model"]}"' not in (STATIC / "models" / "twins.js").read_text(encoding="utf-8"):
        yield document.problem(("model",), f"'{data['model']}' has no twin in static/models/twins.js.")
    yield from _against_model(document, models.get(data["model"]))


def _claims() -> set[str]:
    """The ids of the ledger; none where it cannot be read, which its own check reports."""
    try:
        return {entry["id"] for entry in source.read("claims")}
    except (ContentError, KeyError, TypeError):
        return set()


def _values(document: Document) -> Iterator[Problem]:
    """Defaults and presets lie in the ranges; names and ids stand once."""
    data = document.data
    for index, parameter in enumerate(data["parameters"]):
        if "options" not in parameter and parameter["min"] >= parameter["max"]:
            yield document.problem(
                ("parameters", index, "min"), "The smallest value must be below the largest."
            )
    allowed = explorer.domain(data["parameters"])
    for index, parameter in enumerate(data["parameters"]):
        at: KeyPath = ("parameters", index)
        name, value = parameter["name"], parameter["value"]
        if value not in allowed[name]:
            message = f"'{name}' starts at {value!r}; it must be {allowed[name]}."
            yield document.problem((*at, "value"), message)
        for other, value in parameter.get("when", {}).items():
            if other not in allowed:
                yield document.problem(
                    (*at, "when", other), f"'{other}' is not a parameter of this explorer."
                )
            elif value not in allowed[other]:
                yield document.problem(
                    (*at, "when", other), f"'{other}' is never '{value}': {allowed[other]}."
                )
    for index, preset in enumerate(data["presets"]):
        for name, value in preset["values"].items():
            at = ("presets", index, "values", name)
            if name not in allowed:
                yield document.problem(at, f"'{name}' is not a parameter of this explorer.")
            elif value not in allowed[name]:
                yield document.problem(
                    at, f"'{name}' is {value!r} in '{preset['id']}'; it must be {allowed[name]}."
                )
    yield from _twice(document, ("parameters",), "name")
    yield from _twice(document, ("presets",), "id")


def _prediction(document: Document) -> Iterator[Problem]:
    prediction = document.data.get("prediction")
    if prediction is None:
        return
    yield from _twice(document, ("prediction", "options"), "id")
    if sum(option.get("right", False) for option in prediction["options"]) != 1:
        yield document.problem(("prediction", "options"), "Mark exactly one option with `right: true`.")


def _twice(document: Document, at: KeyPath, identity: str) -> Iterator[Problem]:
    entries: Any = document.data
    for step in at:
        entries = entries[step]
    seen = set()
    for index, entry in enumerate(entries):
        if entry[identity] in seen:
            yield document.problem((*at, index, identity), f"'{entry[identity]}' stands twice; rename one.")
        seen.add(entry[identity])


def _against_model(document: Document, model: models.Model) -> Iterator[Problem]:
    """What the explorer names is what its model has."""
    data = document.data
    allowed = explorer.domain(data["parameters"])
    for index, parameter in enumerate(data["parameters"]):
        name, at = parameter["name"], ("parameters", index, "name")
        if name not in model.domain:
            yield document.problem(at, f"The model has no parameter '{name}': {', '.join(model.domain)}.")
        elif not _within(allowed[name], model.domain[name]):
            message = f"'{name}' goes beyond what the model's equations hold for: {model.domain[name]}."
            yield document.problem(at, message)
    for name in sorted(set(model.domain) - set(allowed)):
        yield document.problem(("parameters",), f"The model needs the parameter '{name}'; add it.")
    for index, column in enumerate(data["table"]):
        if column["series"] not in model.series:
            at = ("table", index, "series")
            yield document.problem(at, f"'{column['series']}' is not a series: {', '.join(model.series)}.")
    if data["figure"] in explorer_figures.names():
        for trace in explorer_figures.template(data["figure"])["data"]:
            for name in {trace["meta"]["x"], trace["meta"]["y"]} - set(model.series):
                yield document.problem(
                    ("figure",), f"The figure draws '{name}', which is not a series of the model."
                )
    yield from _readings(document, model, allowed)


def _within(allowed: models.Range | models.Choice, holds: models.Range | models.Choice) -> bool:
    if isinstance(allowed, models.Range) and isinstance(holds, models.Range):
        inside = holds.minimum <= allowed.minimum and allowed.maximum <= holds.maximum
        return inside and (allowed.whole or not holds.whole)
    if isinstance(allowed, models.Choice) and isinstance(holds, models.Choice):
        return set(allowed.values) <= set(holds.values)
    return False


def _readings(document: Document, model: models.Model, allowed: dict[str, Any]) -> Iterator[Problem]:
    readings = document.data["readings"]
    for regime in sorted(set(model.regimes) - set(readings)):
        yield document.problem(("readings",), f"The regime '{regime}' has no reading; add a sentence.")
    for regime, sentence in readings.items():
        at = ("readings", regime)
        if regime not in model.regimes:
            yield document.problem(
                at, f"'{regime}' is not a regime of the model: {', '.join(model.regimes)}."
            )
        try:
            placed = [(name, form) for _, name, form, _ in Formatter().parse(sentence) if name is not None]
        except ValueError:
            yield document.problem(at, "A brace is open or closed without its partner.")
            continue
        for name, form in placed:
            if form not in ("", "0", "1", "2", "3", "clock"):
                message = f"'{{{name}:{form}}}' is no form: write a number of decimals from 0 to 3, or clock."
                yield document.problem(at, message)
        used = {name for name, _ in placed}
        for name in sorted(used - set(model.quantities) - set(allowed)):
            yield document.problem(at, f"'{{{name}}}' is neither a quantity of the model nor a parameter.")
