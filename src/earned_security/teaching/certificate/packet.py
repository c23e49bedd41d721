"""The packet for a sponsor of continuing education: what it asks of a course, derived, as a page and as data.

Nothing in it is written twice, and no key and no wording of a graded item is in it: a sponsor sees how many items of which
type ask for an objective, and their ids.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from earned_security import __version__, curriculum
from earned_security.curriculum import course_metadata
from earned_security.curriculum.model import Module
from earned_security.teaching import TeachingError, course_settings
from earned_security.teaching.bank import course_banks
from earned_security.teaching.certificate import evaluation_form
from earned_security.teaching.certificate.html_page import html_page
from earned_security.teaching.certificate.statement import NO_CREDIT, hours, in_words
from earned_security.teaching.course_settings import CourseSettings

FOLDER = "course-metadata"
NOT_STATED = "Not stated yet by the provider."


@dataclass(frozen=True)
class Written:
    """The files of a packet. ``unstated``: what the provider has not stated yet."""

    page: Path
    data: Path
    form: Path
    unstated: tuple[str, ...]


def write(folder: Path) -> Written:
    """Write the packet into a course's folder ``course-metadata``.

    Raises:
        ContentError: the settings or a bank have mistakes.
        TeachingError: the folder holds no course, or a file cannot be written.
    """
    folder = folder.expanduser().resolve()
    if not (folder / course_settings.FILE).exists():
        raise TeachingError(f"{folder} holds no course. `earned course new` makes one.")
    data = gather(course_settings.read(folder))
    place = folder / FOLDER
    texts = {
        "course-metadata.html": page(data),
        "course-metadata.json": json.dumps(data, ensure_ascii=False, indent=2) + "\n",
        "evaluation-form.html": evaluation_form.page(data),
    }
    try:
        place.mkdir(mode=0o700, exist_ok=True)
        for name, text in texts.items():
            (place / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise TeachingError(f"{error.filename} cannot be written: {error.strerror}.") from error
    unstated = tuple(one["id"] for one in data["provider"]["states"] if not one["stated"])
    written, as_data, form = (place / name for name in texts)
    return Written(written, as_data, form, unstated)


def gather(settings: CourseSettings) -> dict[str, Any]:
    """Everything in the packet, as plain data that goes into JSON.

    Raises:
        ContentError: a bank has mistakes.
    """
    course, metadata = curriculum.load(), course_metadata.load()
    modules, own, rule = list(course.modules.values()), settings.certificate, settings.completion
    items: dict[str, list[dict[str, Any]]] = {}
    for bank in course_banks(settings):
        for item, key in bank.items:
            items.setdefault(item.objective, []).append(
                {
                    "assignment": bank.assignment,
                    "id": item.id,
                    "type": item.type,
                    "points": item.points,
                    "prepares": key.prepares,
                }
            )
    total = course_metadata.minutes(modules)
    return {
        "form": "earned-security-course-metadata/1",
        "title": metadata.title,
        "version": __version__,
        "description": metadata.description,
        "authors": metadata.authors,
        "licence": metadata.licence,
        "audience": metadata.audience,
        "level": metadata.level,
        "level_means": metadata.level_means,
        "format": metadata.format,
        "clinical_review": metadata.clinical_review,
        "minutes": total,
        "hours": total / 60,
        "minutes_are": metadata.minutes_are,
        "released": course_metadata.released(modules).isoformat(),
        "review_due": course_metadata.review_due(modules).isoformat(),
        "completion": {
            "knowledge_test_percent": rule.percent,
            "safe_path": rule.case,
            "capstone_points": rule.capstone_points,
            "capstone_maximum": rule.capstone_maximum,
            "in_words": [part.replace("**", "") for part in rule.parts()],
        },
        "modules": [_module(module, items) for module in modules],
        "references": [
            {
                "key": r.key,
                "label": r.label,
                "title": r.title,
                "address": r.address,
                "checked": not r.from_memory,
            }
            for r in course_metadata.references(course)
        ],
        "evaluation": {
            "objective_question": metadata.objective_question,
            "scale": list(metadata.scale),
            "questions": [asdict(question) for question in metadata.evaluation],
        },
        "provider": {
            "name": own.provider,
            "address": own.address,
            "contact": own.contact,
            "states": [
                {"id": one.id, "asks": one.asks, "stated": own.states.get(one.id, "")}
                for one in metadata.provider_states
            ],
        },
        "sponsor": {"name": own.sponsor, "number": own.sponsor_number, "statement": own.sponsor_statement}
        if own.sponsor
        else None,
    }


def _module(module: Module, items: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    return {
        "number": module.number,
        "title": module.title,
        "minutes": module.minutes,
        "written": module.data["written"],
        "review_due": module.data["review_due"],
        "objectives": [
            {"id": each.id, "kind": each.kind, "text": each.text, "items": items.get(each.id, [])}
            for each in module.objectives
        ],
    }


def page(data: Mapping[str, Any]) -> str:
    """The packet as one page that needs nothing else."""

    def day(name: str) -> str:
        return in_words(date.fromisoformat(data[name]))

    provider, sponsor = data["provider"], data["sponsor"]
    about = {
        "Description": data["description"],
        "For whom": data["audience"],
        "Level": f"{data['level'].capitalize()}. {data['level_means']}",
        "Form": data["format"],
        "Planned time": f"{hours(data['minutes'])}. {data['minutes_are']}",
        "Released": day("released"),
        "Review due, and end of the course without one": day("review_due"),
        "Authors and licence": f"{data['authors']}. {data['licence']}. Version {data['version']}.",
        "Clinical review": data["clinical_review"],
    }
    credit = NO_CREDIT.replace("This certificate", "The course") + " No accredited sponsor is configured."
    if sponsor:
        number = f", number {sponsor['number']}" if sponsor["number"] else ""
        credit = (
            f"The provider names {sponsor['name']}{number} as its accredited sponsor, and is responsible for this statement. "
            f"{sponsor['statement']}".strip()
        )
    stated = {one["asks"]: one["stated"] for one in provider["states"]}
    who = {"Name": provider["name"], "Address": provider["address"], "Contact": provider["contact"]}
    parts = [
        f"<h1>{escape(data['title'])}: what a sponsor of continuing education asks</h1>",
        _list(about),
        "<h2>Continuing-education credit</h2>",
        f"<p>{escape(credit)}</p>",
        "<h2>What the provider states</h2>",
        _list(who | stated),
        "<h2>What completing the course takes</h2>",
        "<ul>" + "".join(f"<li>{escape(part)}</li>" for part in data["completion"]["in_words"]) + "</ul>",
        "<h2>Objectives, and what assesses each</h2>",
        "<p>Objectives of knowledge are assessed by graded items, those of performance by a person with a rubric. "
        "Items marked “prepares” ask for what a performance rests on, and do not assess it.</p>",
        *(_objectives(module) for module in data["modules"]),
        "<h2>Evaluation by learners</h2>",
        "<p>Each objective is asked about on the form beside this page, <code>evaluation-form.html</code>.</p>",
        f"<h2>References</h2><p>The {len(data['references'])} works that the statements of the course rest on.</p><ol>",
        *(_reference(reference) for reference in data["references"]),
        "</ol>",
    ]
    return html_page(f"{data['title']}: course metadata", parts)


def _list(entries: Mapping[str, str]) -> str:
    def value(text: str) -> str:
        return f"<dd>{escape(text)}</dd>" if text else f'<dd class="missing">{NOT_STATED}</dd>'

    return (
        "<dl>" + "".join(f"<dt>{escape(name)}</dt>{value(text)}" for name, text in entries.items()) + "</dl>"
    )


def _objectives(module: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr><td>{escape(each['id'])}</td><td>{escape(each['text'])}</td><td>{each['kind']}</td><td>{_items(each['items'])}</td></tr>"
        for each in module["objectives"]
    )
    caption = f"{module['number']}. {module['title']} ({module['minutes']} minutes; written {module['written']}, review due {module['review_due']})"
    heads = "".join(
        f'<th scope="col">{name}</th>' for name in ("Objective", "After it, a learner can", "Kind", "Items")
    )
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _items(items: Iterable[Mapping[str, Any]]) -> str:
    listed = (
        f"{escape(item['id'])} ({escape(item['type'])}, {item['points']:g}{', prepares' if item['prepares'] else ''})"
        for item in items
    )
    return "; ".join(listed) or "none"


def _reference(reference: Mapping[str, Any]) -> str:
    address = reference["address"]
    link = f' <a href="{escape(address)}">{escape(address)}</a>' if address else ""
    unchecked = "" if reference["checked"] else " (record not checked against a source)"
    return (
        f"<li>{escape(reference['label'])}. {escape(reference['title'].rstrip('.'))}.{link}{unchecked}</li>"
    )
