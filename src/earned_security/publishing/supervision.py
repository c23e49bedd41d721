"""The guide for supervisors, derived: what of each strategy can be observed, and what each module practises."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from docutils import nodes
from sphinx import addnodes

from earned_security.curriculum import Module, Strategy, source
from earned_security.interactive.deliberate_practice import FOLDER
from earned_security.publishing import ledger
from earned_security.publishing.directives import CourseDirective, labelled

HAND_OVER = "hand-over-page-for-supervision"
"""The place of a module's page for supervision, from its heading."""

# For a printed guide; on the screen it is hidden, because nothing is kept there.
TALLY = "☐ seen, at _____     ☐ not seen     ☐ no occasion"


class _Guide(CourseDirective):
    """What the two parts of the guide share."""

    def section(self, title: str, *content: nodes.Node) -> nodes.section:
        section = nodes.section(
            "", nodes.title(text=title), *content, names=[nodes.fully_normalize_name(title)]
        )
        self.state.document.note_implicit_target(section, section)
        return section


class ObservableMarkers(_Guide):
    """``{observable-markers}``: the strategies by group, each with its marker first, from ``strategies.yaml``."""

    def run(self) -> list[nodes.Node]:
        groups = groupby(self.curriculum.strategies.values(), key=lambda strategy: strategy.group)
        return [self.section(group, self._markers(list(strategies))) for group, strategies in groups]

    def _markers(self, strategies: list[Strategy]) -> nodes.definition_list:
        markers = nodes.definition_list(classes=["es-markers"])
        for strategy in strategies:
            grade = f"evidence: {ledger.grade_name(strategy.evidence_grade)}"
            badge = nodes.inline(text=grade, classes=["es-grade"])
            name = nodes.term("", strategy.name, nodes.Text(" "), badge, ids=[f"strategy-{strategy.id}"])
            text = nodes.definition(
                "",
                labelled("Look for.", nodes.Text(strategy.observable_marker)),
                labelled("Done well.", nodes.Text(strategy.what_it_looks_like)),
                labelled("Typical errors.", nodes.Text(". ".join(strategy.typical_errors) + ".")),
                labelled("Cautions.", nodes.Text(strategy.when_not_to_use_or_cautions)),
                labelled("The grade speaks for:", nodes.Text(f"{strategy.grade_is_for}.")),
                nodes.paragraph(text=TALLY, classes=["es-print-only"]),
            )
            markers += nodes.definition_list_item("", name, text)
        return markers


class SupervisionByModule(_Guide):
    """``{supervision-by-module}``: each module's micro-skill, its criteria and its observed tasks."""

    def run(self) -> list[nodes.Node]:
        practices = source.names(FOLDER)
        return [
            self.section(f"Module {module.number}: {module.title}", *self._module(module, practices))
            for module in self.curriculum.modules.values()
        ]

    def _module(self, module: Module, practices: list[str]) -> list[nodes.Node]:
        name = f"{module.number:02}-{module.id}"
        content: list[nodes.Node] = []
        if f"{FOLDER}/{name}" in practices:
            first = next(entry for entry in source.read(f"{FOLDER}/{name}") if "returns_from" not in entry)
            content += [
                labelled("Micro-skill:", nodes.Text(f"{first['skill']}.")),
                labelled("In a reply one can see or hear:"),
                _list([nodes.Text(criterion) for criterion in first["criteria"]]),
            ]
        if observed := [entry for entry in module.objectives if entry.kind == "performance"]:
            tasks = [nodes.Text(f"{entry.id}: {entry.text}") for entry in observed]
            content += [labelled("Observed and scored by a person:"), _list(tasks)]
        return [*content, labelled("To bring along:", self._hand_over(f"notebooks/{name}"))]

    def _hand_over(self, page: str) -> nodes.Node:
        text = "the module's question, and what one should not yet do alone"
        if page not in self.env.found_docs:
            return nodes.Text(text)
        link = addnodes.pending_xref(
            "",
            nodes.inline(text=text),
            refdomain="doc",
            reftype="myst",
            refdoc=self.env.docname,
            reftarget=page,
            reftargetid=HAND_OVER,
            refexplicit=True,
        )
        return link


def _list(entries: list[nodes.Text]) -> nodes.bullet_list:
    items = (nodes.list_item("", nodes.paragraph("", "", entry)) for entry in entries)
    return nodes.bullet_list("", *items)


DIRECTIVES: dict[str, Any] = {
    "observable-markers": ObservableMarkers,
    "supervision-by-module": SupervisionByModule,
}
