"""The plan of the graded items: what each objective needs, what the two forms share, what the completion rule names.

A knowledge objective has three graded items or more in its module's assignment. A performance objective has an
observed task, in the one assignment of observed tasks, and no item that a program marks: one that asks for what the
performance rests on says ``prepares: true``. The two forms of the knowledge test are paired item by item.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from earned_security.curriculum import completion, source
from earned_security.curriculum.completion import CompletionRule
from earned_security.curriculum.source import ContentError, Document, Problem

FEWEST = 3  # graded items for a knowledge objective
OF_A_FORM, OF_A_MODULE = 40, 4  # items of a form, and among them of each module
SHARED = ("objective", "type", "points", "difficulty")  # by both items of a pair


@dataclass(frozen=True)
class _Objective:
    id: str
    kind: str
    module: str
    number: int
    document: Document
    line: int

    def problem(self, message: str) -> Problem:
        return Problem(self.document.path, self.line, message)


@dataclass(frozen=True)
class _Entry:
    """One item of a bank as it is written, and where."""

    data: dict[str, Any]
    document: Document
    index: int

    @property
    def id(self) -> str:
        return str(self.data.get("id"))

    @property
    def objective(self) -> str:
        return str(self.data.get("objective"))

    def problem(self, message: str, field: str = "id") -> Problem:
        return self.document.problem(("items", self.index, field), message)


def problems(bank: Path) -> list[Problem]:
    """Where the course's own bank departs from the plan; nothing while a file cannot be read, which is reported elsewhere.

    Args:
        bank: the folder with the graded items.
    """
    try:
        rule = completion.load()
        objectives = _objectives()
        documents = [source.read_document(path) for path in sorted(bank.glob("*.yaml"))]
    except (ContentError, KeyError, TypeError, ValueError):
        return []
    banks = {str(each.data.get("assignment")): each for each in documents if isinstance(each.data, dict)}
    return [
        *_knowledge(objectives, banks),
        *_performance(objectives, banks, rule),
        *_forms(objectives, banks, rule),
        *_rule(banks, rule),
    ]


def _objectives() -> dict[str, _Objective]:
    found = {}
    for name in source.names("modules"):
        document = source.read_document(source.path_of(name))
        for index, entry in enumerate(document.data["objectives"]):
            line = document.line(("objectives", index, "id"))
            place = (document.data["id"], int(document.data["number"]), document, line)
            found[entry["id"]] = _Objective(entry["id"], entry["kind"], *place)
    return found


def _entries(document: Document | None) -> list[_Entry]:
    items = document.data.get("items") if document else None
    listed = enumerate(items if isinstance(items, list) else [])
    return [_Entry(data, document, index) for index, data in listed if document and isinstance(data, dict)]


def _knowledge(objectives: dict[str, _Objective], banks: dict[str, Document]) -> Iterator[Problem]:
    counted = Counter(
        (str(document.data.get("module")), entry.objective)
        for document in banks.values()
        for entry in _entries(document)
    )
    for objective in objectives.values():
        count = counted[(objective.module, objective.id)]
        if objective.kind == "knowledge" and count < FEWEST:
            has = f"{count or 'no'} graded item{'' if count == 1 else 's'}"
            yield objective.problem(
                f"{objective.id} has {has} in its module's bank; it needs {FEWEST} or more."
            )


def _performance(
    objectives: dict[str, _Objective], banks: dict[str, Document], rule: CompletionRule
) -> Iterator[Problem]:
    performed = {name for name, objective in objectives.items() if objective.kind == "performance"}
    tasks = _entries(banks.get(rule.observed_tasks))
    observed = {entry.objective for entry in tasks}
    for name in sorted(performed - observed, key=list(objectives).index):
        message = (
            f"{name} is a performance and has no observed task; write one in {rule.observed_tasks}.yaml."
        )
        yield objectives[name].problem(message)
    last = 0
    for entry in tasks:
        objective = objectives.get(entry.objective)
        if objective is None:
            continue
        if objective.id not in performed:
            message = f"{objective.id} is knowledge, so {entry.id} belongs in the bank of its module."
            yield entry.problem(message, "objective")
        if entry.data.get("type") != "free-text":
            yield entry.problem(f"{entry.id} is an observed task, which a person scores: free-text.", "type")
        if objective.number < last:
            yield entry.problem(f"{entry.id} stands after a task of a later module; move it up.")
        last = max(last, objective.number)
    for name, document in banks.items():
        for entry in _entries(document) if name != rule.observed_tasks else ():
            of, prepares = entry.objective, bool(entry.data.get("prepares"))
            if of in performed and not prepares:
                yield entry.problem(
                    f"{of} is a performance, which {entry.id} cannot assess. Give this item a knowledge objective; or, "
                    "where it asks for what the performance rests on, say `prepares: true`.",
                    "objective",
                )
            if of in objectives and of not in performed and prepares:
                yield entry.problem(
                    f"{of} is knowledge, which {entry.id} assesses; take `prepares` out.", "prepares"
                )


def _forms(
    objectives: dict[str, _Objective], banks: dict[str, Document], rule: CompletionRule
) -> Iterator[Problem]:
    there = [(name, banks[name]) for name in rule.forms if name in banks]
    for name, document in there:
        entries = _entries(document)
        if len(entries) != OF_A_FORM:
            yield document.problem(("items",), f"{name} has {len(entries)} items, not {OF_A_FORM}.")
        of = [objectives[entry.objective] for entry in entries if entry.objective in objectives]
        counted = Counter(objective.number for objective in of)
        for number in sorted({objective.number for objective in objectives.values()}):
            if counted[number] != OF_A_MODULE:
                message = f"{name} has {counted[number]} items on module {number}, not {OF_A_MODULE}."
                yield document.problem(("items",), message)
        for entry in entries:
            if entry.data.get("difficulty") is None:
                yield entry.problem(f"{entry.id} has no difficulty: easy, medium or hard.")
    if len(there) == len(rule.forms):
        yield from _pairs(*(_entries(document) for _, document in there))


def _pairs(first: list[_Entry], second: list[_Entry]) -> Iterator[Problem]:
    """Each item has one in the other form with the same topic: form-a-m1-limits goes with form-b-m1-limits."""
    a = {entry.id.removeprefix("form-a-"): entry for entry in first}
    b = {entry.id.removeprefix("form-b-"): entry for entry in second}
    for here, there, letter in ((a, b, "b"), (b, a, "a")):
        for topic, entry in here.items():
            if topic not in there:
                yield entry.problem(
                    f"{entry.id} has no pair; the other form has no item 'form-{letter}-{topic}'."
                )
    for topic, one in a.items():
        if topic not in b:
            continue
        other = b[topic]
        for field in SHARED:
            if one.data.get(field) != other.data.get(field):
                yield other.problem(
                    f"The {field} of {other.id} is {other.data.get(field)}; that of its pair is {one.data.get(field)}.",
                    field,
                )


def _rule(banks: dict[str, Document], rule: CompletionRule) -> Iterator[Problem]:
    """What the completion rule names is there, and its points are those of the bank."""
    document = source.read_document(source.path_of("completion"))
    for field, place in (("safe_path", rule.safe_path), ("capstone", rule.capstone)):
        entries = {entry.id: entry.data for entry in _entries(banks.get(place.assignment))}
        if place.item not in entries:
            message = f"'{place.item}' is not an item of {place.assignment}."
            yield document.problem((field, "item"), message)
        elif field == "safe_path" and entries[place.item].get("type") != "play-case":
            yield document.problem(
                (field, "item"), f"'{place.item}' is no played case, so it knows no safe path."
            )
        elif field == "capstone" and entries[place.item].get("points") != rule.capstone_maximum:
            points = entries[place.item].get("points")
            yield document.problem((field, "of"), f"The bank gives {points} points for '{place.item}'.")
    if rule.capstone_points > rule.capstone_maximum:
        yield document.problem(("capstone", "points"), "More points are needed than there are.")
    for name in rule.forms:
        if name not in banks:
            message = f"The bank has no assignment '{name}'."
            yield document.problem(("knowledge_test", "forms"), message)
