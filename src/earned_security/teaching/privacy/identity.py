"""Who is meant: the id, the names, the addresses and the made-up name by which a course knows a learner."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

# The columns of a table, and the fields of a record, that say who somebody is.
_NAMING = re.compile(
    r"\b(id|ids|identifier|login|user|username|learner|student|trainee|participant|person|people|name|account"
    r"|e-?mail|address|submission|surname|actor|holder)\b"
)
# Words in the names of our own files; a learner's id may be one of them.
_OURS = re.compile(
    r"second-marking|regrade|reports?|certificates?|completion|privacy|held-on|roster|gradebook|grades|course|config|lti"
    r"|nbgrader|private|public|keys?|sheets-for-observers|quarantine|archive|extracted"
)


@dataclass(frozen=True)
class Identity:
    """One learner of one course.

    ``names``: first and last name, one pair for each spelling that is known. ``lms``: the numbers or names that a
    learning management system gives them. ``assignments``, ``others``: names of assignments and ids of other learners,
    which may have this one's in them. ``is_word``: the id is an ordinary word, so that in running text it names nobody.
    """

    id: str
    pseudonym: str
    names: tuple[tuple[str, str], ...] = ()
    emails: tuple[str, ...] = ()
    lms: tuple[str, ...] = ()
    assignments: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    is_word: bool = False

    @cached_property
    def full_names(self) -> tuple[str, ...]:
        """Each name as tables and letters write it."""
        found = []
        for first, last in self.names:
            if first and last and first != last:
                found += [f"{first} {last}", f"{last}, {first}", f"{last} {first}", f"{last},{first}"]
        return tuple(dict.fromkeys(found))

    @cached_property
    def _cells(self) -> frozenset[str]:
        """What a cell that names the learner says."""
        own = (self.id, self.pseudonym, *self.full_names, *self.emails, *self.lms)
        return frozenset(_folded(text) for text in own if text)

    @cached_property
    def _words(self) -> re.Pattern[str]:
        return self._pattern(() if self.is_word else (self.id,))

    @cached_property
    def _words_of_logs(self) -> re.Pattern[str]:
        return self._pattern((self.id,))

    def _pattern(self, ids: tuple[str, ...]) -> re.Pattern[str]:
        own = (*ids, self.pseudonym, *self.full_names, *self.emails)
        variants = {form for text in own for form in (text, escape(text), json.dumps(text)[1:-1])}
        longest = sorted(variants, key=len, reverse=True)
        return re.compile(
            r"(?<![\w@-])(?<!\w\.)(?:" + "|".join(map(re.escape, longest)) + r")(?![\w@-]|\.\w)"
        )

    @cached_property
    def needles(self) -> tuple[bytes, ...]:
        """What a file that names the learner has in it somewhere, as bytes."""
        own = (self.id, self.pseudonym, *self.full_names, *self.emails)
        variants = {form for text in own if text for form in (text, escape(text), json.dumps(text)[1:-1])}
        return tuple(sorted(form.encode() for form in variants))

    @cached_property
    def _foreign(self) -> tuple[str, ...]:
        around = (other for other in self.others if self.id in other)
        return tuple(sorted((*self.assignments, *around), key=len, reverse=True))

    def is_cell(self, value: object) -> bool:
        """Whether a whole cell or field is this learner's id, name, address or number."""
        return isinstance(value, str | int) and _folded(str(value)) in self._cells

    def is_key(self, value: str) -> bool:
        """Whether an entry under this name, or a place in a list, is this learner's.

        A number is their id or nothing: 12 may be somebody's number elsewhere, and the number of a module.
        """
        return self.is_cell(value) and (not value.isdigit() or (value == self.id and not self.is_word))

    def is_row(self, names: Iterable[str], values: Iterable[object]) -> bool:
        """Whether a row is about this learner: a column that says who, says so.

        A number counts in such a column only: 12 may be somebody's number, and somebody else's points.
        """
        return any(
            self.is_cell(value) and (names_people(name) or not str(value).strip().isdigit())
            for name, value in zip(names, values, strict=False)
        )

    def named_in(self, text: str, as_log: bool = False) -> bool:
        """Whether running text has the id, a full name, an address or the made-up name, as a word.

        ``as_log``: also an id that is an ordinary word; a line too many that goes from a log is no loss.
        """
        return bool((self._words_of_logs if as_log else self._words).search(text))

    def owns(self, name: str) -> bool:
        """Whether the name of a file or folder, without what is before it, is made from this learner's.

        ``ann``, ``ann.pdf``, ``certificate-ann.pdf`` and ``ann+shapes+2027-03-01``; not ``annex.pdf``.
        """
        if name in (self.id, self.pseudonym, *self.emails):
            return True
        rest = name
        for foreign in self._foreign:
            rest = rest.replace(foreign, " ")
        rest = _OURS.sub(" ", rest)
        own = (self.id, self.pseudonym, *self.emails, *self.full_names)
        own += tuple(re.sub(r"\W+", joined, full) for full in self.full_names for joined in "_-")
        return any(
            re.search(rf"(?:^|[-_+ (.]){re.escape(each)}(?:$|[-_+ ).])", rest, re.IGNORECASE) for each in own
        )

    def merged(self, other: Identity) -> Identity:
        """The same learner, with what either of both knows."""
        return replace(
            self,
            names=tuple(dict.fromkeys((*self.names, *other.names))),
            emails=tuple(dict.fromkeys((*self.emails, *other.emails))),
            lms=tuple(dict.fromkeys((*self.lms, *other.lms))),
        )


