"""What ``earned check`` says of the catalogues of words, and of translated data: file, line and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from earned_security import locale
from earned_security.curriculum import ContentError, Problem, source
from earned_security.curriculum.source import Document, KeyPath

# Catalogues whose words go into HTML as they stand; those of notebooks are Markdown.
_IN_HTML = ("pages", "paper", "pieces")
_MARKUP = '<>&"'
_FORMS = {"dict": "a group of entries", "list": "a list"}


def problems() -> list[Problem]:
    """Every mistake in the catalogues of all languages, and every entry that a translation lacks."""
    found: list[Problem] = []
    try:
        english = {path.stem: source.read_document(path) for path in _yaml(locale.HERE / locale.ENGLISH)}
    except ContentError as error:
        return error.problems
    for document in english.values():
        found += _of_words(document, document.data)
    for root in locale.roots():
        for name in locale.languages():
            folder = root / name
            own = (
                root != locale.HERE and name == locale.ENGLISH
            )  # an institution's words for some of the course's
            if folder.is_dir() and folder != locale.HERE / locale.ENGLISH:
                found += _of_language(folder, english, whole=not own)
                found += _of_data(folder / locale.DATA)
    return sorted(found)


def _yaml(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml"))


def _of_language(folder: Path, english: dict[str, Document], whole: bool) -> Iterator[Problem]:
    """``whole``: every entry of English must be there."""
    for path in _yaml(folder):
        if path.stem not in english:
            known = ", ".join(f"{name}.yaml" for name in english)
            yield Problem(path, 1, f"There is no catalogue of this name in English; there are {known}.")
    for name, original in english.items():
        path = folder / f"{name}.yaml"
        if not path.exists():
            if whole:
                yield Problem(path, 1, "This catalogue is missing; all its words are shown in English.")
            continue
        try:
            translated = source.read_document(path)
        except ContentError as error:
            yield from error.problems
            continue
        yield from _compared(translated, (), original.data, translated.data or {}, whole)
        yield from _of_words(translated, translated.data)


def _compared(document: Document, at: KeyPath, english: Any, given: Any, whole: bool) -> Iterator[Problem]:
    name = ".".join(map(str, at))
    if given is None or (given == "" and english):
        if whole:
            yield document.problem(at, f"'{name}' has no words; they are shown in English: {_short(english)}")
    elif type(given) is not type(english):
        form = _FORMS.get(type(english).__name__, "a text")
        yield document.problem(at, f"'{name}' must be {form}, as in English; put a text in quotation marks.")
    elif isinstance(english, dict):
        for key in given:
            if key not in english:
                entry = ".".join(map(str, (*at, key)))
                yield document.problem((*at, key), f"English has no entry '{entry}'; remove it.")
        for key, value in english.items():
            if key in given:
                yield from _compared(document, (*at, key), value, given[key], whole)
            elif whole:
                entry = ".".join((*map(str, at), key))
                yield document.problem(at, f"'{entry}' is missing; it is shown in English: {_short(value)}")
    elif isinstance(english, list):
        if len(english) != len(given):
            yield document.problem(at, f"'{name}' has {len(given)} entries; English has {len(english)}.")
        else:
            for index, value in enumerate(english):
                yield from _compared(document, (*at, index), value, given[index], whole)
    elif (wanted := _places(english)) != (found := _places(given)):
        message = (
            f"'{name}' has the places {_listed(found)}; English has {_listed(wanted)}. Keep them as they are."
        )
        yield document.problem(at, message)


def _of_words(document: Document, data: Any, at: KeyPath = ()) -> Iterator[Problem]:
    """Words that would be taken for markup where they go into HTML as they stand."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _of_words(document, value, (*at, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _of_words(document, value, (*at, index))
    elif isinstance(data, str) and document.path.stem in _IN_HTML and set(data) & set(_MARKUP):
        signs = " ".join(sorted(set(data) & set(_MARKUP)))
        message = f"These words hold {signs}, which a page takes for markup; write it in another way."
        yield document.problem(at, message)


def _of_data(folder: Path) -> Iterator[Problem]:
    """A translated file of the curriculum's data has the name, and the ids, of the file whose place it takes."""
    for path in sorted(folder.rglob("*.yaml")):
        name = path.relative_to(folder)
        original = source.DATA / name
        if not original.exists():
            yield Problem(
                path, 1, f"The course's data has no file {name.as_posix()} whose place this could take."
            )
            continue
        try:
            translated, english = source.read_document(path), source.read_document(original)
        except ContentError as error:
            yield from error.problems
            continue
        ours, theirs = dict(_ids(english.data)), dict(_ids(translated.data))
        for given, at in theirs.items():
            if given not in ours:
                yield translated.problem(at, f"The English file has no id '{given}'; ids are not translated.")
        for missing in ours:
            if missing not in theirs:
                yield translated.problem((), f"The id '{missing}' of the English file is missing.")


def _ids(data: Any, at: KeyPath = ()) -> Iterator[tuple[str, KeyPath]]:
    if isinstance(data, dict):
        for key, value in data.items():
            if key == "id":
                yield str(value), (*at, key)
            else:
                yield from _ids(value, (*at, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _ids(value, (*at, index))


def _places(text: str) -> set[str]:
    return set(locale.PLACEHOLDER.findall(text))


def _listed(names: set[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names)) or "none"


def _short(value: Any) -> str:
    text = " ".join(str(value).split()) if isinstance(value, str) else "a group of entries"
    return text if len(text) <= 60 else f"{text[:59]}…"
