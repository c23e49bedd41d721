"""From data to objects."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar

from earned_security.curriculum import source
from earned_security.curriculum.model import Claim, Curriculum, Module, Objective, Reference, Strategy, Term

T = TypeVar("T")


def _record(kind: type[T], entry: dict[str, Any]) -> T:
    """A dataclass from one entry; lists become tuples, unknown fields are the checker's business."""
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
    return kind(**{name: value for name, value in values.items() if name in known})


def _module(data: dict[str, Any]) -> Module:
    return Module(
        id=data["id"],
        number=data["number"],
        title=data["title"],
        minutes=data["minutes"],
        sources=tuple(data["sources"]),
        objectives=tuple(_record(Objective, entry) for entry in data["objectives"]),
        data=data,
    )


def load() -> Curriculum:
    """The whole curriculum.

    Raises:
        ContentError: a file cannot be read; ``earned check`` names every problem.
    """
    modules = [_module(source.read(name)) for name in source.names("modules")]
    return Curriculum(
        claims={entry["id"]: _record(Claim, entry) for entry in source.read("claims")},
        references={key: Reference(key, fields) for key, fields in source.read_references().items()},
        strategies={entry["id"]: _record(Strategy, entry) for entry in source.read("strategies")},
        modules={module.id: module for module in sorted(modules, key=lambda module: module.number)},
        glossary={entry["term"]: _record(Term, entry) for entry in source.read("glossary")},
    )
