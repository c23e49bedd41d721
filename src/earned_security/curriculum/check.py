"""Mistakes in the curriculum's own data: schema, duplicates, references that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from earned_security.curriculum import source
from earned_security.curriculum.source import ContentError, Document, KeyPath, Problem

SHARED = ("claims", "strategies", "glossary")


def problems() -> list[Problem]:
    """Every mistake in ``curriculum/data``, apart from cases, items and explorers, which their rooms check."""
    found: list[Problem] = []
    documents: dict[str, Document] = {}
    for name in (*SHARED, "source-map", "crisis-routes", *source.names("modules")):
        schema = "module" if name.startswith("modules/") else name
        try:
            documents[name] = source.read_document(source.path_of(name))
        except FileNotFoundError:
            found.append(Problem(source.path_of(name), 1, "This file is missing."))
            continue
        except ContentError as error:
            found += error.problems
            continue
        if (source.SCHEMA / f"{schema}.json").exists():
            found += source.validate(documents[name], schema)
    found += _references(documents)
    return found


def entries(document: Document | None) -> Iterator[tuple[int, dict[str, Any]]]:
    """The entries of a list that are mappings, with their place; what is not one, the schema reports."""
    if document and isinstance(document.data, list):
        for index, entry in enumerate(document.data):
            if isinstance(entry, dict):
                yield index, entry


def duplicates(document: Document, identity: str = "id") -> Iterator[Problem]:
    """Entries whose id stands twice in a list."""
    seen: dict[str, int] = {}
    for index, entry in entries(document):
        name = entry.get(identity)
        if isinstance(name, str) and name in seen:
            message = f"'{name}' stands twice; it stands first on line {document.line((seen[name],))}."
            yield document.problem((index, identity), message)
        elif isinstance(name, str):
            seen[name] = index


def unknown(
    document: Document, at: KeyPath, names: Any, known: Iterable[Any], what: str
) -> Iterator[Problem]:
    """Names in a list that are not known."""
    if not isinstance(names, list):
        return
    known = set(known)
    for index, name in enumerate(names):
        if name not in known:
            yield document.problem((*at, index), f"'{name}' is not a known {what}.")


def _references(documents: dict[str, Document]) -> Iterator[Problem]:
    bibliography = source.DATA / "references.bib"
    try:
        works = set(source.read_references())
    except Exception as error:  # pybtex raises a family of its own, with the line in its text
        yield Problem(
            bibliography, getattr(error, "lineno", None) or 1, f"The bibliography cannot be read: {error}."
        )
        works = set()
    claims = {entry.get("id") for _, entry in entries(documents.get("claims"))}
    terms = {entry.get("term") for _, entry in entries(documents.get("glossary"))}
    for name in ("claims", "strategies"):
        if document := documents.get(name):
            yield from duplicates(document)
            for index, entry in entries(document):
                if works:
                    at = (index, "citations")
                    yield from unknown(document, at, entry.get("citations"), works, "key of references.bib")
    if document := documents.get("glossary"):
        yield from duplicates(document, "term")
        for index, entry in entries(document):
            yield from unknown(document, (index, "see"), entry.get("see"), terms, "term of the glossary")
            yield from unknown(document, (index, "claims"), entry.get("claims"), claims, "claim")
    yield from _modules(documents)


def _modules(documents: dict[str, Document]) -> Iterator[Problem]:
    points = {entry.get("id") for _, entry in entries(documents.get("source-map"))}
    objectives: dict[str, str] = {}
    for name, document in documents.items():
        if not name.startswith("modules/") or not isinstance(document.data, dict):
            continue
        data = document.data
        expected = f"{data.get('number', 0):02}-{data.get('id')}"
        if document.path.stem != expected:
            yield document.problem(
                ("id",), f"This file should be named {expected}.yaml after its number and id."
            )
        if points:
            yield from unknown(document, ("sources",), data.get("sources"), points, "id of the source map")
        for index, objective in enumerate(data.get("objectives") or []):
            if not isinstance(objective, dict):
                continue
            identity = str(objective.get("id"))
            if identity in objectives:
                at = ("objectives", index, "id")
                yield document.problem(at, f"'{identity}' is an objective of {objectives[identity]} already.")
            objectives[identity] = document.path.name
