"""What the page reads to say where a learner was."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from earned_security import cases
from earned_security.interactive import pieces
from earned_security.publishing.site import progress

MODULE = "notebooks/04-building-safety-and-trust"
CHECKLIST = "```{piece} strategy-checklist\n```\n"
CASE = "```{piece} tomasz\n```\n"


def _places(folder: Path) -> Any:
    return json.loads(next(folder.glob("_static/*/places.json")).read_text(encoding="utf-8"))


def test_pages_with_their_pieces_in_the_books_order(tiny_book: Callable[..., Any]) -> None:
    start = f"# Start\n\n```{{toctree}}\nz\n{MODULE}\nbook/references\nbook/crisis-and-grounding\n```\n"
    pages = {
        "index": start,
        "z": f"# Last letter\n\n{CHECKLIST}",
        MODULE: f"# A module\n\n{CASE}\n{CHECKLIST}",
    }
    built = tiny_book(pages)
    found = _places(built.folder)
    assert found["pages"] == [
        {"page": "z", "title": "Last letter", "module": 0, "pieces": ["strategy-checklist"]},
        {"page": MODULE, "title": "A module", "module": 4, "pieces": ["tomasz", "strategy-checklist"]},
    ]
    assert found["pieces"]["tomasz"]["kind"] == "case"
    # A page that has not changed is not read again, and is still listed.
    tiny_book({**pages, "z": f"# Another title\n\n{CHECKLIST}"})
    assert [page["title"] for page in _places(built.folder)["pages"]] == ["Another title", "A module"]


@pytest.mark.parametrize("name", cases.case_ids())
def test_a_case_without_its_words_has_every_way_and_none_of_its_text(name: str) -> None:
    content = json.loads(json.dumps(pieces.content(name)))
    outline = progress.outline(content)
    assert set(outline["scenes"]) == set(content["scenes"])
    for scene in content["scenes"].values():
        kept = outline["scenes"][scene["id"]]
        assert kept["ending"] == bool(scene["ending"])
        assert [option["ways"] for option in kept["options"]] == [
            option["ways"] for option in scene["options"]
        ]
    text = json.dumps(outline)
    assert "quality" not in text and "rationale" not in text and content["title"] not in text
