"""Banks as Moodle XML, for *Question bank → Import*.

Moodle marks by rules of its own. Where they can be made to give what ``assessment/marking.py`` gives, they are:

- choose one, choose many, passages: *multichoice* with a share for each option. Moodle adds shares and stops at 0.
- match, classify: *matching*; each entry is worth the same.
- a number, a scale: *numerical*; on a scale, half within twice the tolerance.
- a text: *essay*, with rubric and model answer for whoever marks.

Where they cannot, the file gives less and never more. An order with one right answer is *ordering*, all or nothing: Moodle's
rules for a part of the points would pay for a safety step that is out of place. An order with several right answers has no form
in Moodle and becomes an essay, with the key for whoever marks. See :func:`differences`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from xml.etree.ElementTree import Comment, Element, SubElement

from earned_security.assessment.items import Item, Key
from earned_security.assessment.marking import is_dropped
from earned_security.teaching.bank import Bank
from earned_security.teaching.export.qti import KIND, an_order, number, written
from earned_security.teaching.export.wording import html, html_line, html_list, plain

UNTRIED = (
    "Written by Earned Security after Moodle's published import format. It was read by other programs and never by a "
    "Moodle. Import it into a course of its own, look at each question, and only then use it. It holds the keys."
)
SHARES = (*range(1, 11), 20)  # of how many right answers Moodle knows each one's share
LONGEST_ANSWER = 255  # characters in one answer of a matching question


def why_not(item: Item, key: Key) -> str | None:
    """Why an item cannot be said in Moodle XML; None where it can."""
    if is_dropped(key.value):
        return "it was dropped in course.yaml"
    if item.type == "play-case":
        return "a played case needs this course's own program"
    if item.type in ("choose-many", "mark-passages") and len(key.value) not in SHARES:
        return f"Moodle knows no share of {len(key.value)} right answers"
    if item.type in ("match", "classify"):
        answers = [plain(text) for text in item.texts("options").values()]
        if len(set(answers)) < len(answers) or max(map(len, answers)) > LONGEST_ANSWER:
            return "its options are too long or too much alike for Moodle"
    return None if item.type in KIND else f"there is no form for items of the type {item.type}"


def by_hand(item: Item, key: Key) -> bool:
    """Whether a person has to mark in Moodle what the course marks by rule."""
    return item.type == "order" and not _has_one_order(item, key)


def differences(banks: Iterable[Bank]) -> list[str]:
    """Where Moodle's marks differ from the course's, in sentences about these banks."""
    items = [pair for bank in banks for pair in bank.items if not why_not(*pair)]
    orders = [item.id for item, key in items if item.type == "order" and not by_hand(item, key)]
    partial = [item.id for item, key in items if by_hand(item, key)]
    scales = [item.id for item, _ in items if item.type == "scale"]
    said = []
    if partial:
        said.append(
            f"Marked by a person in Moodle, because several orders are right ({len(partial)}): {', '.join(partial)}."
        )
    if orders:
        said.append(f"All points or none in Moodle, where the course gives a part: {', '.join(orders)}.")
    if scales:
        said.append(f"A number off the scale is not refused in Moodle: {', '.join(scales)}.")
    if any(len(key.value) > 1 for item, key in items if item.type in ("choose-many", "mark-passages")):
        said.append(
            "Moodle keeps a share of the points to seven places and rounds when it shows; the course rounds to the "
            "hundredth."
        )
    return said


def quiz(banks: Iterable[Bank]) -> bytes:
    """All items that Moodle XML can say, each assignment a category; keys are in it."""
    root = Element("quiz")
    root.append(Comment(f" {UNTRIED} "))
    for bank in banks:
        items = [(item, key) for item, key in bank.items if not why_not(item, key)]
        if not items:
            continue
        category = SubElement(root, "question", type="category")
        _text(SubElement(category, "category"), f"$course$/top/Earned Security/{_category(bank.title)}")
        for item, key in items:
            _question(root, item, key)
    return written(root)


def _category(title: str) -> str:
    return plain(title).replace("/", "//")  # a single slash begins a category inside


def _question(root: Element, item: Item, key: Key) -> None:
    type_ = {
        "match": "matching",
        "classify": "matching",
        "scale": "numerical",
        "numeric": "numerical",
        "free-text": "essay",
        "order": "essay" if by_hand(item, key) else "ordering",
    }.get(item.type, "multichoice")
    question = SubElement(root, "question", type=type_)
    _text(SubElement(question, "name"), f"{item.id}: {plain(item.title)}")
    _text(SubElement(question, "questiontext", format="html"), _prompt(item, key))
    _text(SubElement(question, "generalfeedback", format="html"), _reasons(item, key))
    SubElement(question, "defaultgrade").text = number(item.points)
    SubElement(question, "penalty").text = "0"
    SubElement(question, "hidden").text = "0"
    SubElement(question, "idnumber").text = item.id
    {
        "multichoice": _multichoice,
        "matching": _matching,
        "numerical": _numerical,
        "ordering": _ordering,
        "essay": _essay,
    }[type_](question, item, key)


def _prompt(item: Item, key: Key) -> str:
    text = html(item.prompt)
    if item.type == "scale":
        ends = item.content["scale"]
        text += (
            f"<p>{html_line('A number from {} ({}) to {} ({}).'.format(number(ends['min']), ends['low'], number(ends['max']), ends['high']))}"
            "</p>"
        )
    if item.type == "numeric" and item.content.get("unit"):
        text += f"<p>{html_line('In {}, the number alone.'.format(item.content['unit']))}</p>"
    if by_hand(item, key):
        text += (
            f"<p>Write the steps in order, one in each line.</p>{html_list(item.texts('options').values())}"
        )
    return text


def _reasons(item: Item, key: Key) -> str:
    """Why, for what has no place beside each option."""
    if item.type in ("choose-one", "choose-many", "mark-passages", "free-text"):
        return ""
    if set(key.rationales) == {""}:
        return html(key.rationales[""])
    parts = item.texts("entries" if item.type in ("match", "classify") else "options")
    return html_list(f"{plain(text)}: {key.rationales.get(part, '')}" for part, text in parts.items())


def _text(parent: Element, text: str) -> None:
    SubElement(parent, "text").text = text


def _share(count: int) -> float:
    """The part of the points that is one of ``count``, in percent as Moodle writes it."""
    return round(100 / count, 5)


def _multichoice(question: Element, item: Item, key: Key) -> None:
    one = item.type == "choose-one"
    right: Sequence[str] = [key.value] if one else key.value
    SubElement(question, "single").text = "true" if one else "false"
    SubElement(question, "shuffleanswers").text = "false"
    SubElement(question, "answernumbering").text = "none"
    share = _share(len(right))
    for part in item.content["passages" if item.type == "mark-passages" else "options"]:
        worth = share if part["id"] in right else 0 if one else -share
        answer = SubElement(question, "answer", fraction=number(worth), format="html")
        speaker = f"{part['speaker']}: " if part.get("speaker") else ""
        _text(answer, html(speaker + part["text"]))
        _text(SubElement(answer, "feedback", format="html"), html(key.rationales.get(part["id"], "")))


def _matching(question: Element, item: Item, key: Key) -> None:
    SubElement(question, "shuffleanswers").text = "false"
    options = item.texts("options")
    for entry, text in item.texts("entries").items():
        _pair(question, html(text), options[key.value[entry]])
    for option in options:
        if option not in key.value.values():
            _pair(question, "", options[option])


def _pair(question: Element, text: str, answer: str) -> None:
    pair = SubElement(question, "subquestion", format="html")
    _text(pair, text)
    _text(SubElement(pair, "answer"), plain(answer))


def _numerical(question: Element, item: Item, key: Key) -> None:
    for times, share in ((1, 100), (2, 50)) if item.type == "scale" else ((1, 100),):
        answer = SubElement(question, "answer", fraction=number(share), format="moodle_auto_format")
        _text(answer, number(key.value["value"]))
        _text(SubElement(answer, "feedback", format="html"), "")
        SubElement(answer, "tolerance").text = number(times * key.value["tolerance"])
    SubElement(question, "unitgradingtype").text = "0"
    SubElement(question, "unitpenalty").text = "0"
    SubElement(question, "showunits").text = "3"  # none
    SubElement(question, "unitsleft").text = "0"


def _has_one_order(item: Item, key: Key) -> bool:
    """Whether the pairs of the key leave one order only: each step then stands right before the next by a pair."""
    found = an_order(item.texts("options"), key.value["before"])
    pairs = {tuple(pair) for pair in key.value["before"]}
    return all(pair in pairs for pair in pairwise(found))


def _ordering(question: Element, item: Item, key: Key) -> None:
    for name, value in (
        ("layouttype", "VERTICAL"),
        ("selecttype", "ALL"),
        ("selectcount", "0"),
        ("gradingtype", "ALL_OR_NOTHING"),
        ("showgrading", "SHOW"),
        ("numberingstyle", "none"),
    ):
        SubElement(question, name).text = value
    options = item.texts("options")
    for place, step in enumerate(an_order(options, key.value["before"]), start=1):
        answer = SubElement(question, "answer", fraction=str(place), format="html")
        _text(answer, html_line(options[step]))
        _text(SubElement(answer, "feedback", format="html"), "")


def _essay(question: Element, item: Item, key: Key) -> None:
    SubElement(question, "responseformat").text = "editor"
    SubElement(question, "responserequired").text = "1"
    SubElement(question, "responsefieldlines").text = "15"
    SubElement(question, "attachments").text = "0"
    SubElement(question, "attachmentsrequired").text = "0"
    scheme = _order_key(item, key) if item.type == "order" else _scheme(key)
    _text(SubElement(question, "graderinfo", format="html"), scheme)
    _text(SubElement(question, "responsetemplate", format="html"), "")


def _order_key(item: Item, key: Key) -> str:
    options, pairs = item.texts("options"), key.value["before"]
    safety = set(key.value.get("safety", ()))
    lines = (
        f"“{plain(options[first])}” before “{plain(options[then])}”"
        + (" (safety: reversed, the whole question earns nothing)" if safety & {first, then} else "")
        for first, then in pairs
    )
    rule = f"Each of these {len(pairs)} pairs in order earns {number(round(item.points / len(pairs), 4))} points."
    return f"<p>{rule}</p>{html_list(lines)}"


def _scheme(key: Key) -> str:
    scheme = "".join(
        html(criterion["criterion"])
        + html_list(f"{number(level['points'])}: {level['text']}" for level in criterion["levels"])
        for criterion in key.rubric
    )
    if key.model_answer:
        scheme += f"<p>A model answer, one good way among others:</p>{html(key.model_answer)}"
    return scheme
