"""Mistakes in the curriculum's own data: schema, duplicates, references that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from earned_security.curriculum import source
from earned_security.curriculum.source import ContentError, Document, KeyPath, Problem

SHARED = ("claims", "strategies", "glossary")

CRISIS_ROUTES = {
    "emergency": "what to ring when somebody is in danger now",
    "emergency-department": "where to go when one can get there safely",
    "helpline": "who can be spoken to today, and at what hours",
    "own-service": "what holds for somebody in treatment or in training",
    "somebody-else": "what holds when a client, a child or another adult may be in danger",
}
PLACEHOLDER = re.compile(
    r"\bTODO\b|\bTB[ACD]\b|XX+|\?\?|_{3,}|\[[^\]]*\]|<[^>]*>|\.{3}|\bfill in\b", re.IGNORECASE
)


def problems() -> list[Problem]:
    """Every mistake in ``curriculum/data``, apart from cases, items and explorers, which their rooms check."""
    found: list[Problem] = []
    documents: dict[str, Document] = {}
    for name in (
        *SHARED,
        "source-map",
        "crisis-routes",
        "completion",
        "course-metadata",
        *source.names("modules"),
    ):
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
    if routes := documents.get("crisis-routes"):
        found += _crisis_routes(routes)
    if metadata := documents.get("course-metadata"):
        found += _course_metadata(metadata)
    return found


def _course_metadata(document: Document) -> Iterator[Problem]:
    """Ids that stand twice: an answer would belong to two questions."""
    data = document.data if isinstance(document.data, dict) else {}
    for name in ("provider_states", "evaluation"):
        asked = data.get(name)
        if isinstance(asked, list):
            ids = [entry.get("id") for entry in asked if isinstance(entry, dict)]
            for index, entry in enumerate(asked):
                if isinstance(entry, dict) and ids.count(entry.get("id")) > 1:
                    yield document.problem((name, index, "id"), f"'{entry.get('id')}' stands twice here.")


def _crisis_routes(document: Document) -> Iterator[Problem]:
    """What a place's routes lack, and what still waits to be filled in."""
    data = document.data if isinstance(document.data, dict) else {}
    routes = [route for route in data.get("routes") or [] if isinstance(route, dict)]
    there = [route.get("id") for route in routes]
    for name, what in CRISIS_ROUTES.items():
        if there.count(name) != 1:
            amount = "no route" if name not in there else "more than one route"
            yield document.problem(("routes",), f"There is {amount} '{name}': {what}. There must be one.")
    for name in ("read_by", "read_on"):
        if data.get("locale") != "anywhere" and not data.get(name):
            message = (
                f"'{name}' is missing: a person in that place reads its routes before they are published."
            )
            yield document.problem((), message)
    texts: list[tuple[KeyPath, Any]] = [(("local_crisis_route",), data.get("local_crisis_route"))]
    texts += [(("routes", index, "text"), route.get("text")) for index, route in enumerate(routes)]
    for at, text in texts:
        if found := PLACEHOLDER.search(str(text)):
            yield document.problem(
                at, f"'{found[0]}' looks as if it waits to be filled in. Crisis text never does."
            )


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
