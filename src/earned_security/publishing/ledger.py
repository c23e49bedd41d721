"""A claim of the evidence ledger as HTML: its badge, the card that the badge opens, and the whole ledger."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from html import escape

from earned_security.curriculum import GRADES, Claim, Reference
from earned_security.locale import words

# Where a reference stands in the book, or None where the book does not list it.
Link = Callable[[str], str | None]


def grade_name(grade: str) -> str:
    """A grade in words: ``no evidence found``."""
    return words(f"pieces.grades.{grade}")


def how_checked(claim: Claim) -> str:
    """How the figures in a claim were checked, in one sentence."""
    return words(f"pages.evidence.checked.{claim.figures}")


def badge(claim: Claim) -> str:
    """The button in the text that opens a claim's card; it needs no script."""
    name = grade_name(claim.grade)
    label = escape(words("pages.evidence.badge", grade=name))
    return (
        f'<button class="es-claim" data-grade="{claim.grade}" popovertarget="card-{claim.id}" '
        f'aria-label="{label}">{name}</button>'
    )


def _sources(claim: Claim, references: dict[str, Reference], link: Link) -> str:
    works = []
    for key in claim.citations:
        reference = references[key]
        label = escape(reference.label)
        address = link(key)
        work = f'<a href="{escape(address)}">{label}</a>' if address else label
        works.append(f"{work} ({words('pages.evidence.fromMemory')})" if reference.from_memory else work)
    return "; ".join(works)


def _statement(claim: Claim) -> str:
    """The statement; unchecked numbers never stand without their mark."""
    mark = (
        "" if claim.figures_checked else f' <strong class="es-unread">{words("pieces.basis.unread")}</strong>'
    )
    return f"{escape(claim.statement)}{mark}"


def _card(claim: Claim, content: str, whole: str) -> str:
    name = escape(words("pages.evidence.card", grade=grade_name(claim.grade)))
    return (
        f'<div popover id="card-{claim.id}" class="es-card" role="dialog" aria-label="{name}" '
        f'tabindex="-1" autofocus><p><b>{name}</b>{content}<p class="es-card-end">{whole}'
        f'<button popovertarget="card-{claim.id}" popovertargetaction="hide">{words("pages.evidence.close")}'
        "</button></div>"
    )


def _in_ledger(claim: Claim, ledger: str | None) -> str:
    link = words("pages.evidence.inLedger")
    return f'<a href="{ledger}#claim-{claim.id}">{link}</a>' if ledger else ""


def short_card(claim: Claim, ledger: str) -> str:
    """What a badge opens until the page has fetched the whole cards: the way to the ledger."""
    return f'<div popover id="card-{claim.id}" class="es-card">{_in_ledger(claim, ledger)}</div>'


def card(claim: Claim, references: dict[str, Reference], link: Link, ledger: str | None) -> str:
    """What a badge opens, once a page: statement, grade, caveat, sources and how it was checked.

    Args:
        ledger: the address of the ledger from this page; None where the book has none.
    """
    content = (
        f"<p>{_statement(claim)}"
        f"<p><b>{words('pages.evidence.caveat')}</b> {escape(claim.caveat)}"
        f"<p><b>{words('pages.evidence.sources')}</b> {_sources(claim, references, link)}"
        f"<p><b>{words('pages.evidence.howChecked')}</b> {how_checked(claim)}"
    )
    return _card(claim, content, _in_ledger(claim, ledger))


def ledger(claims: Iterable[Claim], references: dict[str, Reference], link: Link) -> str:
    """Every claim, with counts; ``ledger.js`` shows and works the filter, which needs a script."""
    claims = list(claims)
    counts = Counter(claim.grade for claim in claims)
    grades = [grade for grade in GRADES if counts[grade]]
    options = "".join(
        f'<option value="{grade}">{grade_name(grade)} ({counts[grade]})</option>' for grade in grades
    )
    rows = "".join(f"<tr><th scope=row>{grade_name(grade)}<td>{counts[grade]}" for grade in grades)
    entries = "".join(
        f'<li id="claim-{claim.id}"><p>{_statement(claim)} '
        f"<b>{grade_name(claim.grade)}</b><p>{words('pages.ledger.caveat', caveat=escape(claim.caveat))}"
        f"<p>{_sources(claim, references, link)}. {how_checked(claim)}"
        for claim in claims
    )
    return (
        '<div class="es-ledger">'
        f"<table><caption>{words('pages.ledger.count', count=len(claims))}</caption><thead><tr>"
        f"<th scope=col>{words('pages.ledger.grade')}<th scope=col>{words('pages.ledger.claims')}<tbody>{rows}</table>"
        f'<form role="search" aria-label="{escape(words("pages.ledger.filter"))}" hidden>'
        f'<p><label for="es-grade">{words("pages.ledger.grade")}</label> <select id="es-grade">'
        f'<option value="">{words("pages.ledger.allGrades")}</option>'
        f"{options}</select></p>"
        f'<p><label for="es-words">{words("pages.ledger.inWords")}</label> <input id="es-words" type="search"></p>'
        '<p role="status"></p></form>'
        f'<ul class="es-claims">{entries}</ul></div>'
    )


def data(value: object) -> str:
    """JSON for a ``<script type="application/json">``: nothing in it can end the script."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
