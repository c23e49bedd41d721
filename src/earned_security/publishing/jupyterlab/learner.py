"""The learner's folder: putting the course into it without ever overwriting what the learner has written."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

RECORD = ".earned-security.json"
# Beside the modules, because that is where their work is kept.
TAKE_ALONG = "modules/Take your work along.ipynb"

WELCOME = """# Welcome to Earned Security

A course for clinicians who work with adults hurt in close relationships. You need no programming here: you
read, choose, order, match, play a case and write. What you enter is saved {where} and sent nowhere.

## Modules

{modules}

## Exercises

{exercises}

{book}## Good to know

- [Take your work along](<{take_along}>): from the book in your browser to here, from here to the book, or to another
  computer.
- When a module opens, its interactive parts appear by themselves after a few seconds. A line at the top says
  in words when they are ready.
- "Saved" means that your answer is {saved}. If the line says that it is not saved yet, leave the
  page open: your answer waits there.
- Do not write anything that could identify a client. Reflections are not read in real time.
- If something here comes too close, stop: {way_out}.
- This course trains judgement. It is not supervision, treatment, diagnosis or legal advice, and no licensed
  clinician has reviewed it yet.
"""


BOOK = """## The book

[Open the book]({address}) in your browser: the same modules to read, with the evidence ledger, the strategy checklist,
the glossary and the references.

"""


@dataclass(frozen=True)
class Material:
    """What a learner gets: text by file name, and the titles of the notebooks among them, by file name."""

    files: dict[str, str]
    modules: dict[str, str]
    exercises: dict[str, str]


def welcome(modules: Mapping[str, str], exercises: Mapping[str, str], book: str | None) -> str:
    """The first page: titles by file, and where the book is served; None where all this is in the reader's browser."""

    def links(files: Mapping[str, str]) -> str:
        return "\n".join(f"- [{title}](<{name}>)" for name, title in files.items()) or "None yet."

    return WELCOME.format(
        modules=links(modules),
        exercises=links(exercises),
        take_along=TAKE_ALONG,
        where="on this computer" if book else "in this browser, on this device,",
        saved="on this computer's disk" if book else "in this browser's own storage",
        book=BOOK.format(address=book) if book else "",
        way_out=f"[a way out, and grounding]({book}book/crisis-and-grounding.html)"
        if book
        else "every module begins with a way out, and with grounding",
    )


def fingerprint(name: str, text: str) -> str:
    """What of a file is somebody's writing: of a notebook its cells' sources, not what running them shows."""
    if name.endswith(".ipynb"):
        try:
            cells = json.loads(text)["cells"]
            text = json.dumps([(cell["cell_type"], "".join(cell["source"])) for cell in cells])
        except (ValueError, KeyError, TypeError):
            pass  # unreadable: compared as it stands, and so kept
    text = re.sub(r"(https?://(?:localhost|127\.0\.0\.1)):\d+", r"\1", text)
    return hashlib.sha256(text.encode()).hexdigest()


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def prepare(folder: Path, files: Mapping[str, str], version: str, ours: Iterable[str] = ()) -> list[str]:
    """Put the course's files into the learner's folder.

    A file the learner has not changed is brought up to date. A file they have changed stays as it is, and the
    new version is put beside it under a name with the course's version.

    Args:
        folder: the learner's folder; made where it is missing.
        files: text by name, relative to the folder.
        version: the course's version, for the name of a file put beside a changed one.
        ours: names that hold nothing of the learner's and are always replaced.

    Returns:
        Sentences for the learner, one for each file that was left as it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    record_path = folder / RECORD
    try:
        record: dict[str, str] = json.loads(record_path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        record = {}
    always = set(ours)
    kept = []
    for name, text in files.items():
        new = fingerprint(name, text)
        path = folder / name
        target = path
        if path.exists():
            current = fingerprint(name, path.read_text(encoding="utf-8", errors="replace"))
            if current != new and current != record.get(name) and name not in always:
                target = path.with_name(f"{path.stem} (version {version}){path.suffix}")
                kept.append(
                    f"You have written in {name}, so it stays as it is. "
                    f"The course's new version lies beside it: {target.name}."
                )
                if target.exists():
                    continue
            elif current == new and not name.endswith(".md"):
                record[name] = new
                continue
        _write(target, text)
        if target == path:
            record[name] = new
    _write(record_path, json.dumps(record, indent=1))
    return kept
