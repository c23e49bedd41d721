"""The course as sponsors of continuing education ask about it: ``data/course-metadata.yaml``, and what is derived."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from earned_security.curriculum import source
from earned_security.curriculum.model import Curriculum, Module, Reference


@dataclass(frozen=True)
class Question:
    """One question of the form of evaluation, or (with ``answer`` "text") one that a provider is to answer."""

    id: str
    asks: str
    answer: Literal["scale", "number", "text"] = "text"


@dataclass(frozen=True)
class CourseMetadata:
    """What stands in the file; each field as it is explained there."""

    title: str
    description: str
    audience: str
    level: str
    level_means: str
    format: str
    authors: str
    licence: str
    clinical_review: str
    minutes_are: str
    provider_states: tuple[Question, ...]
    objective_question: str
    scale: tuple[str, ...]
    evaluation: tuple[Question, ...]


def load() -> CourseMetadata:
    """
    Raises:
        ContentError: the file cannot be read; ``earned check`` names every problem.
    """
    data: dict[str, Any] = dict(source.read("course-metadata"))
    for name in ("provider_states", "evaluation"):
        data[name] = tuple(Question(**entry) for entry in data[name])
    return CourseMetadata(**data | {"scale": tuple(data["scale"])})


def minutes(modules: Iterable[Module]) -> int:
    """The planned time of all modules."""
    return sum(module.minutes for module in modules)


def released(modules: Iterable[Module]) -> date:
    """When the last module was written."""
    return max(date.fromisoformat(module.data["written"]) for module in modules)


def review_due(modules: Iterable[Module]) -> date:
    """When the first module is to be reviewed; without a review the course is not to be offered after it."""
    return min(date.fromisoformat(module.data["review_due"]) for module in modules)


def references(curriculum: Curriculum) -> list[Reference]:
    """The works that the course's claims cite, apart from claims on which nothing rests; by their labels."""
    cited = {key for claim in curriculum.claims.values() if not claim.background for key in claim.citations}
    known = [curriculum.references[key] for key in cited if key in curriculum.references]
    return sorted(known, key=lambda reference: (reference.label.casefold(), reference.key))
