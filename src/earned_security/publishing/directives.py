"""The directives of the course's pages."""

from __future__ import annotations

import json
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.domains.std import make_glossary_term
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from earned_security import __version__
from earned_security.assessment import rules
from earned_security.curriculum import Curriculum, Module, completion, source
from earned_security.interactive import pieces
from earned_security.locale import PLACEHOLDER, words
from earned_security.publishing import edition, ledger, markup
from earned_security.publishing.lite import lite_page
from earned_security.publishing.nodes import (
    claim_badge,
    claim_ledger,
    curriculum_of,
    piece_host,
    static_html,
)
from earned_security.publishing.site import downloads

logger = logging.getLogger(__name__)


class CourseDirective(SphinxDirective):
    """What the directives share."""

    @property
    def curriculum(self) -> Curriculum:
        return curriculum_of(self.env.app)

    def unknown(self, what: str, name: str) -> list[nodes.Node]:
        """Warn, with file and line, and leave the name in the text."""
        message = "There is no %s '%s'."
        logger.warning(
            message, what, name, location=self.get_location(), type="earned", subtype=what.replace(" ", "-")
        )
        return [nodes.paragraph(text=name)]

    def parse(self, text: str, into: nodes.Element) -> nodes.Element:
        """Parse text of the curriculum as it would be parsed in the page."""
        self.state.nested_parse(StringList(text.splitlines(), source=self.get_source_info()[0]), 0, into)
        return into

    def badges(self, claims: tuple[str, ...]) -> list[nodes.Node]:
        known = [self.curriculum.claims[claim] for claim in claims if claim in self.curriculum.claims]
        result: list[nodes.Node] = []
        for claim in known:
            shown = words("pages.evidence.inText", grade=ledger.grade_name(claim.grade))
            result += [nodes.Text(" "), claim_badge("", nodes.Text(shown), claim=claim.id)]
        return result

    def works(self, keys: tuple[str, ...]) -> list[nodes.Node]:
        """Works cited, each a link to its place in the list of references."""
        container = nodes.paragraph()
        self.parse(f"{{cite:p}}`{','.join(keys)}`", container)
        paragraph = container.children[0] if container.children else container
        return list(paragraph.children)


def labelled(label: str, *content: nodes.Node) -> nodes.paragraph:
    """A paragraph that opens with a word in bold."""
    return nodes.paragraph("", "", nodes.strong(text=label), nodes.Text(" "), *content)


def sentence(key: str, /, **parts: nodes.Node) -> nodes.paragraph:
    """A sentence of the catalogue with nodes in its places: ``sentence("pages.opening.stop", link=...)``."""
    pieces = PLACEHOLDER.split(words(key))  # text and names by turns
    filled = [parts[text] if index % 2 else nodes.Text(text) for index, text in enumerate(pieces) if text]
    return nodes.paragraph("", "", *filled)


def where_you_were() -> static_html:
    """A place for what this browser knows of the learner's way; empty and hidden where it knows nothing."""
    html = '<section class="es-where" aria-labelledby="es-where-title" hidden></section>'
    return static_html("", html=html, script="progress")


def _page(name: str, text: str) -> addnodes.pending_xref:
    link = addnodes.pending_xref(
        "", nodes.inline(text=text), refdomain="std", reftype="doc", reftarget=f"/{name}"
    )
    link["refexplicit"] = True
    link["refwarn"] = True
    return link