def without_shared(who: Identity, others: Iterable[Identity]) -> Identity:
    """The same learner without the names, addresses and numbers that somebody else has too."""
    names, emails, numbers = set(), set(), set()
    for other in others:
        names |= set(map(_folded, other.full_names))
        emails |= set(map(_folded, other.emails))
        numbers |= set(map(_folded, other.lms))
    return replace(
        who,
        names=tuple(pair for pair in who.names if _folded(" ".join(pair)) not in names),
        emails=tuple(each for each in who.emails if _folded(each) not in emails),
        lms=tuple(each for each in who.lms if _folded(each) not in numbers),
    )


def names_people(column: str) -> bool:
    """Whether a column's name says that it names somebody."""
    return bool(_NAMING.search(re.sub(r"[^a-z0-9-]+", " ", column.lower())))


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def of_row(learner: str, pseudonym: str, row: Any) -> Identity:
    """What a row of the gradebook or of a roster says; made-up names are left out."""
    first, last = (row.get("first_name") or "").strip(), (row.get("last_name") or "").strip()
    real = (first or last) and last != pseudonym and {first, last} != {learner}
    return Identity(
        learner,
        pseudonym,
        ((first, last),) if real else (),
        tuple(filter(None, [(row.get("email") or "").strip()])),
        tuple(filter(None, [(row.get("lms_user_id") or "").strip()])),
    )


def in_rosters(folder: Path, named: Callable[[str], str]) -> dict[str, Identity]:
    """What the rosters in a course's folder say, by id: under blind marking only they know the names.

    Args:
        named: gives the made-up name of an id.
    """
    found: dict[str, Identity] = {}
    for path in sorted(folder.glob("*.csv")):
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            continue
        lines = list(io.StringIO(text, newline=""))
        header = lines[0] if lines else ""
        reader = csv.DictReader(lines, delimiter=max(",;\t", key=header.count))
        try:
            rows, heads = list(reader), reader.fieldnames or ()
        except csv.Error:
            continue
        columns = {name: re.sub(r"\W+", "_", (name or "").strip().lower()) for name in heads}
        for raw in rows:
            row = {
                columns[name]: value
                for name, value in raw.items()
                if name in columns and isinstance(value, str)
            }
            learner = (row.get("id") or row.get("student_id") or "").strip()
            if learner and {"first_name", "last_name", "email"} & set(row):
                one = of_row(learner, named(learner), row)
                found[learner] = found[learner].merged(one) if learner in found else one
    return found
