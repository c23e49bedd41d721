"""The exercises as practice copies for a learner's folder: no keys, no class."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from earned_security.curriculum import completion
from earned_security.teaching import assemble
from earned_security.teaching.bank import read_banks


@dataclass(frozen=True)
class Practice:
    """Texts by file name, and the title of each notebook among them."""

    files: dict[str, str]
    titles: dict[str, str]


def files(exercises: Path) -> Practice:
    """Every assignment of ``exercises/bank``: ``<assignment>/<assignment>.ipynb`` and its public items.

    The knowledge test is left out: whoever has practised a form has no form left to be tested with.

    Raises:
        ContentError: a file of the bank cannot be used.
    """
    texts, titles = {}, {}
    for bank in read_banks(exercises / "bank"):
        if bank.assignment in completion.load().forms:
            continue
        name = f"{bank.assignment}/{bank.assignment}.ipynb"
        texts[name] = assemble.practice_notebook(bank)
        texts[f"{bank.assignment}/items.json"] = assemble.items_json(bank)
        titles[name] = bank.title
    return Practice(texts, titles)
