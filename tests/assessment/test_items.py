"""What is public holds no key, and comes back from JSON as it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from earned_security.assessment.items import Item, Key, from_public, split
from earned_security.curriculum import source

BANK = Path(__file__).parents[1] / "teaching" / "data" / "99-shapes.yaml"
ENTRIES: list[dict[str, Any]] = source.read_document(BANK).data["items"]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["type"])
def test_the_public_part_holds_nothing_of_the_key(entry: dict[str, Any]) -> None:
    item, key = split(entry)
    assert isinstance(item, Item)
    assert isinstance(key, Key)
    text = json.dumps(item.public())
    assert "Secret" not in text
    assert not {"key", "rationale", "rubric", "model_answer"} & set(item.public())
    assert "Secret" in str(key.rationales) + str(key.rubric)
    assert key.value == entry.get("key")
    assert from_public(json.loads(text)) == item


def test_a_field_that_nobody_declared_public_stays_out() -> None:
    entry = {**ENTRIES[0], "hint_for_the_marker": "Secret"}
    entry["options"] = [{**option, "right": True} for option in entry["options"]]
    public = split(entry)[0].public()
    assert "hint_for_the_marker" not in public
    assert all(set(option) == {"id", "text"} for option in public["options"])


def test_what_its_writers_say_of_an_item_stays_with_the_key() -> None:
    item, key = split({**ENTRIES[0], "difficulty": "hard", "prepares": True})
    assert (key.difficulty, key.prepares) == ("hard", True)
    assert not {"difficulty", "prepares"} & set(item.public())
    assert (split(ENTRIES[0])[1].difficulty, split(ENTRIES[0])[1].prepares) == ("", False)


def test_a_missing_field_is_a_key_error() -> None:
    for field in ("id", "type", "prompt", "points"):
        with pytest.raises(KeyError):
            split({name: value for name, value in ENTRIES[0].items() if name != field})
