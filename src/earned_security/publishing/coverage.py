"""What the curriculum promises to teach and does not: points of the sources, and claims of the ledger."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from earned_security.curriculum import Problem, source
from earned_security.curriculum.source import ContentError
from earned_security.publishing import markup

_POINT = re.compile(r"\b[A-E]\d+(?:\.\d+)?[a-z]?\b")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")


def named_points(text: str) -> set[str]:
    """The points of the sources that a module's table of source and evidence names."""
    bodies = (use.body for use in markup.uses(text) if use.name == "source-and-evidence")
    return {point for body in bodies for point in _POINT.findall(body)}


def source_problems(root: Path) -> Iterator[Problem]:
    """Points of the source map that the module of one of their objectives neither declares nor speaks of.

    Raises:
        ContentError: the data cannot be read; its own check says why.
    """
    points = source.read_document(source.path_of("source-map"))
    declared: dict[str, set[str]] = {}
    named: dict[str, set[str]] = {}
    of_module: dict[str, str] = {}
    for name in source.names("modules"):
        module, file = source.read(name), Path(name).name
        declared[file] = set(module["sources"])
        notebook = root / "notebooks" / f"{file}.md"
        named[file] = named_points(notebook.read_text(encoding="utf-8")) if notebook.exists() else set()
        of_module |= {objective["id"]: file for objective in module["objectives"]}
    taught: dict[str, set[str]] = {file: set() for file in declared}
    for index, point in enumerate(points.data):
        for objective in point["objectives"]:
            if objective not in of_module:
                yield points.problem((index, "objectives"), f"'{objective}' is no objective of any module.")
            else:
                taught[of_module[objective]].add(point["id"])
    for index, point in enumerate(points.data):
        for file in declared:
            if point["id"] in taught[file] and point["id"] not in declared[file]:
                message = f"{point['id']} is taught by {file}.yaml, which does not name it under 'sources'."
                yield points.problem((index, "id"), message)
            if point["id"] in taught[file] and point["id"] not in named[file]:
                message = f"{point['id']} is not in the table of source and evidence of notebooks/{file}.md."
                yield points.problem((index, "id"), message)
            if point["id"] in declared[file] and point["id"] not in taught[file]:
                message = (
                    f"{file}.yaml names {point['id']} under 'sources'; none of its objectives stands here."
                )
                yield points.problem((index, "objectives"), message)


def claim_problems(root: Path) -> Iterator[Problem]:
    """Claims that nothing rests on and that are not marked as background.

    Raises:
        ContentError: the ledger cannot be read; its own check says why.
    """
    ledger = source.read_document(source.path_of("claims"))
    pages = [*root.glob("book/**/*.md"), *root.glob("notebooks/*.md"), *root.glob("exercises/bank/*.yaml")]
    data = [path for path in source.DATA.rglob("*.yaml") if path != ledger.path]
    used = {name for path in (*pages, *data) for name in _ID.findall(path.read_text(encoding="utf-8"))}
    for index, claim in enumerate(ledger.data):
        if claim["id"] not in used and not claim.get("background"):
            message = f"Nothing rests on the claim '{claim['id']}': cite it, or say 'background: true' here."
            yield ledger.problem((index, "id"), message)


def problems(root: Path) -> list[Problem]:
    """Both, for a checkout; nothing where the data cannot be read, which the curriculum's own check reports."""
    found: list[Problem] = []
    for check in (source_problems, claim_problems):
        try:
            found += check(root)
        except (ContentError, KeyError, TypeError, FileNotFoundError):
            continue
    return found
