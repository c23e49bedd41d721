"""What completing the course takes, from ``data/completion.yaml``: the rule, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass

from earned_security.curriculum import source
from earned_security.locale import words


@dataclass(frozen=True)
class Place:
    """One graded item: the assignment it belongs to, and its id."""

    assignment: str
    item: str


@dataclass(frozen=True)
class CompletionRule:
    """The knowledge test after the course, a safe path, and the capstone; all three are needed.

    ``forms``: the assignments of the knowledge test. ``percent``: the share of its points that is needed, above 0 to
    100. ``safe_path``: the case whose safety is a gate; ``case``: its name in a sentence. ``capstone_points``: needed
    of ``capstone_maximum``. ``observed_tasks``: the assignment that is reported beside the rule.
    """

    forms: tuple[str, ...]
    percent: float
    safe_path: Place
    case: str
    capstone: Place
    capstone_points: float
    capstone_maximum: float
    observed_tasks: str

    def in_words(self) -> str:
        """The rule as a Markdown list."""
        return "\n".join(f"- {part}" for part in self.parts())

    def parts(self) -> tuple[str, ...]:
        """The three parts of the rule, one sentence or two each."""
        return (
            words("marking.completion.knowledgeTest", percent=f"{self.percent:g}"),
            words("marking.completion.safePath", case=self.case),
            words(
                "marking.completion.capstone",
                points=f"{self.capstone_points:g}",
                maximum=f"{self.capstone_maximum:g}",
            ),
        )


def load() -> CompletionRule:
    """The course's own rule.

    Raises:
        ContentError: the file cannot be read; ``earned check`` names every problem.
    """
    data = source.read("completion")
    test, path, capstone = data["knowledge_test"], data["safe_path"], data["capstone"]
    return CompletionRule(
        forms=tuple(test["forms"]),
        percent=test["percent"],
        safe_path=Place(path["assignment"], path["item"]),
        case=path["name"],
        capstone=Place(capstone["assignment"], capstone["item"]),
        capstone_points=capstone["points"],
        capstone_maximum=capstone["of"],
        observed_tasks=data["observed_tasks"],
    )
