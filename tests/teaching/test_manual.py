"""The manual for instructors: every command in it is one, with its options; every picture is there and described."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from earned_security import cli

BOOK = Path(__file__).parents[2] / "book"
PAGES = [BOOK / "for-instructors.md", *sorted((BOOK / "teaching").glob("*.md"))]
_CODE = re.compile(r"^earned ([^\n]+)$|`earned ([^`\n]+)`", re.MULTILINE)


def inner(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The commands below a command, by name."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_every_command_is_one(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for match in _CODE.finditer(text):
        words = (match[1] or match[2]).split()
        parser, path = cli._parser(), "earned"
        while words and (below := inner(parser)):
            name = words.pop(0)
            assert name in below, f"{path} {name}"
            parser, path = below[name], f"{path} {name}"
        known = {option for action in parser._actions for option in action.option_strings}
        for word in words:
            if word.startswith("--"):
                assert word in known, f"{path} {word}"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_every_picture_is_there_and_described(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "@@" not in text
    for match in re.finditer(r"```\{figure\} (\S+)\n(.*?)```", text, re.DOTALL):
        assert (page.parent / match[1]).is_file(), match[1]
        alternative = re.search(r"^:alt: (.+)$", match[2], re.MULTILINE)
        assert alternative and len(alternative[1]) > 20, match[1]
