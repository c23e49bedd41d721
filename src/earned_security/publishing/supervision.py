"""The guide for supervisors, derived: what of each strategy can be observed, and what each module practises."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from docutils import nodes
from sphinx import addnodes

from earned_security.curriculum import Module, Strategy, source
from earned_security.interactive.deliberate_practice import FOLDER
from earned_security.locale import words
from earned_security.publishing import ledger
from earned_security.publishing.directives import CourseDirective, labelled

HAND_OVER = "hand-over-page-for-supervision"
"""The place of a module's page for supervision, from its heading."""


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
            grade = words("pages.supervision.grade", grade=ledger.grade_name(strategy.evidence_grade))
            badge = nodes.inline(text=grade, classes=["es-grade"])
            name = nodes.term("", strategy.name, nodes.Text(" "), badge, ids=[f"strategy-{strategy.id}"])
            text = nodes.definition(
                "",
                _says("lookFor", strategy.observable_marker),
                _says("doneWell", strategy.what_it_looks_like),
                _says("errors", ". ".join(strategy.typical_errors) + "."),
                _says("cautions", strategy.when_not_to_use_or_cautions),
                _says("gradeFor", f"{strategy.grade_is_for}."),
                # For a printed guide; on the screen it is hidden, because nothing is kept there.
                nodes.paragraph(text=words("pages.supervision.tally"), classes=["es-print-only"]),
            )
            markers += nodes.definition_list_item("", name, text)
        return markers


class SupervisionByModule(_Guide):
    """``{supervision-by-module}``: each module's micro-skill, its criteria and its observed tasks."""

    def run(self) -> list[nodes.Node]:
        practices = source.names(FOLDER)
        return [
            self.section(
                words("pages.module", number=module.number, title=module.title),
                *self._module(module, practices),
            )
            for module in self.curriculum.modules.values()
        ]

    def _module(self, module: Module, practices: list[str]) -> list[nodes.Node]:
        name = f"{module.number:02}-{module.id}"
        content: list[nodes.Node] = []
        if f"{FOLDER}/{name}" in practices:
            first = next(entry for entry in source.read(f"{FOLDER}/{name}") if "returns_from" not in entry)
            content += [
                _says("skill", f"{first['skill']}."),
                labelled(words("pages.supervision.criteria")),
                _list([nodes.Text(criterion) for criterion in first["criteria"]]),
            ]
        if observed := [entry for entry in module.objectives if entry.kind == "performance"]:
            tasks = [nodes.Text(f"{entry.id}: {entry.text}") for entry in observed]
            content += [labelled(words("pages.supervision.observed")), _list(tasks)]
        along = words("pages.supervision.bringAlong")
        return [*content, labelled(along, self._hand_over(f"notebooks/{name}"))]

    def _hand_over(self, page: str) -> nodes.Node:
        text = words("pages.supervision.handOver")
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


def _says(label: str, text: str) -> nodes.paragraph:
    return labelled(words(f"pages.supervision.{label}"), nodes.Text(text))


def _list(entries: list[nodes.Text]) -> nodes.bullet_list:
    items = (nodes.list_item("", nodes.paragraph("", "", entry)) for entry in entries)
    return nodes.bullet_list("", *items)


DIRECTIVES: dict[str, Any] = {
    "observable-markers": ObservableMarkers,
    "supervision-by-module": SupervisionByModule,
}
