"""A copy of everything that is held on one learner: one zip file with an index in plain language.

What is about others too is copied in part: their rows of a table, never the whole. Keys and mark schemes are taken out of marked
notebooks, because they belong to the questions and not to the person.
"""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from html import escape
from pathlib import Path

from earned_security.teaching import TeachingError
from earned_security.teaching.privacy import contents, gradebook, settings_file
from earned_security.teaching.privacy.holdings import (
    CLASS_REPORT,
    PRIVACY,
    Found,
    Holding,
    find,
    require_somebody,
)
from earned_security.teaching.privacy.identity import Identity
from earned_security.teaching.privacy.place import Place
from earned_security.teaching.spreadsheet import harmless

INDEX = "index.html"
_CSS = (
    "body{font:1rem/1.6 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}td,th{border:1px solid #767676;padding:.4rem;text-align:left;"
    "vertical-align:top;overflow-wrap:anywhere}"
)


def export(place: Place, who: Identity, to: Path | None = None) -> Path:
    """Write the copy; only this account can open it.

    Args:
        to: the zip file; None: ``privacy/held-on-<learner>.zip`` in the course's folder.

    Raises:
        TeachingError: nothing is held on this learner, or the file cannot be written.
    """
    found = find(place, who)
    held = tuple(h for h in found.holdings if h.path.parent != place.folder / PRIVACY)
    found = replace(found, holdings=(*held, *found.elsewhere))
    require_somebody(found, who, place)
    path = to.expanduser().resolve() if to else place.folder / PRIVACY / f"held-on-{who.id}.zip"
    if not to:
        path.parent.mkdir(mode=0o700, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    try:
        with (
            os.fdopen(os.open(new, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as stream,
            zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive,
        ):
            _fill(archive, place, who, found)
        new.replace(path)
    except OSError as error:
        raise TeachingError(f"{path} cannot be written: {error.strerror}.") from error
    return path


def _fill(archive: zipfile.ZipFile, place: Place, who: Identity, found: Found) -> None:
    with gradebook.opened(place.api) as book:
        table = gradebook.answers_table(book, who.id)
        everything = gradebook.rows(book, who.id)
    index = [
        ("gradebook/marks-and-comments.csv", "Marks and comments, one row for each question", len(table))
    ]
    archive.writestr("gradebook/marks-and-comments.csv", "\ufeff" + _csv(table))
    archive.writestr("gradebook/rows.json", gradebook.as_json(everything))
    index.append(
        ("gradebook/rows.json", "The same rows as the gradebook keeps them, names and address included", 0)
    )
    left_out = []
    for holding in found.holdings:
        written = False
        for name, data in _files(holding, place, who):
            archive.writestr(name, data)
            written = True
        if written:
            index.append((_name(holding.path, place), _plain(holding), holding.count))
        else:
            left_out.append(f"{_name(holding.path, place)}: {_plain(holding)}")
    archive.writestr(INDEX, _index(place, who, index, left_out))


def _files(holding: Holding, place: Place, who: Identity) -> Iterator[tuple[str, bytes]]:
    name, path = _name(holding.path, place), holding.path
    if not holding.whole:
        data = path.read_bytes()
        if path.name == "course.yaml":
            yield name, settings_file.entry(data.decode(), who.id).encode()
        elif parted := contents.part(path.name, data, who):
            is_database = data.startswith(gradebook.MAGIC)
            yield f"{name}.json" if is_database else name, parted.theirs
    elif path.is_symlink() or holding.what == CLASS_REPORT:
        return
    elif path.is_dir():
        for folder, _, files in os.walk(path):
            for each in sorted(files):
                file = Path(folder, each)
                if not file.is_symlink() and file.is_file():
                    inner = file.relative_to(path).as_posix()
                    yield f"{name}/{inner}", _without_keys(file, place)
    elif contents.is_theirs(path.name, who) or holding.path.is_relative_to(place.exchange):
        yield name, path.read_bytes()
    elif parted := contents.part(path.name, path.read_bytes(), who):  # all of it is theirs, by what it says
        yield name, parted.theirs
    # else a report that names others as well: what it says about the learner is in the gradebook


def _without_keys(file: Path, place: Place) -> bytes:
    """A file as it is; a marked notebook without keys and mark schemes."""
    if file.suffix != ".ipynb" or not file.is_relative_to(place.folder / "autograded"):
        return file.read_bytes()
    import nbformat

    from earned_security.teaching.preprocessors.strip_keys import StripKeys

    try:
        notebook = nbformat.read(file, as_version=4)
    except Exception:
        return b"This notebook could not be read; ask your instructor.\n"
    stripped, _ = StripKeys().preprocess(notebook, {})
    text: str = nbformat.writes(stripped)
    return text.encode()


def _name(path: Path, place: Place) -> str:
    """Where something stands in the zip file: as in the course's folder, or in the exchange."""
    for above, name in ((place.folder, "course"), (place.exchange, "exchange"), (place.cache, "cache")):
        if path.is_relative_to(above):
            return f"{name}/{path.relative_to(above).as_posix()}"
    return f"elsewhere/{path.name}"


def _plain(holding: Holding) -> str:
    if holding.whole:
        return holding.what.capitalize()
    return f"{holding.what.capitalize()}: only what is about you, {holding.count} in number"


def _csv(rows: list[dict[str, object]]) -> str:
    stream = io.StringIO(newline="")
    if rows:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return stream.getvalue()


def _cell(value: object) -> object:
    return harmless(value) if isinstance(value, str) else value


def _index(place: Place, who: Identity, entries: list[tuple[str, str, int]], left_out: list[str]) -> str:
    names = "; ".join(f"{first} {last}".strip() for first, last in who.names) or "none"
    about = [
        ("Id", who.id),
        ("Names", names),
        ("Addresses", ", ".join(who.emails) or "none"),
        ("Number in a learning management system", ", ".join(who.lms) or "none"),
        ("Made-up name for blind and second marking", who.pseudonym),
    ]
    rows = "".join(
        f"<tr><td>{escape(what)}</td><td><code>{escape(name)}</code></td></tr>" for name, what, _ in entries
    )
    facts = "".join(f'<tr><th scope="row">{escape(a)}</th><td>{escape(b)}</td></tr>' for a, b in about)
    others = "".join(f"<li>{escape(each)}</li>" for each in left_out)
    not_copied = (
        "<h2>What names you and is not copied</h2><p>These are about others as well. What they say about you is "
        f"worked out from the marks above.</p><ul>{others}</ul>"
        if others
        else ""
    )
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>What is held on {escape(who.id)}</title><style>{_CSS}</style></head>'
        f"<body><h1>What the course {escape(place.settings.course)} holds on you</h1>"
        f"<p>Made on {datetime.now():%Y-%m-%d} from the course's folder, its gradebook and its exchange. It holds "
        "what you handed in, what it earned, what was said about it, and everything else here that bears your name, "
        "your id or your address. Right answers and mark schemes are left out.</p>"
        f"<h2>How the course knows you</h2><table>{facts}</table>"
        f'<h2>What is in this file</h2><table><thead><tr><th scope="col">What it is</th><th scope="col">Where</th>'
        f"</tr></thead><tbody>{rows}</tbody></table>{not_copied}"
        "<h2>What is not here</h2><p>What lies in your own folder and in your browser; what a learning management "
        "system, a mail account, a sign-in service or a backup holds. Ask whoever looks after those.</p>"
        "</body></html>\n"
    )
