"""What is taught, as read-only Python objects. Built from the data by :func:`earned_security.curriculum.load`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

GRADES = (
    "strong",
    "moderate",
    "preliminary",
    "contested",
    "theoretical",
    "clinical-consensus",
    "no-evidence-found",
)


@dataclass(frozen=True)
class Reference:
    """A work in the bibliography. ``checked``: how the record was verified (abstract, match, record, memory)."""

    key: str
    fields: Mapping[str, str]

    @property
    def people(self) -> list[str]:
        """Family names of authors, or of editors; an organisation stands whole."""
        names = self.fields.get("author") or self.fields.get("editor") or ""
        return [name.split(",")[0].strip() for name in names.split(" and ") if name]

    @property
    def label(self) -> str:
        """Author and year as a reader expects: ``Shenk & Fruzzetti, 2011``."""
        people = self.people
        who = people[0] if people else self.fields.get("title", self.key)
        if len(people) == 2:
            who = f"{people[0]} & {people[1]}"
        elif len(people) > 2:
            who = f"{people[0]} et al."
        return f"{who}, {self.fields.get('year', 'no date')}"

    @property
    def title(self) -> str:
        return self.fields.get("title", "")

    @property
    def address(self) -> str | None:
        """Where to read it: its DOI, or else the web address in the record."""
        doi = self.fields.get("doi")
        return f"https://doi.org/{doi}" if doi else self.fields.get("url")

    @property
    def from_memory(self) -> bool:
        """The record has not been checked against any source and is marked so in print."""
        return self.fields.get("checked") == "memory"


@dataclass(frozen=True)
class Claim:
    """A graded statement of the evidence ledger.

    ``figures`` says how the numbers in it were checked (none, seen-in-abstract, mixed, from-memory); only
    "seen-in-abstract" may be printed as it stands. ``sources`` maps source documents A to E to how the claim
    stands to them: supports, qualifies, corrects or context. ``background``: nothing in the course rests on it.
    """

    id: str
    strand: str
    statement: str
    grade: str
    citations: tuple[str, ...]
    caveat: str
    sources: Mapping[str, str]
    figures: str
    topic: str | None = None
    corrects: Mapping[str, str] | None = None
    background: bool = False

    @property
    def figures_checked(self) -> bool:
        return self.figures in ("none", "seen-in-abstract")


@dataclass(frozen=True)
class Strategy:
    """One strategy of the checklist; the fields are those of ``strategies.yaml``."""

    id: str
    name: str
    group: str
    sources: tuple[str, ...]
    named_in_source_as: str
    what_it_looks_like: str
    when_to_use: str
    when_not_to_use_or_cautions: str
    typical_errors: tuple[str, ...]
    observable_marker: str
    evidence_grade: str
    grade_is_for: str
    citations: tuple[str, ...]
    fits_client_patterns: tuple[str, ...]


@dataclass(frozen=True)
class Objective:
    """What a learner can do afterwards. ``kind``: knowledge (assessed by items) or performance (observed)."""

    id: str
    kind: str
    text: str


@dataclass(frozen=True)
class Module:
    """One module: its objectives, minutes, sources, pieces, practice and dates."""

    id: str
    number: int
    title: str
    minutes: int
    sources: tuple[str, ...]
    objectives: tuple[Objective, ...]
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Term:
    """A glossary entry. ``see``: other terms; ``claims``: what the definition rests on."""

    term: str
    definition: str
    see: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()


@dataclass(frozen=True)
class Curriculum:
    claims: Mapping[str, Claim]
    references: Mapping[str, Reference]
    strategies: Mapping[str, Strategy]
    modules: Mapping[str, Module]
    glossary: Mapping[str, Term]

    @property
    def objectives(self) -> dict[str, Objective]:
        return {
            objective.id: objective for module in self.modules.values() for objective in module.objectives
        }