class ModuleOpening(CourseDirective):
    """``{module-opening} module-id``: minutes, objectives, content note; the body adds to that note."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        module = self.curriculum.modules.get(self.arguments[0])
        if module is None:
            return self.unknown("module", self.arguments[0])
        objectives = nodes.bullet_list(classes=["es-objectives"])
        for objective in module.objectives:
            kind = nodes.emphasis(text=f"({words(f'pages.opening.kinds.{objective.kind}')})")
            text = nodes.paragraph(
                "", "", nodes.strong(text=objective.id), nodes.Text(f" {objective.text} "), kind
            )
            objectives += nodes.list_item("", text)
        minutes = nodes.paragraph(text=words("pages.opening.minutes", minutes=module.minutes))
        about = [nodes.paragraph(text=edition.dates(module)), *self._notebook(module)]
        title = nodes.title(text=words("pages.opening.contentNote"))
        note = nodes.admonition("", title, classes=["note", "es-content-note"])
        for name in ("content_note", "way_out"):
            self.parse(module.data.get(name, ""), note)
        if grounding := module.data.get("grounding"):
            lines = "\n".join(f"- {line}" for line in grounding)
            self.parse(f"**{words('pages.opening.grounding')}**\n\n{lines}", note)
        if self.content:
            self.state.nested_parse(self.content, self.content_offset, note)
        note += sentence("pages.opening.stop", link=_page(markup.CRISIS, words("pages.wayOut")))
        can = labelled(words("pages.opening.objectives"))
        return [where_you_were(), minutes, can, objectives, note, *about]

    def _notebook(self, module: Module) -> list[nodes.Node]:
        """The links to this page as a notebook, in the book on the web only."""
        if markup.module_page(module) != self.env.docname:
            return []
        html = downloads.link(self.env.docname)
        if lite_page.PAGE in self.env.found_docs:
            html = lite_page.link(module) + html
        return [addnodes.only("", nodes.raw("", html, format="html"), expr="builder_html")]


class Piece(CourseDirective):
    """``{piece} piece-id``: an interactive piece, which a small script brings to life with no kernel."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        if name not in pieces.piece_ids():
            return self.unknown("piece", name)
        content = pieces.content(name)
        title = str(content["title"])
        plain = sentence("pages.piece", title=nodes.strong(text=title))
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return [piece_host("", plain, piece=name, title=title, content=text)]


class StrategyCard(CourseDirective):
    """``{strategy} strategy-id``: one strategy of the checklist with all its fields."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        strategy = self.curriculum.strategies.get(self.arguments[0])
        if strategy is None:
            return self.unknown("strategy", self.arguments[0])
        grade = f"{ledger.grade_name(strategy.evidence_grade)} ({strategy.grade_is_for})."
        card = nodes.admonition("", nodes.title(text=strategy.name), classes=["es-strategy"])
        card += nodes.paragraph(text=strategy.what_it_looks_like)
        card += labelled(words("pages.strategy.when"), nodes.Text(strategy.when_to_use))
        cautions = nodes.Text(strategy.when_not_to_use_or_cautions)
        card += labelled(words("pages.strategy.cautions"), cautions)
        errors = nodes.Text(". ".join(strategy.typical_errors) + ".")
        card += labelled(words("pages.strategy.errors"), errors)
        card += labelled(words("pages.strategy.lookFor"), nodes.Text(strategy.observable_marker))
        fits = nodes.Text(", ".join(strategy.fits_client_patterns) + ".")
        card += labelled(words("pages.strategy.fits"), fits)
        card += labelled(words("pages.strategy.inSource"), nodes.Text(strategy.named_in_source_as + "."))
        works = self.works(strategy.citations)
        card += labelled(words("pages.strategy.evidence"), nodes.Text(f"{grade} "), *works)
        return [card]


class SourceAndEvidence(CourseDirective):
    """``{source-and-evidence}``: what the source said and what research supports; a table or a list."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        container = nodes.container(classes=["es-source-and-evidence"])
        self.state.nested_parse(self.content, self.content_offset, container)
        return [container]


class Ledger(CourseDirective):
    """``{ledger}``: every claim with grade, caveat, sources and how it was checked."""

    def run(self) -> list[nodes.Node]:
        plain = nodes.bullet_list()
        for claim in self.curriculum.claims.values():
            grade = nodes.emphasis(text=f" ({ledger.grade_name(claim.grade)}) ")
            after = nodes.Text(f"{claim.caveat} {ledger.how_checked(claim)}")
            plain += nodes.list_item("", nodes.paragraph("", claim.statement, grade, after))
        return [claim_ledger("", plain)]


class GlossaryList(CourseDirective):
    """``{glossary-list}``: every term with its definition; ``{term}`` leads here."""

    def run(self) -> list[nodes.Node]:
        terms = nodes.definition_list(classes=["glossary"])
        for term in sorted(self.curriculum.glossary.values(), key=lambda term: term.term.casefold()):
            path, line = self.get_source_info()
            shown = [nodes.Text(term.term)]
            name = make_glossary_term(self.env, shown, None, path, line, None, self.state.document)
            text = nodes.paragraph("", term.definition, *self.badges(term.claims))
            for index, other in enumerate(term.see):
                link = addnodes.pending_xref("", nodes.inline(text=other), refdomain="std", reftype="term")
                link["reftarget"], link["refwarn"] = other, True
                text += [nodes.Text(f" {words('pages.glossarySee')} " if index == 0 else ", "), link]
            if term.see:
                text += nodes.Text(".")
            terms += nodes.definition_list_item("", name, nodes.definition("", text))
        return [addnodes.glossary("", terms, sorted=False)]


