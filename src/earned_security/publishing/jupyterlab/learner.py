"""The learner's folder: putting the course into it without ever overwriting what the learner has written."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from earned_security.locale import words

RECORD = ".earned-security.json"
# Beside the modules, because that is where their work is kept.
TAKE_ALONG = "modules/Take your work along.ipynb"


@dataclass(frozen=True)
class Material:
    """What a learner gets: text by file name, and the titles of the notebooks among them, by file name."""

    files: dict[str, str]
    modules: dict[str, str]
    exercises: dict[str, str]


def welcome(modules: Mapping[str, str], exercises: Mapping[str, str], book: str | None) -> str:
    """The first page: titles by file, and where the book is served; None where all this is in the reader's browser."""

    def links(files: Mapping[str, str]) -> str:
        return "\n".join(f"- [{title}](<{name}>)" for name, title in files.items()) or words(
            "notebooks.welcome.none"
        )

    crisis = f"[{words('pages.wayOut')}]({book}book/crisis-and-grounding.html)"
    return words(
        "notebooks.welcome.text",
        modules=links(modules),
        exercises=links(exercises),
        take_along=TAKE_ALONG,
        where=words(f"notebooks.welcome.{'onThisComputer' if book else 'inThisBrowser'}"),
        saved=words(f"notebooks.welcome.{'savedOnDisk' if book else 'savedInBrowser'}"),
        book=words("notebooks.welcome.book", address=book) if book else "",
        way_out=crisis if book else words("notebooks.welcome.wayOut"),
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
                kept.append(words("notebooks.kept", name=name, beside=target.name))
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
