"""An interactive piece on paper: what can be read of it, as well-formed XHTML, and where to find the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html import escape
from string import ascii_uppercase
from typing import Any

from docutils.utils.smartquotes import smartyPants

from earned_security.locale import words
from earned_security.publishing.ledger import grade_name
from earned_security.publishing.printing import evidence, explorers, figures

Content = Mapping[str, Any]
PAIRED = ("match", "classify")


@dataclass(frozen=True)
class Place:
    """Where a piece stands.

    ``page``: the title of its page. ``address``: its address on the web, None where the book has none. ``pictures``:
    the folder of pictures, seen from the page. ``in_ledger``: the address of a claim in the ledger, if any.
    """

    page: str
    address: str | None
    pictures: str
    in_ledger: Callable[[str], str | None]


def on_paper(content: Content, place: Place) -> tuple[str, str]:
    """What stands in the place of a piece, and what stands at the end of its chapter: answers, or nothing."""
    body, answers = _FORMS.get(content["kind"], _on_a_screen)(content, place)
    label, title, name = escape(content["title"]), inline(content["title"]), content["id"]
    more = f' <a href="#answer-{name}">{words("paper.answerAtEnd")}</a>' if answers else ""
    section = (
        f'<section class="es-piece" id="piece-{name}" data-kind="{content["kind"]}" aria-label="{label}">'
        f'<p class="es-piece-title"><strong>{title}</strong></p>{body}'
        f'<p class="es-on-the-web">{_where(content, place)}{more}</p></section>'
    )
    if not answers:
        return section, ""
    back = f'<p class="es-piece-title"><a href="#piece-{name}"><strong>{title}</strong></a></p>'
    return (
        section,
        f'<section class="es-answer" id="answer-{name}" aria-label="{label}">{back}{answers}</section>',
    )


_ON_THE_WEB = ("explorer", "case", "checklist", "session-planner", "scoring", "deliberate-practice")


def _where(content: Content, place: Place) -> str:
    """Where the piece can be used: its address, or the title of its page. Paper does well enough for a self-check."""
    if content["kind"] not in _ON_THE_WEB:
        return ""
    said = words(f"paper.onTheWeb.{content['kind']}")
    if place.address:
        address = escape(f"{place.address}#piece-{content['id']}")
        return f'{said} <a href="{address}">{address}</a>'
    return f"{said} {words('paper.page', page=f'<em>{escape(place.page)}</em>')}"


def prose(text: str | None) -> str:
    """Paragraphs of plain text with ``*emphasis*``."""
    paragraphs = re.split(r"\n\s*\n", (text or "").strip())
    return "".join(f"<p>{inline(paragraph)}</p>" for paragraph in paragraphs if paragraph.strip())


def inline(text: str | None) -> str:
    """One run of plain text with ``*emphasis*``; its quotation marks become those of print."""
    printed = smartyPants(" ".join((text or "").split()), "q")
    return re.sub(r"\*([^*]+)\*", r"<em>\1</em>", escape(printed))


def _labelled(label: str, text: str | None) -> str:
    return f"<p><strong>{label}</strong> {inline(text)}</p>" if text else ""


def _lead(text: str) -> str:
    """Words over what follows; no heading, so that a piece stays one thing in the outline."""
    return f'<p class="es-lead"><strong>{inline(text)}</strong></p>'


def _list(entries: Iterable[str], kind: str = "ul", **attributes: str) -> str:
    given = "".join(f' {name.rstrip("_")}="{value}"' for name, value in attributes.items())
    items = "".join(f"<li>{entry}</li>" for entry in entries)
    return f"<{kind}{given}>{items}</{kind}>" if items else ""


def _lettered(parts: Iterable[Content]) -> str:
    return _list((inline(part["text"]) for part in parts), "ol", type="A")


# Explorers


def _explorer(content: Content, place: Place) -> tuple[str, str]:
    result = explorers.result_of(content)
    sentence = explorers.reading(content, result)
    picture = figures.image(
        explorers.figure(content, result), place.pictures, f"{content['title']}. {sentence}"
    )
    settings = "".join(_setting(parameter) for parameter in content["parameters"])
    stories = "".join(
        f"<dt>{inline(preset['label'])}</dt><dd>{inline(preset['story'])}</dd>"
        for preset in content["presets"]
    )
    question = content.get("prediction")
    asked = (
        f"{_labelled(words('paper.explorer.predict'), question['question'])}{_lettered(question['options'])}"
        if question
        else ""
    )
    body = (
        f'<p class="es-label">{inline(content["label"])}</p>{prose(content["intro"])}{asked}{picture}'
        f"<p><strong>{words('paper.explorer.atSettings')}</strong> {inline(sentence)}</p>{prose(content['caption'])}"
        f"<table><caption>{words('paper.explorer.settings')}</caption><thead><tr>"
        f'<th scope="col">{words("paper.explorer.setting")}</th><th scope="col">{words("paper.explorer.inFigure")}</th>'
        f'<th scope="col">{words("paper.explorer.range")}</th></tr></thead><tbody>{settings}</tbody></table>'
        + (f"{_lead(words('paper.explorer.stories'))}<dl>{stories}</dl>" if stories else "")
        + f"{_lead(words('paper.explorer.limits'))}{prose(content['limits'])}"
        + evidence.rests_on(content["claims"], place.in_ledger)
    )
    if not question:
        return body, ""
    return body, _reasons(
        [
            (letter, option["feedback"], option.get("right", False))
            for letter, option in _letters(question["options"])
        ]
    )


def _setting(parameter: Content) -> str:
    if "options" in parameter:
        labels = {option["value"]: option["label"] for option in parameter["options"]}
        value, span = str(labels[parameter["value"]]), "; ".join(map(str, labels.values()))
    else:
        value, span = str(parameter["value"]), words("paper.explorer.fromTo", **_ends(parameter))
    unit = f" {parameter['unit']}" if parameter.get("unit") else ""
    label = f'<th scope="row">{inline(parameter["label"])}</th>'
    return f"<tr>{label}<td>{inline(value + unit)}</td><td>{inline(span)}</td></tr>"


def _ends(span: Content) -> dict[str, Any]:
    return {"min": span["min"], "max": span["max"]}


# Cases


def _case(content: Content, place: Place) -> tuple[str, str]:
    first = content["scenes"][content["first_scene"]]
    passages = "".join(prose(passage["text"]) for passage in first["passages"] if passage["when"] is None)
    options = [option for option in first["options"] if option["when"] is None]
    people = "".join(
        f"<dt>{inline(person['name'])}</dt><dd>{inline(person['description'])}</dd>"
        for person in content["people"]
    )
    return (
        f"{_labelled(words('paper.case.contentNote'), content['content_note'])}"
        f"{_labelled(words('paper.case.aim'), content['learning_aim'])}"
        f"<dl>{people}</dl>{_lead(words('paper.case.firstScene', title=first['title']))}{passages}"
        f"{_lead(words('paper.case.whatDoYouDo'))}{_lettered(options)}"
        f"{_labelled(words('paper.case.review'), content['review_note'])}"
        f"{_labelled(words('paper.case.instead'), content['alternative_task'])}",
        "",
    )


# Self-checks


def _letters(parts: Iterable[Content]) -> list[tuple[str, Content]]:
    return list(zip(ascii_uppercase, parts, strict=False))


def _self_check(content: Content, place: Place) -> tuple[str, str]:
    return prose(content["prompt"]) + _question(content), _answer(content) + _short_evidence(content, place)


def _question(content: Content) -> str:
    kind = content["type"]
    if kind in PAIRED:
        entries = _list((f"{inline(entry['text'])} <span>____</span>" for entry in content["entries"]), "ol")
        return f"{entries}<p>{words('paper.question.pairs')}</p>{_lettered(content['options'])}"
    if kind == "mark-passages":
        return _list((_passage(part) for part in content["passages"]), "ol")
    if kind == "scale":
        scale = content["scale"]
        ends = words("paper.question.ends", **_ends(scale), low=scale["low"], high=scale["high"])
        return f"<p>{words('paper.question.scale', ends=inline(ends))}</p>"
    if kind == "numeric":
        return f"<p>____ {inline(content['unit'])}</p>"
    if kind == "order":
        return f"{_lettered(content['options'])}<p>{words('paper.question.order')}</p>"
    if kind in ("choose-one", "choose-many"):
        return _lettered(content["options"])
    return f"<p>{words('paper.question.write')}</p>"


def _passage(part: Content) -> str:
    speaker = f"<strong>{inline(part['speaker'])}.</strong> " if part.get("speaker") else ""
    return f"{speaker}{inline(part['text'])}"


def _answer(content: Content) -> str:
    kind, key, reasons = content["type"], content["key"], content["rationales"]
    if kind in PAIRED:
        letter = {part["id"]: letter for letter, part in _letters(content["options"])}
        return _list(
            (
                f"<strong>{letter[key[entry['id']]]}.</strong> {inline(reasons[entry['id']])}"
                for entry in content["entries"]
            ),
            "ol",
        )
    if kind in ("choose-one", "choose-many", "mark-passages"):
        parts = content["passages" if kind == "mark-passages" else "options"]
        right = {key} if isinstance(key, str) else set(key or ())
        if content["feedback"] == "neutral":
            right = set()
        return _reasons(
            [(letter, reasons[part["id"]], part["id"] in right) for letter, part in _letters(parts)]
        )
    if kind == "order":
        return _reasons(
            [(letter, reasons[part["id"]], False) for letter, part in _letters(content["options"])]
        )
    if kind == "free-text":
        rubric = _list(
            inline(str(entry.get("text", entry.get("criterion", "")))) for entry in content["rubric"]
        )
        return f"{rubric}{_lead(words('paper.question.oneAnswer'))}{prose(content['model_answer'])}"
    return prose(reasons.get(""))


def _reasons(reasons: Iterable[tuple[str, str, bool]]) -> str:
    """A letter and the reason for it; what is right is said in words."""
    mark = f" {words('paper.question.right')}"
    return _list(
        (
            f"<strong>{letter}{mark if right else ''}.</strong> {inline(reason)}"
            for letter, reason, right in reasons
        ),
        class_="es-reasons",
    )


def _short_evidence(content: Content, place: Place) -> str:
    """Grade and works of each claim; the ledger says the rest."""
    entries = []
    for claim in content["claims"]:
        grade, address = grade_name(claim["grade"]), place.in_ledger(claim["id"])
        linked = f'<a href="{escape(address)}">{grade}</a>' if address else grade
        entries.append(f"{linked} ({'; '.join(evidence.work(work) for work in claim['works'])})")
    label = f"<strong>{words('paper.restsOn')}</strong>"
    return f'<p class="es-small">{label} {"; ".join(entries)}.</p>' if entries else ""


# Practice, scoring, planning, the checklist


def _deliberate_practice(content: Content, place: Place) -> tuple[str, str]:
    lines = (
        (f"<em>{inline(line['setting'])}</em> " if line.get("setting") else "") + inline(line["says"])
        for line in content["lines"]
    )
    replies = _list((inline(line["reply"]) for line in content["lines"]), "ol")
    return (
        f"{_labelled(words('paper.practice.skill'), content['skill'])}{prose(content.get('note'))}"
        f"{_lead(words('paper.practice.criteria'))}"
        f"{_list((f'☐ {inline(criterion)}' for criterion in content['criteria']), class_='es-boxes')}"
        f"{_lead(words('paper.practice.lines'))}{_list(lines, 'ol')}",
        f"<p>{words('paper.practice.replies')}</p>{replies}",
    )


def _scoring(content: Content, place: Place) -> tuple[str, str]:
    return (
        prose(content["intro"])
        + "".join(_instrument(entry) for entry in content["instruments"])
        + prose(content["limits"])
        + evidence.rests_on(content["claims"], place.in_ledger),
        "",
    )


def _instrument(entry: Content) -> str:
    none = words("paper.scoring.none")
    rows = "".join(
        f'<tr><th scope="row">{inline(scale["name"])}</th><td>{", ".join(map(str, scale["items"]))}</td>'
        f"<td>{', '.join(map(str, scale['reversed'])) or none}</td></tr>"
        for scale in entry["scales"]
    )
    span = words("paper.scoring.span", lowest=entry["lowest"], highest=entry["highest"])
    title, name = inline(entry["title"]), inline(entry["name"])
    caption = words("paper.scoring.caption", name=name, title=title, items=entry["items"], span=span)
    works = "; ".join(evidence.work(work) for work in entry["works"])
    key, permission = inline(entry["key_checked"]), inline(entry["permission"])
    return (
        f'<table><caption>{caption}</caption><thead><tr><th scope="col">{words("paper.scoring.scale")}</th>'
        f'<th scope="col">{words("paper.scoring.mean")}</th><th scope="col">{words("paper.scoring.reversed")}</th></tr>'
        f"</thead><tbody>{rows}</tbody></table>"
        + "".join(prose(note) for note in entry["notes"])
        + f'<p class="es-small">{words("paper.scoring.key", key=key, permission=permission, works=works)}</p>'
    )


def _session_planner(content: Content, place: Place) -> tuple[str, str]:
    gates = (
        words("paper.planner.gate", question=inline(gate["question"]), otherwise=inline(gate["if_no"]))
        for gate in content["gates"]
    )
    rows = "".join(
        f'<tr><th scope="row">{inline(entry["name"])}</th><td>{inline(entry["how"])}</td><td>{inline(entry["stop"])}</td></tr>'
        for entry in content["interventions"]
    )
    return (
        f'<p class="es-label">{inline(content["label"])}</p>{prose(content["intro"])}{prose(content["for_whom"])}'
        f"{_lead(words('paper.planner.gates'))}{_list(gates, 'ol')}"
        f"<table><caption>{words('paper.planner.caption')}</caption><thead><tr>"
        f'<th scope="col">{words("paper.planner.intervention")}</th><th scope="col">{words("paper.planner.how")}</th>'
        f'<th scope="col">{words("paper.planner.stop")}</th></tr></thead><tbody>{rows}</tbody></table>'
        f"{prose(content['limits'])}{evidence.rests_on(content['claims'], place.in_ledger)}",
        "",
    )


def _checklist(content: Content, place: Place) -> tuple[str, str]:
    groups = "".join(
        _lead(group["title"])
        + _list(
            (
                f"☐ <strong>{inline(entry['name'])}</strong> [{grade_name(entry['evidence_grade'])}] "
                f"{inline(entry['observable_marker'])}"
                for entry in content["strategies"]
                if entry["group"] == group["id"]
            ),
            class_="es-boxes",
        )
        for group in content["groups"]
    )
    return prose(content["intro"]) + groups, ""


def _on_a_screen(content: Content, place: Place) -> tuple[str, str]:
    return f"<p>{words('paper.screenOnly')}</p>", ""


_FORMS: Mapping[str, Callable[[Content, Place], tuple[str, str]]] = {
    "explorer": _explorer,
    "case": _case,
    "self-check": _self_check,
    "deliberate-practice": _deliberate_practice,
    "scoring": _scoring,
    "session-planner": _session_planner,
    "checklist": _checklist,
}
