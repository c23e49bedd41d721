"""The Sphinx extension: roles, directives, the static pieces and the evidence ledger."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import docutils.nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from earned_security import __version__, locale
from earned_security.curriculum import load, source
from earned_security.locale import words
from earned_security.publishing import assets, bibliography, markup, nodes, supervision
from earned_security.publishing.directives import DIRECTIVES
from earned_security.publishing.lite import lite_page
from earned_security.publishing.printing import epub, paper_page
from earned_security.publishing.roles import ClaimRole, gather_cards
from earned_security.publishing.site import (
    addresses,
    finishing,
    page_metadata,
    progress,
    styles,
)

logger = logging.getLogger(__name__)

# Seconds that a whole notebook may take; a slower one is a mistake.
NOTEBOOK_LIMIT = 60


def _load(app: Sphinx) -> None:
    app.earned_security_curriculum = load()  # type: ignore[attr-defined]


def _warn_of_slow_notebooks(app: Sphinx, env: Any) -> None:
    for page, data in getattr(env, "nb_metadata", {}).items():
        seconds = (data.get("exec_data") or {}).get("runtime") or 0
        if seconds > NOTEBOOK_LIMIT:
            message = "Running this notebook took %d seconds; %d is the limit."
            logger.warning(message, seconds, NOTEBOOK_LIMIT, location=page, type="earned", subtype="slow")


def _complete_page(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Load what this page needs, and write its footer."""
    found = {nodes.script_of(node) for node in doctree.findall()} if doctree is not None else set()
    scripts = sorted(script for script in found if script)
    for script in scripts:
        app.add_js_file(f"{assets.folder_name()}/{script}.js", loading_method=None, type="module")
    context["home"] = words("pages.home")
    if markup.CRISIS in app.env.found_docs:
        link = f'<a href="{context["pathto"](markup.CRISIS)}">{words("pages.wayOut")}</a>'
        context["theme_extra_footer"] = f"<p>{words('pages.footer', link=link)}</p>"


# The theme's button that opens the pages below a page in the table of contents.
_TOGGLE = re.compile(r"(<a [^>]*>([^<]+)</a>\s*<details[^>]*>\s*<summary)>")


def _name_toggles(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Give that button a name; the theme leaves it without one."""
    contents = context.get("generate_toctree_html")
    if contents is not None:

        def name(match: re.Match[str]) -> str:
            return f'{match[1]} aria-label="{words("pages.pagesBelow", page=match[2])}">'

        def named(*arguments: Any, **options: Any) -> str:
            return _TOGGLE.sub(name, str(contents(*arguments, **options)))

        context["generate_toctree_html"] = named


def _list_references(app: Sphinx, doctree: Any, page: str) -> None:
    """References as a plain list: a key is for links only, and the role docutils gives is obsolete."""
    if app.builder.format != "html":
        return
    for container in list(doctree.findall(docutils.nodes.container)):
        citations = [child for child in container.children if isinstance(child, docutils.nodes.citation)]
        if citations:
            listed = docutils.nodes.bullet_list(classes=["es-references"])
            for citation in citations:
                text = [child for child in citation.children if not isinstance(child, docutils.nodes.label)]
                listed += docutils.nodes.list_item("", *text, ids=citation["ids"])
            container.replace_self(listed)


def _add_templates(app: Sphinx, config: Any) -> None:
    config.templates_path = [*config.templates_path, str(Path(__file__).parent / "templates")]


def _note_dependencies(app: Sphinx, doctree: Any) -> None:
    """A page is read again when the curriculum changes, or the code that turns it into pieces and figures."""
    package = Path(source.__file__).parents[1]
    code = (path for room in ("cases", "interactive", "models") for path in (package / room).rglob("*.py"))
    read = (path for folder in (*source.folders(), *locale.roots()) for path in folder.rglob("*.*"))
    for path in (*read, *code):
        app.env.note_dependency(str(path))


def connect(app: Sphinx) -> dict[str, Any]:
    """Add everything to a Sphinx application, in the language that its configuration names."""
    os.environ[locale.LANGUAGE] = app.config.language
    if locale.language() != app.config.language:
        message = "There is no folder locale/%s, so the words of the interface are English. Languages: %s."
        known = ", ".join(locale.languages())
        logger.warning(message, app.config.language, known, type="earned", subtype="language")
    # Figures reach the page as data, never as a script.
    os.environ["PLOTLY_RENDERER"] = "plotly_mimetype"
    bibliography.register()
    nodes.register(app)
    app.add_config_value("earned_security_assets", assets.folder_name(), "html", [str])
    app.add_role("claim", ClaimRole())
    for name, directive in {**DIRECTIVES, **supervision.DIRECTIVES}.items():
        app.add_directive(name, directive)
    assets.silence(app)
    epub.connect(app)
    page_metadata.connect(app)
    addresses.connect(app)
    styles.connect(app)
    lite_page.connect(app)
    paper_page.connect(app)
    app.connect("config-inited", _add_templates)
    app.connect("builder-inited", _load)
    app.connect("builder-inited", assets.copy)
    app.connect("doctree-read", gather_cards)
    app.connect("doctree-read", progress.gather)
    app.connect("env-check-consistency", _warn_of_slow_notebooks)
    app.connect("doctree-read", _note_dependencies)
    app.connect("doctree-resolved", _list_references)
    app.connect("html-page-context", _complete_page)
    app.connect("html-page-context", assets.refuse, priority=900)
    app.connect("html-page-context", assets.defer, priority=900)
    app.connect("html-page-context", _name_toggles, priority=900)  # after the theme's own
    app.connect("build-finished", finishing.finish, priority=900)  # the theme itself writes files at the end
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
