"""Items: the public part that a learner sees, and the key that only the instructor's side holds.

Both are made from one YAML entry and are separate objects from then on. What is public is named field
by field, so a new field in the bank stays with the key until it is declared public here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

CHOICES = ("choose-one", "choose-many")
PAIRINGS = ("match", "classify")

# Per type: the public fields, and of each part (option, entry, passage) the public fields.
_PUBLIC: dict[str, tuple[str, ...]] = {
    "choose-one": ("options",),
    "choose-many": ("options",),
    "match": ("entries", "options"),
    "classify": ("entries", "options"),
    "order": ("options",),
    "scale": ("scale",),
    "numeric": ("unit",),
    "mark-passages": ("passages",),
    "play-case": ("case", "rules", "alternative"),
    "free-text": (),
}
_PUBLIC_OF_PART = ("id", "text", "speaker")
_PUBLIC_OF_SCALE = ("min", "max", "step", "low", "high")
_PUBLIC_OF_RULES = ("repair",)

TYPES = tuple(_PUBLIC)


def parts_field(type_: str) -> str | None:
    """Which field holds the parts that carry a rationale each; None where the item has one rationale."""
    if type_ in PAIRINGS:
        return "entries"
    if type_ in (*CHOICES, "order"):
        return "options"
    return "passages" if type_ == "mark-passages" else None


@dataclass(frozen=True)
class Item:
    """The public part of one item.

    ``points``: the maximum, above 0. ``content``: the fields of its type, for instance ``options``. The text
    of ``prompt`` is plain, with *emphasis*.
    """

    id: str
    type: str
    title: str
    objective: str
    points: float
    claims: tuple[str, ...]
    prompt: str
    content: Mapping[str, Any]

    def public(self) -> dict[str, Any]:
        """As JSON for the page and the released assignment; :func:`from_public` reads it back."""
        return {
            "id": self.id,
            "type": self.type,
            "title": self.title,
            "objective": self.objective,
            "points": self.points,
            "claims": list(self.claims),
            "prompt": self.prompt,
            **self.content,
        }

    def texts(self, part_field: str) -> dict[str, str]:
        """The text of each option, entry or passage by its id."""
        return {part["id"]: part["text"] for part in self.content.get(part_field, [])}


@dataclass(frozen=True)
class Key:
    """What marks an item, and why. Instructor's side only.

    ``value``: the key as the bank states it (by type, see CONTRIBUTING); None for free text, and for a played
    case, whose key is the writers' judgement in the case itself. ``rationales``: by part id; an item
    with a single rationale has it under "". ``rubric``, ``model_answer`` and ``comments`` (for the
    marker to reuse): free text only. ``difficulty``: easy, medium or hard as the writers judge it, empty where they
    have not. ``prepares``: it asks for what its objective rests on, and does not assess that objective.
    """

    item: str
    value: Any
    rationales: Mapping[str, str] = field(default_factory=dict)
    rubric: tuple[Mapping[str, Any], ...] = ()
    model_answer: str = ""
    comments: tuple[str, ...] = ()
    difficulty: str = ""
    prepares: bool = False


def from_public(data: Mapping[str, Any]) -> Item:
    """An item from its public JSON.

    Raises:
        KeyError: a field is missing, or the type is not known.
    """
    return Item(
        id=data["id"],
        type=data["type"],
        title=data["title"],
        objective=data["objective"],
        points=data["points"],
        claims=tuple(data["claims"]),
        prompt=data["prompt"],
        content={name: _public_value(name, data[name]) for name in _PUBLIC[data["type"]] if name in data},
    )


def _public_value(name: str, value: Any) -> Any:
    if name in ("options", "entries", "passages"):
        return [{field: part[field] for field in _PUBLIC_OF_PART if field in part} for part in value]
    if name == "scale":
        return {field: value[field] for field in _PUBLIC_OF_SCALE if field in value}
    if name == "rules":
        return {field: value[field] for field in _PUBLIC_OF_RULES if field in value}
    return value


def split(entry: Mapping[str, Any]) -> tuple[Item, Key]:
    """The public item and its key, from one entry of a self-check file or of a bank.

    Raises:
        KeyError: a field is missing; ``earned check`` names it with file and line.
    """
    rationales = {"": entry["rationale"]} if "rationale" in entry else {}
    for part in entry.get(parts_field(entry["type"]) or "", []):
        rationales[part["id"]] = part["rationale"]
    key = Key(
        item=entry["id"],
        value=entry.get("key"),
        rationales=rationales,
        rubric=tuple(entry.get("rubric", ())),
        model_answer=entry.get("model_answer", ""),
        comments=tuple(entry.get("comments", ())),
        difficulty=entry.get("difficulty", ""),
        prepares=entry.get("prepares", False),
    )
    return from_public(entry), key