class Stored(CourseDirective):
    """``{stored}``: what this browser keeps of the course, to be seen, exported and erased."""

    def run(self) -> list[nodes.Node]:
        without = f"<noscript><p>{words('pages.needsScript')}</p></noscript>"
        html = f'<div class="es-stored" data-version="{__version__}">{without}</div>'
        plain = nodes.paragraph(text=words("pages.stored"))
        return [static_html("", plain, html=html, script="stored")]


class WhereYouWere(CourseDirective):
    """``{where-you-were}``: the last place, what is done of each module, and a way to go on."""

    def run(self) -> list[nodes.Node]:
        return [where_you_were()]


class OfflineCopy(CourseDirective):
    """``{offline-copy}``: takes the book offline when asked, and renews or removes that copy."""

    def run(self) -> list[nodes.Node]:
        # Where the page was opened as a file, browsers run none of the book's scripts, and this stays.
        html = f'<div class="es-offline"><p>{words("pages.offline.without")}</p></div>'
        plain = nodes.paragraph(text=words("pages.offline.onPaper"))
        return [static_html("", plain, html=html, script="offline")]


class CrisisRoutes(CourseDirective):
    """``{crisis-routes}``: where anyone can turn, from ``crisis-routes.yaml``."""

    def run(self) -> list[nodes.Node]:
        routes = nodes.definition_list(classes=["es-crisis-routes"])
        for route in source.read("crisis-routes")["routes"]:
            text = nodes.definition("", nodes.paragraph(text=route["text"]))
            routes += nodes.definition_list_item("", nodes.term(text=route["title"]), text)
        return [routes]


class SourceCoverage(CourseDirective):
    """``{source-coverage}``: where each point of the sources is taught, from ``source-map.yaml``."""

    def run(self) -> list[nodes.Node]:
        pages = {
            objective.id: f"{{doc}}`{objective.id} </{markup.module_page(module)}>`"
            for module in self.curriculum.modules.values()
            for objective in module.objectives
        }
        points = source.read("source-map")
        text = [words("pages.coverage.count", count=len(points)), ""]
        columns = " | ".join(words(f"pages.coverage.{column}") for column in ("point", "says", "taught"))
        for document in dict.fromkeys(point["document"] for point in points):
            title = words("pages.coverage.source", document=document)
            text += [f"**{title}**", "", f"| {columns} |", "| --- | --- | --- |"]
            for point in points:
                if point["document"] == document:
                    said = " ".join(point["point"].split()).replace("|", "\\|")
                    taught = ", ".join(pages[name] for name in point["objectives"])
                    taught += "".join(
                        f"; *{strategy.name}*"
                        for strategy in self.curriculum.strategies.values()
                        if point["id"] in strategy.sources
                    )
                    text.append(f"| {point['id']} | {said} | {taught} |")
            text.append("")
        return list(self.parse("\n".join(text), nodes.container()).children)


class MarkingRules(CourseDirective):
    """``{marking-rules}``: what an answer of each type earns, from ``assessment/rules.py``."""

    def run(self) -> list[nodes.Node]:
        types = nodes.definition_list()
        for rule in rules.by_type().values():
            example = labelled(words("marking.example"), nodes.Text(rule.example))
            text = nodes.definition("", nodes.paragraph(text=rule.share), example)
            types += nodes.definition_list_item("", nodes.term(text=rule.name), text)
        general = nodes.bullet_list()
        for rule_of_all in rules.general():
            general += nodes.list_item("", nodes.paragraph(text=rule_of_all))
        return [types, general]


class CompletionRule(CourseDirective):
    """``{completion-rule}``: what completing the course takes, from ``completion.yaml``."""

    def run(self) -> list[nodes.Node]:
        return list(self.parse(completion.load().in_words(), nodes.container()).children)


DIRECTIVES: dict[str, Any] = {
    "completion-rule": CompletionRule,
    "module-opening": ModuleOpening,
    "piece": Piece,
    "strategy": StrategyCard,
    "source-and-evidence": SourceAndEvidence,
    "ledger": Ledger,
    "glossary-list": GlossaryList,
    "crisis-routes": CrisisRoutes,
    "stored": Stored,
    "where-you-were": WhereYouWere,
    "offline-copy": OfflineCopy,
    "source-coverage": SourceCoverage,
    "marking-rules": MarkingRules,
}
