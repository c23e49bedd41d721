"""Sentences that state a number or a finding and name nothing that they rest on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from earned_security.publishing.markup import Paragraph, paragraphs

# A comment that begins so, on a line of its own before a paragraph, says why that one needs no claim.
EXEMPT = "no claim:"

_SUPPORT = re.compile(r"\{(?:claim|cite:[pt])\}`[^`]*`")
_FINDING = re.compile(
    r"(?<!no )\b(?:research|science|stud(?:y|ies)|evidence|trials?|meta-analys[ei]s|reviews?|data)\s+(?:(?!not )\w+\s+){0,2}?"
    r"(?:shows?|showed|finds?|found|suggests?|suggested|proves?|proved|supports?|indicates?|confirms?|demonstrates?)\b"
    r"|\b(?:has|have|had) been (?:shown|proven|proved|demonstrated)\b"
    r"|\bper ?cent\b|%",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d")
# Digits that count pages, ages, steps and dates are no findings.
_NO_FINDING = re.compile(
    r"\{[\w:-]+\}`[^`]*`|`[^`]*`|\]\([^)]*\)"  # roles, code, the target of a link
    r"|\"[^\"]*\"|“[^”]*”"  # what somebody says
    r"|\b(?i:modules?|parts?|steps?|groups?|forms?|weeks?|line|case|row|day|source)\s+\d+"
    r"(?:(?:,|\sto|\sand|,?\sor)\s\d+)*"
    r"|\(\d\)"  # steps within a sentence
    r"|\bIn \d+ (?:weeks|months):"
    r"|\bM\d+\.\d+|\b[A-E]\d+(?:\.\d+)?[a-z]?\b"  # objectives, points of the source documents
    r"|(?:\b[A-Z]\w+(?: is|,)|composites?:) \d\d\b|\(\d\d,|\*\(\d\d[^)]*\)\*"  # somebody's age
    r"|\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December) \d{4}"
    r"|\bfrom \d+(?: \([^)]*\))? to \d+ \([^)]*\)"  # a scale to answer on
)
_START = re.compile(r"(?<=[.!?])[\"”)*]*\s+(?=[\"“(*A-Z])")
_MARKER = re.compile(r"^[ \t]*(?:\d+\.|[-*]|\|[ \t]*\d+(?=[ \t]))[ \t]+")
_RULE = re.compile(r"\s*\|(?:\s*:?-+:?\s*\|)+\s*$")


def _units(paragraph: Paragraph) -> Iterator[tuple[int, str]]:
    """Paragraphs, each entry of a list and each row of a table, with the line on which it starts; no head of a table."""
    lines = paragraph.text.split("\n")
    start = 0
    for index in range(1, len(lines) + 1):
        if index == len(lines) or lines[index].lstrip().startswith("|") or _MARKER.match(lines[index]):
            if not (index < len(lines) and _RULE.match(lines[index])):
                yield paragraph.line + start, _MARKER.sub("", "\n".join(lines[start:index]))
            start = index


def _states_a_finding(sentence: str) -> bool:
    bare = _NO_FINDING.sub("", sentence)
    return bool(_FINDING.search(bare) or _NUMBER.search(bare))


def unsupported(text: str) -> Iterator[tuple[int, str]]:
    """The lines and words of sentences with a number or "research shows" that cite no claim and no work.

    What a sentence rests on stands in it or in the next one; in the row of a table, anywhere in the row. Headings,
    quoted dialogue and a paragraph after a comment ``% no claim: why`` are left out.
    """
    for paragraph in paragraphs(text):
        if paragraph.text.lstrip().startswith(("#", ">")) or paragraph.comment.startswith(EXEMPT):
            continue
        for line, unit in _units(paragraph):
            row = "|" in unit
            starts = [0] if row else [0, *(match.end() for match in _START.finditer(unit))]
            sentences = [unit[a:b] for a, b in zip(starts, [*starts[1:], len(unit)], strict=True)]
            supported = [bool(_SUPPORT.search(sentence)) for sentence in sentences]
            for index, sentence in enumerate(sentences):
                if not any(supported[index : index + 2]) and _states_a_finding(sentence):
                    yield line + unit[: starts[index]].count("\n"), " ".join(sentence.split())
