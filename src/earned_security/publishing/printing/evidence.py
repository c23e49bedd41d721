"""The evidence on paper: a mark in the text, the notes at the end of a chapter, and the ledger. Well-formed XHTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

from earned_security.curriculum import GRADES, Claim, Reference
from earned_security.locale import words
from earned_security.publishing.ledger import Link, grade_name, how_checked


def _unread() -> str:
    return f' <strong class="es-unread">{words("pieces.basis.unread")}</strong>'


def mark(claim: Claim, number: int) -> str:
    """The grade in words, and the number of the note that says the rest."""
    return (
        f'<a class="es-mark" role="doc-noteref" href="#note-{claim.id}">'
        f"[{grade_name(claim.grade)},&#160;{number}]</a>"
    )


def notes(claims: Iterable[Claim], references: Mapping[str, Reference], link: Link) -> str:
    """What the badges of a page open, as notes in the order of their numbers."""
    entries = "".join(f'<li id="note-{claim.id}">{_entry(claim, references, link)}</li>' for claim in claims)
    return (
        '<section class="es-notes" role="doc-endnotes"><h2>'
        f"{words('paper.notes')}</h2>"
        f"<ol>{entries}</ol></section>"
    )


def ledger(claims: Iterable[Claim], references: Mapping[str, Reference], link: Link) -> str:
    """Every claim, with counts by grade."""
    claims = list(claims)
    counts = Counter(claim.grade for claim in claims)
    rows = "".join(
        f'<tr><th scope="row">{grade_name(grade)}</th><td>{counts[grade]}</td></tr>'
        for grade in GRADES
        if counts[grade]
    )
    entries = "".join(f'<li id="claim-{claim.id}">{_entry(claim, references, link)}</li>' for claim in claims)
    return (
        f"<table><caption>{words('pages.ledger.count', count=len(claims))}</caption>"
        f'<thead><tr><th scope="col">{words("pages.ledger.grade")}</th>'
        f'<th scope="col">{words("pages.ledger.claims")}</th></tr></thead><tbody>{rows}</tbody></table>'
        f'<ol class="es-claims">{entries}</ol>'
    )


def _entry(claim: Claim, references: Mapping[str, Reference], link: Link) -> str:
    unread = "" if claim.figures_checked else _unread()
    works = "; ".join(_work(references[key], link(key)) for key in claim.citations)
    return (
        f"<p><strong>{grade_name(claim.grade)}.</strong> {escape(claim.statement)}{unread} "
        f"<strong>{words('paper.caveat')}</strong> {escape(claim.caveat)} <strong>{words('paper.sources')}</strong> {works}. {how_checked(claim)}</p>"
    )


def _work(reference: Reference, address: str | None) -> str:
    label = escape(reference.label)
    work = f'<a href="{escape(address)}">{label}</a>' if address else label
    return f"{work} ({words('pages.evidence.fromMemory')})" if reference.from_memory else work


def rests_on(claims: Iterable[Mapping[str, Any]], in_ledger: Callable[[str], str | None]) -> str:
    """What a piece rests on: for each claim its grade, statement and works, with a link to the ledger."""
    entries = []
    for claim in claims:
        grade, address = grade_name(claim["grade"]), in_ledger(claim["id"])
        linked = f'<a href="{escape(address)}">{grade}</a>' if address else grade
        works = "; ".join(work(entry) for entry in claim["works"])
        unread = "" if claim["figures_checked"] else _unread()
        entries.append(f"<li><strong>{linked}.</strong> {escape(claim['statement'])}{unread} {works}.</li>")
    return (
        f'<p class="es-lead"><strong>{words("paper.restsOn")}</strong></p><ul class="es-small">{"".join(entries)}</ul>'
        if entries
        else ""
    )


def work(entry: Mapping[str, Any]) -> str:
    """A work by its label."""
    mark_of_memory = f" ({words('pages.evidence.fromMemory')})" if entry["from_memory"] else ""
    return f"{escape(entry['label'])}{mark_of_memory}"
