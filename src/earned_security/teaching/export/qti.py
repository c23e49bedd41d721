"""An item of the bank as IMS QTI 2.1, its key as response processing.

What an answer earns is what ``assessment/marking.py`` gives, by the operators of QTI's core alone, so that no vendor's
extension is needed:

- several picks, pairs and passages: a *mapping*, whose lower bound is 0;
- an order: each step's place is found out, then each pair of the key is compared, whichever order is given otherwise;
- a number: the ends of its tolerance, the hair's breadth for rounding included.

Two things differ. QTI rounds nothing, so a third of a point is a third and not 0.33. And a text is not marked: its rubric is
there for the person who scores it, with the model answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from earned_security.assessment.items import Item, Key
from earned_security.assessment.marking import is_dropped
from earned_security.teaching.export.wording import paragraphs, plain, put

NAMESPACE = "http://www.imsglobal.org/xsd/imsqti_v2p1"
SCHEMA = f"{NAMESPACE} http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"

KIND = {"choose-one": ("single", "identifier"), "choose-many": ("multiple", "identifier")} | {
    "mark-passages": ("multiple", "identifier"),
    "match": ("multiple", "directedPair"),
    "classify": ("multiple", "directedPair"),
    "order": ("ordered", "identifier"),
    "scale": ("single", "float"),
    "numeric": ("single", "float"),
    "free-text": ("single", "string"),
}
"""Cardinality and base type of the response, by the type of the item."""


def why_not(item: Item, key: Key) -> str | None:
    """Why an item cannot be said in QTI; None where it can."""
    if is_dropped(key.value):
        return "it was dropped in course.yaml"
    if item.type == "play-case":
        return "a played case needs this course's own program"
    return None if item.type in KIND else f"there is no form for items of the type {item.type}"


def identifier(name: str) -> str:
    """An id of the bank as QTI takes it: it may not begin with a digit."""
    return f"i-{name}"


def assessment_item(item: Item, key: Key) -> bytes:
    """One item with its key, as a file.

    Raises:
        KeyError: QTI has no form for its type; :func:`why_not` says so beforehand.
    """
    ElementTree.register_namespace("xsi", _INSTANCE)
    root = Element(
        "assessmentItem",
        {
            "xmlns": NAMESPACE,
            f"{{{_INSTANCE}}}schemaLocation": SCHEMA,
            "identifier": identifier(item.id),
            "title": plain(item.title),
            "adaptive": "false",
            "timeDependent": "false",
        },
    )
    _response(root, item, key)
    outcome = SubElement(
        root,
        "outcomeDeclaration",
        identifier="SCORE",
        cardinality="single",
        baseType="float",
        normalMaximum=number(item.points),
    )
    _default(outcome, 0)
    maximum = SubElement(
        root, "outcomeDeclaration", identifier="MAXSCORE", cardinality="single", baseType="float"
    )
    _default(maximum, item.points)
    if item.type == "order":
        for step in item.texts("options"):
            place = SubElement(
                root,
                "outcomeDeclaration",
                identifier=_place(step),
                cardinality="single",
                baseType="integer",
            )
            _default(place, 0)
    _body(root, item, key)
    if item.type != "free-text":
        _processing(root, item, key)
    return written(root)


def written(root: Element) -> bytes:
    """An element as the text of a file."""
    ElementTree.indent(root)
    made: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def number(value: float) -> str:
    """A number as short as it is exact."""
    return f"{value:g}" if float(f"{value:g}") == value else repr(float(value))


def _default(declaration: Element, value: float) -> None:
    SubElement(SubElement(declaration, "defaultValue"), "value").text = number(value)


def _response(root: Element, item: Item, key: Key) -> None:
    cardinality, base = KIND[item.type]
    declaration = SubElement(
        root, "responseDeclaration", identifier="RESPONSE", cardinality=cardinality, baseType=base
    )
    if right := _right(item, key):
        correct = SubElement(declaration, "correctResponse")
        for value in right:
            SubElement(correct, "value").text = value
    worth = _worth(item, key)
    if worth:
        mapping = SubElement(
            declaration, "mapping", lowerBound="0", upperBound=number(item.points), defaultValue="0"
        )
        for value, points in worth.items():
            SubElement(mapping, "mapEntry", mapKey=value, mappedValue=number(points))


def _right(item: Item, key: Key) -> list[str]:
    """One answer that earns everything; none for a text."""
    if item.type == "choose-one":
        return [identifier(key.value)]
    if item.type in ("choose-many", "mark-passages"):
        return [identifier(part) for part in key.value]
    if item.type in ("match", "classify"):
        return [f"{identifier(entry)} {identifier(option)}" for entry, option in key.value.items()]
    if item.type == "order":
        return [identifier(step) for step in an_order(item.texts("options"), key.value["before"])]
    return [] if item.type == "free-text" else [number(key.value["value"])]


def an_order(steps: Iterable[str], before: Iterable[Iterable[str]]) -> list[str]:
    """One order that keeps every pair; the first in the order of the bank."""
    left, pairs, found = list(steps), [tuple(pair) for pair in before], []
    while left:
        found.append(next(s for s in left if not any(then == s and first in left for first, then in pairs)))
        left.remove(found[-1])
    return found


def _worth(item: Item, key: Key) -> dict[str, float]:
    """What each pick or pair is worth, where an answer's worth is their sum."""
    if item.type in ("choose-many", "mark-passages"):
        parts = item.texts("options" if item.type == "choose-many" else "passages")
        one = item.points / len(key.value)
        return {identifier(part): one if part in key.value else -one for part in parts}
    if item.type in ("match", "classify"):
        one = item.points / len(key.value)
        return {f"{identifier(entry)} {identifier(option)}": one for entry, option in key.value.items()}
    return {}


