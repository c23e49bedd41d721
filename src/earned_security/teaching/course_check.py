"""`earned course check`: everything in a course's folder that would go wrong later, in one list."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from earned_security.assessment import check as assessment
from earned_security.assessment.marking import BY_HAND
from earned_security.curriculum.source import ContentError, Problem, read_document
from earned_security.teaching import TeachingError, assemble, course_settings
from earned_security.teaching.bank import OPEN_BANK, Bank, course_banks
from earned_security.teaching.course_folder import due_in_gradebook, open_course
from earned_security.teaching.course_settings import CourseSettings
from earned_security.teaching.roster import pseudonym

_SHORTEST = 25  # characters: a shorter rationale may stand in a prompt by chance


def problems(folder: Path, open_bank: Path = OPEN_BANK) -> list[Problem]:
    """Every problem of a course: settings, banks, assembled and released versions, exchange, gradebook."""
    folder = folder.expanduser().resolve()
    try:
        settings, api = open_course(folder)
    except ContentError as error:
        return sorted(error.problems)
    except TeachingError as error:
        return [Problem(folder, 1, str(error))]
    found = [*_closed(folder), *_private_bank(settings)]
    try:
        banks = {bank.assignment: bank for bank in course_banks(settings, open_bank)}
    except ContentError as error:
        return sorted({*found, *error.problems})
    found += _named(settings, banks)
    for bank in banks.values():
        found += _source(settings, bank)
        found += _release(settings, bank, api)
    found += _exchange(settings, api)
    found += _gradebook(settings, api)
    return sorted(set(found))


def _closed(folder: Path) -> Iterator[Problem]:
    if folder.stat().st_mode & stat.S_IRWXO:
        message = f"Everybody on this computer can open this folder, which holds keys and marks: chmod o-rwx {folder}"
        yield Problem(folder, 1, message)


def _private_bank(settings: CourseSettings) -> Iterator[Problem]:
    bank = settings.private_bank
    if bank is None:
        return
    if not bank.is_dir():
        yield _setting(settings, "private_bank", f"The private bank {bank} is not a folder.")
        return
    if bank.stat().st_mode & stat.S_IRWXO:
        yield Problem(bank, 1, f"Everybody on this computer can read the private bank: chmod -R o-rwx {bank}")
    yield from (each for each in assessment.problems(bank) if each.file.resolve().is_relative_to(bank))


def _setting(settings: CourseSettings, name: str, message: str) -> Problem:
    path = settings.folder / course_settings.FILE
    return read_document(path).problem((name,), message) if path.exists() else Problem(path, 1, message)


def _named(settings: CourseSettings, banks: dict[str, Bank]) -> Iterator[Problem]:
    named = [("assignments", name) for name in settings.assignments]
    named += [("dropped", name) for name in settings.dropped]
    named += [("learners", name) for learner in settings.learners.values() for name in learner.due]
    for where, name in named:
        if name not in banks:
            yield _setting(
                settings, where, f"No bank has the assignment '{name}'; there are: {', '.join(banks)}."
            )
    for name, ids in settings.dropped.items():
        types = {item.id: item.type for item, _ in banks[name].items} if name in banks else {}
        for each in ids:
            if types and each not in types:
                yield _setting(settings, "dropped", f"'{each}' is not an item of {name}.")
            elif each == settings.completion.safe_path.item:
                message = f"Whoever has not played '{each}' cannot complete the course; dropping it keeps everybody from it."
                yield _setting(settings, "dropped", message)
            elif types.get(each) in BY_HAND:
                message = f"'{each}' is marked by hand, so it cannot be dropped here. Give everybody the same points."
                yield _setting(settings, "dropped", message)


def _source(settings: CourseSettings, bank: Bank) -> Iterator[Problem]:
    folder = settings.folder / "source" / bank.assignment
    if not folder.exists():
        return
    expected = {
        f"{bank.assignment}.ipynb": assemble.source_notebook(bank, settings.comments),
        "items.json": assemble.items_json(bank, settings.shuffle_options),
    }
    for name, text in expected.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8", errors="replace") != text:
            message = (
                "This is not what the bank and the settings say now. Not released yet: `earned course assemble "
                f"{settings.folder} {bank.assignment}`. Handed in already: `earned regrade` with the same words."
            )
            yield Problem(path, 1, message)


def _release(settings: CourseSettings, bank: Bank, api: Any) -> Iterator[Problem]:
    directory = api.coursedir
    folder = Path(directory.format_path(directory.release_directory, ".", bank.assignment))
    if not folder.is_dir():
        return
    secrets = list(_secrets(bank))
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        text = path.read_text(encoding="utf-8", errors="replace")
        if "responses" in path.name:
            yield Problem(
                path, 1, "An answers file is in the released version; take it out of source/ as well."
            )
        if any(secret in text for secret in secrets):
            message = "The released version holds a key or a rationale. Take it back, and assemble it again."
            yield Problem(path, 1, message)
    notebook = folder / f"{bank.assignment}.ipynb"
    if _version(notebook) != _version(settings.folder / "source" / bank.assignment / notebook.name):
        message = "This was made from another version of the bank than source/ is. Learners may see other questions."
        yield Problem(notebook, 1, message)


def _secrets(bank: Bank) -> Iterator[str]:
    yield assemble.BEGIN_TESTS
    yield assemble.BEGIN_SCHEME
    for _, key in bank.items:
        levels = [level["text"] for criterion in key.rubric for level in criterion["levels"]]
        for text in (*key.rationales.values(), key.model_answer, *levels):
            if len(text) >= _SHORTEST:
                yield json.dumps(text.strip())[1:-1]
                yield json.dumps(text.strip(), ensure_ascii=False)[1:-1]


def _version(notebook: Path) -> str | None:
    try:
        metadata = json.loads(notebook.read_text(encoding="utf-8"))["metadata"]
        return str(metadata["earned_security"]["bank_version"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _exchange(settings: CourseSettings, api: Any) -> Iterator[Problem]:
    path = Path(api.exchange_root)
    if not path.is_dir():
        message = (
            f"The exchange {path} is not a folder. Make it (chmod ugo+rwx), or name another in course.yaml."
        )
        yield _setting(settings, "exchange", message)
    elif not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        yield _setting(settings, "exchange", f"This account cannot write into the exchange {path}.")


def _gradebook(settings: CourseSettings, api: Any) -> Iterator[Problem]:
    try:
        with api.gradebook as gradebook:
            known = {student.id: student.last_name for student in gradebook.students}
            dues = {assignment.name: assignment.duedate for assignment in gradebook.assignments}
    except Exception as error:
        said = str(error).splitlines()[0]
        yield _setting(settings, "db_url", f"The gradebook cannot be opened: {type(error).__name__}: {said}")
        return
    shown = [name for name, last in known.items() if last != pseudonym(name, settings.course)]
    if settings.blind_marking and shown:
        message = f"The gradebook, and so formgrader, shows {len(shown)} real names: run `earned course roster` again."
        yield _setting(settings, "blind_marking", message)
    if not settings.blind_marking and len(shown) < len(known):
        message = "The gradebook still has made-up names: run `earned course roster` again."
        yield _setting(settings, "blind_marking", message)
    for learner in settings.learners:
        if learner not in known:
            message = f"'{learner}' is not in the roster; `earned course roster` imports it."
            yield _setting(settings, "learners", message)
    for name in dues.keys() & settings.assignments.keys():
        if dues[name] != due_in_gradebook(settings, name):
            message = (
                f"The gradebook has another due date for {name} ({dues[name]} UTC): assemble or regrade it."
            )
            yield _setting(settings, "assignments", message)
