"""The printed documents, made from the pages of the built EPUB: the whole book, a module's handout, the checklist."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import yaml

from earned_security import locale
from earned_security.curriculum import Strategy
from earned_security.locale import words
from earned_security.publishing.ledger import grade_name
from earned_security.publishing.printing.pieces import inline

STYLE = Path(__file__).parent / "print.css"
_XHTML = "{http://www.w3.org/1999/xhtml}"
_HEADING = re.compile(r"h([1-6])")
_MODULE = re.compile(r"notebooks/(\d\d)-")

# What a handout takes from its module's page, by the id of a section or of what stands in it.
HANDOUT = ("key-points", "what-the-source-said-and-what-research-supports")
PRACTICE = "deliberate-practice"
AFTERWARDS = ("hand-over-page-for-supervision", "transfer")


@dataclass(frozen=True)
class Chapter:
    """A page of the book. ``part``: what the table of contents calls the part it stands in; ``level``: 0, or 1 below."""

    name: str
    part: str
    level: int
    title: str
    body: ElementTree.Element

    @property
    def anchor(self) -> str:
        return self.name.replace("/", "-")

    @property
    def kicker(self) -> str:
        """``Module 6`` over the title of a module, and nothing over another."""
        module = _MODULE.match(self.name)
        return words("paper.module", number=int(module[1])) if module else ""

    @property
    def running_head(self) -> str:
        return f"{self.kicker}  ·  {self.title}" if self.kicker else self.title


def chapters(built: Path, table_of_contents: Path) -> list[Chapter]:
    """The pages of a built EPUB, in the order of ``_toc.yml``."""
    return [
        _chapter(built, name, part, level)
        for name, part, level in _listed(yaml.safe_load(table_of_contents.read_text(encoding="utf-8")))
    ]


def _listed(contents: Mapping[str, Any]) -> Iterator[tuple[str, str, int]]:
    yield contents["root"], "", 0
    for part in contents.get("parts", [contents]):
        for chapter in part.get("chapters", ()):
            yield chapter["file"], part.get("caption", ""), 0
            for section in chapter.get("sections", ()):
                yield section["file"], part.get("caption", ""), 1


def _chapter(built: Path, name: str, part: str, level: int) -> Chapter:
    root = ElementTree.parse(built / f"{name}.xhtml").getroot()
    for element in root.iter():
        element.tag = element.tag.removeprefix(_XHTML)
    body = next(element for element in root.iter("div") if element.get("role") == "main")
    del body.attrib["role"]
    for parent in list(body.iter()):
        for child in list(parent):
            if child.get("class") == "headerlink":
                parent.remove(child)
    heading = next(body.iter("h1"))
    return Chapter(name, part, level, "".join(heading.itertext()).strip(), body)


def whole_book(
    title: str, about: Iterable[str], all_chapters: list[Chapter], built: Path, pages: Mapping[str, int]
) -> str:
    """The whole book as one HTML document.

    Args:
        title: what stands large on the cover; ``about``: the paragraphs under it.
        built: the folder of the built EPUB, where the pictures are.
        pages: the page on which each chapter begins, by its anchor, for the contents.
    """
    names = {chapter.name: chapter.anchor for chapter in all_chapters}
    listed, articles = [], []
    for part, members in groupby(all_chapters, key=lambda chapter: chapter.part):
        opening = f'<h1 class="es-part">{escape(part)}</h1>' if part else ""
        entries = []
        for chapter in members:
            text = _written(chapter, names, built, shift=chapter.level + bool(part))
            articles.append(f'<article id="{chapter.anchor}">{opening}{text}</article>')
            entries.append(_listed_in_contents(chapter, pages.get(chapter.anchor)))
            opening = ""
        listed.append(f"{f'<p>{escape(part)}</p>' if part else ''}<ul>{''.join(entries)}</ul>")
    under = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in about)
    cover = f'<header class="es-cover"><p class="es-cover-title">{escape(title)}</p>{under}</header>'
    contents = (
        f'<nav class="es-contents" id="contents"><h1>{words("paper.contents")}</h1>{"".join(listed)}</nav>'
    )
    style = "".join(
        f"@page {chapter.anchor} {{ @top-right {{ content: {_css_string(chapter.running_head)} }} }} "
        f"#{chapter.anchor} {{ page: {chapter.anchor} }}"
        for chapter in all_chapters
    )
    return document(title, f"{cover}{contents}{''.join(articles)}", style)


def _listed_in_contents(chapter: Chapter, page: int | None) -> str:
    kicker = f"<small>{chapter.kicker}</small> " if chapter.kicker else ""
    return (
        f'<li class="es-level-{chapter.level}"><a href="#{chapter.anchor}">'
        f"<span>{kicker}{escape(chapter.title)}</span><span>{page or ''}</span></a></li>"
    )


def handout(title: str, chapter: Chapter, built: Path, licence: str) -> str:
    """A module's handout: objectives, content note, key points, source and evidence, practice, page for supervision."""
    body = deepcopy(chapter.body)
    found: list[ElementTree.Element] = []
    objectives = next(element for element in body.iter("ul") if "es-objectives" in element.get("class", ""))
    found.append(_section(words("paper.handout.objectives"), objectives))
    # It says where to turn, and the page for supervision refers to it.
    found += [element for element in body.iter("div") if "es-content-note" in element.get("class", "")]
    sections = {element.get("id"): element for element in body.iter("section")}
    found += [sections[name] for name in HANDOUT]
    for piece in [element for element in body.iter("section") if element.get("data-kind") == PRACTICE]:
        found.append(_section("".join(piece[0].itertext()), *piece[1:-1]))
        replies = sections.get(f"answer-{piece.get('id', '').removeprefix('piece-')}")
        found[-1].extend([] if replies is None else list(replies)[1:])
    found += [sections[name] for name in AFTERWARDS]
    wanted = {
        link.get("href", "").removeprefix("#")
        for part in found
        for link in part.iter("a")
        if link.get("class") == "es-mark"
    }
    notes = next((element for element in body.iter("section") if element.get("class") == "es-notes"), None)
    if notes is not None:
        _keep_notes(notes, wanted)
        found.append(notes)
    page = ElementTree.Element("article", id=chapter.anchor)
    heading = ElementTree.SubElement(page, "h1")
    heading.text = chapter.title
    for part in found:
        for element in part.iter():
            if level := _HEADING.fullmatch(element.tag):
                element.tag = f"h{min(int(level[1]), 2)}"
        page.append(part)
    said = words("paper.handout.kicker", course=escape(title), module=chapter.kicker)
    kicker = f'<p class="es-kicker">{said}</p>'
    text = _written(Chapter(chapter.name, "", 0, chapter.title, page), {}, built, shift=0)
    style = f"@page {{ @top-right {{ content: {_css_string(chapter.running_head)} }} }}"
    body_text = f'<div class="es-handout">{kicker}{text}<p class="es-small">{escape(licence)}</p></div>'
    return document(words("paper.handout.title", title=chapter.title), body_text, style)