def _body(root: Element, item: Item, key: Key) -> None:
    body = SubElement(root, "itemBody")
    for line in paragraphs(item.prompt):
        put(SubElement(body, "p"), line)
    content = item.content
    if item.type in ("choose-one", "choose-many"):
        most = "1" if item.type == "choose-one" else "0"
        interaction = SubElement(
            body, "choiceInteraction", responseIdentifier="RESPONSE", shuffle="false", maxChoices=most
        )
        _choices(interaction, "simpleChoice", item.texts("options"))
    elif item.type in ("match", "classify"):
        most = str(len(content["entries"]))
        interaction = SubElement(
            body,
            "matchInteraction",
            responseIdentifier="RESPONSE",
            shuffle="false",
            maxAssociations=most,
        )
        for name, limit in (("entries", "1"), ("options", most)):
            _choices(
                SubElement(interaction, "simpleMatchSet"),
                "simpleAssociableChoice",
                item.texts(name),
                matchMax=limit,
            )
    elif item.type == "order":
        interaction = SubElement(body, "orderInteraction", responseIdentifier="RESPONSE", shuffle="false")
        _choices(interaction, "simpleChoice", item.texts("options"))
    elif item.type == "mark-passages":
        marking = SubElement(body, "hottextInteraction", responseIdentifier="RESPONSE", maxChoices="0")
        for passage in content["passages"]:
            place = SubElement(marking, "div")
            if speaker := passage.get("speaker"):
                place.text = f"{speaker}: "
            hottext = SubElement(place, "hottext", identifier=identifier(passage["id"]))
            hottext.text = plain(passage["text"])
    elif item.type == "scale":
        _scale(body, item)
    elif item.type == "numeric":
        place = SubElement(body, "p")
        field = SubElement(place, "textEntryInteraction", responseIdentifier="RESPONSE", expectedLength="12")
        field.tail = f" {content['unit']}" if content.get("unit") else None
    else:
        SubElement(body, "extendedTextInteraction", responseIdentifier="RESPONSE", expectedLines="15")
        _for_scorers(body, key)


def _choices(parent: Element, tag: str, texts: Mapping[str, str], **more: str) -> None:
    for name, text in texts.items():
        put(SubElement(parent, tag, {"identifier": identifier(name), **more}), text)


def _scale(body: Element, item: Item) -> None:
    ends = item.content["scale"]
    line = SubElement(body, "p")
    line.text = f"{number(ends['min'])}: {ends['low']} – {number(ends['max'])}: {ends['high']}"
    if all(float(ends[name]).is_integer() for name in ("min", "max", "step")):
        SubElement(
            body,
            "sliderInteraction",
            responseIdentifier="RESPONSE",
            lowerBound=number(ends["min"]),
            upperBound=number(ends["max"]),
            step=str(int(ends["step"])),
        )
    else:  # a slider's step is a whole number
        field = SubElement(body, "p")
        SubElement(field, "textEntryInteraction", responseIdentifier="RESPONSE", expectedLength="8")


