"""The edition: who wrote the course, when each part was written, and how a page of it is cited.

Authors, version, date and title stand once, in ``CITATION.cff``; a module's dates in its own data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from earned_security import __version__
from earned_security.curriculum import Module
from earned_security.locale import listed, words

CITATION = "CITATION.cff"


def in_words(day: str) -> str:
    """A date as people write it: ``22 November 2026`` for ``2026-11-22``."""
    parsed = date.fromisoformat(day)
    month = listed("pages.edition.months")[parsed.month - 1]
    return words("pages.edition.date", day=parsed.day, month=month, year=parsed.year)


def dates(module: Module) -> str:
    """When a module was written and is due to be reviewed, in one sentence."""
    written, due = in_words(module.data["written"]), in_words(module.data["review_due"])
    return words("pages.edition.dates", version=__version__, written=written, due=due)


@dataclass(frozen=True)
class Edition:
    """What ``CITATION.cff`` says. ``authors`` as they are printed; ``names`` as BibTeX wants them."""

    title: str
    authors: tuple[str, ...]
    names: tuple[str, ...]
    version: str
    released: str

    @property
    def year(self) -> str:
        return self.released[:4]

    def plain(self, title: str, address: str | None) -> str:
        """A citation of one page, or of the whole course where ``title`` is the course's own."""
        within = "" if title == self.title else f" {words('pages.edition.within', title=self.title)}"
        edition = f" {words('pages.edition.version', version=self.version)}."
        return f"{'; '.join(self.authors)} ({self.year}). {title}{'.' if within else ''}{within}{edition}" + (
            f" {address}" if address else ""
        )

    def bibtex(self, name: str, title: str, address: str | None) -> str:
        """The same for reference managers. ``name``: the page's, which makes the key."""
        whole = title == self.title
        fields = {
            "author": " and ".join(self.names),
            "title": _tex(title),
            **({} if whole else {"booktitle": _tex(self.title)}),
            "year": self.year,
            "note": f"Version {self.version}",
            **({"url": address} if address else {}),
        }
        key = re.sub(r"[^a-z0-9]+", "-", f"earned-security-{name.split('/')[-1]}".lower())
        lines = "".join(f",\n  {field} = {{{value}}}" for field, value in fields.items())
        return f"@{'misc' if whole else 'incollection'}{{{key}{lines}\n}}"

    def html(self, name: str, title: str, address: str | None) -> str:
        """Both, folded, for the foot of a page."""
        return (
            f'<details class="es-cite"><summary>{words("pages.edition.cite")}</summary>'
            f"<p>{escape(self.plain(title, address))}</p>"
            f"<pre><code>{escape(self.bibtex(name, title, address))}</code></pre></details>"
        )


def _tex(text: str) -> str:
    return re.sub(r"([&%$#_{}])", r"\\\1", text)


def _author(entry: Mapping[str, Any]) -> tuple[str, str]:
    """As printed, and for BibTeX, where the name of a group stands in braces."""
    if "name" in entry:
        return entry["name"], f"{{{entry['name']}}}"
    family = " ".join(part for part in (entry.get("name-particle"), entry["family-names"]) if part)
    return f"{entry['given-names']} {family}", f"{family}, {entry['given-names']}"


def read(root: Path) -> Edition | None:
    """The edition that a checkout's ``CITATION.cff`` describes; None where there is no such file."""
    import yaml

    path = root / CITATION
    if not path.exists():
        return None
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    authors = [_author(entry) for entry in data["authors"]]
    return Edition(
        title=data["title"],
        authors=tuple(printed for printed, _ in authors),
        names=tuple(name for _, name in authors),
        version=str(data["version"]),
        released=str(data["date-released"]),
    )
