"""What the book shows and no other format can: each node holds plain children for the formats that cannot."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from earned_security.curriculum import Curriculum
from earned_security.locale import words
from earned_security.publishing import assets, ledger, markup


class claim_badge(nodes.Inline, nodes.TextElement):
    """A grade in the text that opens its claim; ``claim`` is the claim's id."""


class claim_cards(nodes.General, nodes.Element):
    """The claims that a page's badges open, once each; ``claims`` lists their ids."""


class claim_ledger(nodes.General, nodes.Element):
    """Every claim. Its children are the plain form."""


class piece_host(nodes.General, nodes.Element):
    """An interactive piece. ``piece``: its id; ``title``; ``content``: what it shows, as JSON text."""


class static_html(nodes.General, nodes.Element):
    """HTML for the book (``html``), driven by one of its scripts (``script``); ``figure``: the plotly figure in it."""


def script_of(node: nodes.Element) -> str | None:
    """The name of the script that a node needs on its page, if any."""
    if isinstance(node, claim_ledger):
        return "ledger"
    if isinstance(node, claim_cards):
        return "cards"
    if isinstance(node, piece_host):
        return "host"
    return str(node["script"]) if isinstance(node, static_html) else None


def curriculum_of(app: Sphinx) -> Curriculum:
    """The curriculum that this build reads, loaded once."""
    loaded: Curriculum = app.earned_security_curriculum  # type: ignore[attr-defined]
    return loaded


def _page_link(translator: Any, docname: str) -> str | None:
    builder = translator.builder
    if docname not in builder.env.found_docs:
        return None
    return (
        ""
        if docname == builder.current_docname
        else str(builder.get_relative_uri(builder.current_docname, docname))
    )


def reference_link(environment: Any, page_link: Callable[[str], str | None]) -> ledger.Link:
    """How a reference's key becomes a link to its place in the bibliography, given how a page is linked."""
    domain = environment.get_domain("cite")
    places = {
        citation.key: (citation.bibliography_key.docname, citation.citation_id)
        for citation in domain.citations
    }

    def link(key: str) -> str | None:
        if key not in places:
            return None
        docname, anchor = places[key]
        return f"{page_link(docname) or ''}#{anchor}"

    return link


def _reference_link(translator: Any) -> ledger.Link:
    return reference_link(translator.builder.env, lambda docname: _page_link(translator, docname))


def _badge(translator: Any, node: nodes.Element, curriculum: Curriculum) -> str:
    return ledger.badge(curriculum.claims[node["claim"]])


def _cards(translator: Any, node: nodes.Element, curriculum: Curriculum) -> str:
    """The cards, short; the whole ones are a file beside the scripts, fetched once the page is there.

    On a page with many claims they would weigh as much as its text. A book without a ledger has them in the page.
    """
    link = _reference_link(translator)
    whole = _page_link(translator, markup.LEDGER)
    references = dict(curriculum.references)
    claims = [curriculum.claims[claim] for claim in node["claims"]]
    cards = "".join(ledger.card(claim, references, link, whole) for claim in claims)
    if whole is None:
        return f'<div class="es-cards">{cards}</div>'
    builder = translator.builder
    source = _beside(builder, "cards", f"{builder.current_docname.replace('/', '-')}.html", cards)
    short = "".join(ledger.short_card(claim, whole) for claim in claims)
    return f'<div class="es-cards" data-source="{source}">{short}</div>'


def _beside(builder: Any, kind: str, name: str, text: str) -> str:
    """Write a file into a folder beside the scripts; its name there, with a version that follows its content."""
    content = text.encode()
    target = assets.folder(Path(builder.outdir)) / kind / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return f"{name}?v={hashlib.sha256(content).hexdigest()[:10]}"


def _ledger(translator: Any, node: nodes.Element, curriculum: Curriculum) -> str:
    return ledger.ledger(curriculum.claims.values(), dict(curriculum.references), _reference_link(translator))


def _piece(translator: Any, node: nodes.Element, curriculum: Curriculum) -> str:
    """The piece's place in the page. What it shows is a file beside the scripts, fetched when needed."""
    source = _beside(translator.builder, "content", f"{node['piece']}.json", node["content"])
    way_out = _page_link(translator, markup.CRISIS)
    leads_out = f' data-way-out="{way_out}"' if way_out else ""
    kind = json.loads(node["content"])["kind"]  # its style keeps room for it
    return (
        f'<div class="es-host" id="piece-{node["piece"]}" data-content="{source}" data-kind="{kind}"{leads_out}>'
        f"<noscript><p><strong>{escape(node['title'])}</strong>. {words('pages.needsScript')}</p></noscript></div>"
    )


def _static(translator: Any, node: nodes.Element, curriculum: Curriculum) -> str:
    return str(node["html"])


def _html(render: Callable[[Any, nodes.Element, Curriculum], str]) -> tuple[Any, Any]:
    def visit(translator: Any, node: nodes.Element) -> None:
        translator.body.append(render(translator, node, curriculum_of(translator.builder.app)))
        raise nodes.SkipNode

    return visit, None


def _pass(translator: Any, node: nodes.Element) -> None:
    """Write the children only."""


def _skip(translator: Any, node: nodes.Element) -> None:
    raise nodes.SkipNode


def register(app: Sphinx) -> None:
    """Tell Sphinx how each node is written."""
    plain: Any = dict.fromkeys(("latex", "text", "man", "texinfo"), (_pass, _pass))
    hidden: Any = dict.fromkeys(plain, (_skip, None))
    app.add_node(claim_badge, html=_html(_badge), **plain)
    app.add_node(claim_cards, html=_html(_cards), **hidden)
    app.add_node(claim_ledger, html=_html(_ledger), **plain)
    app.add_node(piece_host, html=_html(_piece), **plain)
    app.add_node(static_html, html=_html(_static), **plain)