def _for_scorers(body: Element, key: Key) -> None:
    block = SubElement(body, "rubricBlock", view="scorer")
    for criterion in key.rubric:
        put(SubElement(block, "p"), criterion["criterion"])
        levels = SubElement(block, "ul")
        for level in criterion["levels"]:
            put(SubElement(levels, "li"), f"{number(level['points'])}: {level['text']}")
    if key.model_answer:
        for line in ("A model answer, one good way among others:", *paragraphs(key.model_answer)):
            put(SubElement(block, "p"), line)


def _processing(root: Element, item: Item, key: Key) -> None:
    processing = SubElement(root, "responseProcessing")
    if item.type in ("choose-many", "mark-passages", "match", "classify"):
        _if(processing, _answered()).append(_set("SCORE", _leaf("mapResponse", identifier="RESPONSE")))
    elif item.type == "choose-one":
        same = _node("match", _variable("RESPONSE"), _leaf("correct", identifier="RESPONSE"))
        _if(processing, same).append(_set("SCORE", _value(item.points)))
    elif item.type == "order":
        _order(processing, item, key)
    else:
        _number(processing, item, key)


def _number(processing: Element, item: Item, key: Key) -> None:
    """All points within the tolerance; on a scale half within twice the tolerance, and nothing off its ends."""
    value, tolerance = float(key.value["value"]), float(key.value["tolerance"])
    slack = 1e-9 * max(1.0, abs(value))
    low, high = float("-inf"), float("inf")
    if item.type == "scale":
        low, high = float(item.content["scale"]["min"]), float(item.content["scale"]["max"])

    def within(times: int) -> Element:
        reach = times * tolerance + slack
        return _node(
            "and",
            _node("gte", _variable("RESPONSE"), _value(max(low, value - reach))),
            _node("lte", _variable("RESPONSE"), _value(min(high, value + reach))),
        )

    condition = SubElement(processing, "responseCondition")
    first = SubElement(condition, "responseIf")
    first.append(within(1))
    first.append(_set("SCORE", _value(item.points)))
    if item.type == "scale":
        second = SubElement(condition, "responseElseIf")
        second.append(within(2))
        second.append(_set("SCORE", _value(item.points / 2)))


def _order(processing: Element, item: Item, key: Key) -> None:
    """Pairs in order by all pairs; nothing where a pair with a safety step is reversed or a step is missing."""
    steps = list(item.texts("options"))
    for step in steps:
        condition = SubElement(processing, "responseCondition")
        for place in range(1, len(steps) + 1):
            at = _node("index", _variable("RESPONSE"))
            at.set("n", str(place))
            branch = SubElement(condition, "responseIf" if place == 1 else "responseElseIf")
            branch.append(_node("match", at, _value(identifier(step), "identifier")))
            branch.append(_set(_place(step), _value(place, "integer")))
    pairs = [tuple(pair) for pair in key.value["before"]]
    for first, then in pairs:
        kept = _node("lt", _variable(_place(first)), _variable(_place(then)))
        more = _node("sum", _variable("SCORE"), _value(item.points / len(pairs)))
        _if(processing, kept).append(_set("SCORE", more))
    safety = set(key.value.get("safety", ()))
    reversed_ones = [
        _node("gt", _variable(_place(first)), _variable(_place(then)))
        for first, then in pairs
        if safety & {first, then}
    ]
    missing = [
        _node("match", _variable(_place(step)), _value(0, "integer")) for step in steps
    ]  # no order of all steps is no answer
    _if(processing, _node("or", *missing, *reversed_ones)).append(_set("SCORE", _value(0)))


def _place(step: str) -> str:
    return f"PLACE-{step}"


def _if(processing: Element, condition: Element) -> Element:
    """What follows from a condition."""
    branch = SubElement(SubElement(processing, "responseCondition"), "responseIf")
    branch.append(condition)
    return branch


def _set(outcome: str, value: Element) -> Element:
    made = Element("setOutcomeValue", identifier=outcome)
    made.append(value)
    return made


def _node(tag: str, *children: Element) -> Element:
    made = Element(tag)
    made.extend(children)
    return made


def _leaf(tag: str, **attributes: str) -> Element:
    return Element(tag, attributes)


def _variable(name: str) -> Element:
    return _leaf("variable", identifier=name)


def _value(value: float | str, base: str = "float") -> Element:
    made = _leaf("baseValue", baseType=base)
    made.text = value if isinstance(value, str) else number(value)
    return made


def _answered() -> Element:
    return _node("not", _node("isNull", _variable("RESPONSE")))