def _section(title: str, *content: ElementTree.Element) -> ElementTree.Element:
    section = ElementTree.Element("section")
    heading = ElementTree.SubElement(section, "h2")
    heading.text = title
    section.extend(content)
    return section


def _keep_notes(notes: ElementTree.Element, wanted: set[str]) -> None:
    """Keep the notes that are referred to, under the numbers that they have on the page."""
    listed = next(notes.iter("ol"))
    for number, note in enumerate(list(listed), start=1):
        if note.get("id") in wanted:
            note.set("value", str(number))
        else:
            listed.remove(note)


def checklist(title: str, strategies: Iterable[Strategy]) -> str:
    """The strategies as a form of one page: a box to tick for each, and what one would see."""
    groups = "".join(
        f"<h2>{escape(group)}</h2><ul>"
        + "".join(
            f"<li><strong>☐ {inline(strategy.name)}</strong> [{grade_name(strategy.evidence_grade)}] "
            f"{inline(strategy.observable_marker)}</li>"
            for strategy in members
        )
        + "</ul>"
        for group, members in groupby(strategies, key=lambda strategy: strategy.group)
    )
    name, intro, fill = (words(f"paper.checklist.{part}") for part in ("title", "intro", "fill"))
    return document(
        words("paper.checklist.document", course=title),
        f'<article class="es-form"><h1>{name}</h1><p>{intro}</p><p class="es-fill">{fill}</p>'
        f'<div class="es-columns">{groups}</div></article>',
        "@page { margin: 10mm; @top-left { content: none } @bottom-center { content: none } }",
    )


def document(title: str, body: str, style: str = "") -> str:
    """One HTML document with the style of print."""
    return (
        f'<!doctype html><html lang="{locale.tag()}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE.read_text(encoding='utf-8')}{style}</style></head><body><main>{body}</main></body></html>"
    )


def _css_string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _written(chapter: Chapter, names: Mapping[str, str], built: Path, shift: int) -> str:
    """A chapter's HTML: its ids and links made unique in the document, its headings moved down by ``shift``."""
    body = deepcopy(chapter.body)
    own = chapter.anchor
    ids = {element.get("id") for element in body.iter()}
    for element in body.iter():
        if "id" in element.attrib:
            element.set("id", f"{own}--{element.get('id')}")
        if level := _HEADING.fullmatch(element.tag):
            element.tag = f"h{min(int(level[1]) + shift, 6)}"
        if element.tag == "img":
            path = built / posixpath.normpath(
                posixpath.join(posixpath.dirname(chapter.name), element.get("src", ""))
            )
            element.set("src", path.as_uri())
        elif element.tag == "details":
            element.set("open", "open")
        elif element.tag == "a":
            _relink(element, chapter.name, names, own, ids)
    heading = next(element for element in body.iter() if _HEADING.fullmatch(element.tag))
    heading.set("class", "es-title")
    if chapter.kicker:
        heading.set("data-kicker", chapter.kicker)
    text: str = ElementTree.tostring(body, encoding="unicode", method="html")
    return text


def _relink(
    link: ElementTree.Element, page: str, names: Mapping[str, str], own: str, ids: set[str | None]
) -> None:
    """Lead to the same place in the document; a link to what is not in it becomes plain text."""
    address = link.get("href", "")
    if address.startswith(("http:", "https:", "mailto:")):
        return
    path, _, fragment = address.partition("#")
    if not path:
        target = f"#{own}--{fragment}" if fragment in ids else ""
    else:
        name = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)).removesuffix(".xhtml")
        target = f"#{names[name]}{f'--{fragment}' if fragment else ''}" if name in names else ""
    if target:
        link.set("href", target)
    else:
        link.tag = "span"
        link.attrib.pop("href", None)
