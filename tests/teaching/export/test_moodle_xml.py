"""The bank as Moodle XML, read back and marked by Moodle's published rules. No Moodle was there."""

from __future__ import annotations

from collections import Counter
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import honest, right

from earned_security.assessment.items import Item, Key
from earned_security.assessment.marking import mark
from earned_security.teaching.bank import OPEN_BANK, Bank, read_banks
from earned_security.teaching.export import moodle_xml
from earned_security.teaching.export.wording import html, plain

SAME = ("choose-one", "choose-many", "mark-passages", "match", "classify", "numeric", "scale")


def questions(bank: Bank) -> dict[str, Element]:
    root = ElementTree.fromstring(moodle_xml.quiz([bank]))
    return {each.findtext("idnumber", ""): each for each in root if each.get("type") != "category"}


def marked_by_moodle(question: Element, item: Item, response: Any) -> float:
    """What Moodle's rules give, as its documentation and importer state them, for what is in the file."""
    maximum, type_ = float(question.findtext("defaultgrade", "")), question.get("type")
    if type_ == "multichoice":
        shown = [answer.findtext("text") for answer in question.iter("answer")]
        worth = [float(answer.get("fraction", "")) / 100 for answer in question.iter("answer")]
        assert len(set(shown)) == len(shown)
        parts = [part["id"] for part in item.content["passages" if "passages" in item.content else "options"]]
        chosen = [response] if question.findtext("single") == "true" else response
        return maximum * min(1.0, max(0.0, sum(worth[parts.index(part)] for part in chosen)))
    if type_ == "matching":
        asked = [each for each in question.iter("subquestion") if each.findtext("text")]
        entries, options = item.texts("entries"), item.texts("options")
        given_ = {html(entries[entry]): plain(options[option]) for entry, option in response.items()}
        hits = sum(
            given_.get(each.findtext("text", "")) == each.findtext("answer/text", "") for each in asked
        )
        return maximum * hits / len(asked)
    if type_ == "numerical":
        for answer in question.iter("answer"):  # the first that fits counts
            middle, reach = float(answer.findtext("text", "")), float(answer.findtext("tolerance", ""))
            if abs(response - middle) <= reach + 1e-14 * max(1.0, abs(middle)):
                return maximum * float(answer.get("fraction", "")) / 100
        return 0.0
    assert type_ == "ordering"
    steps = [answer.findtext("text") for answer in question.iter("answer")]
    options = item.texts("options")
    return maximum if [plain(options[step]) for step in response] == steps else 0.0


@pytest.mark.parametrize("type_", SAME)
def test_moodles_rules_give_the_marks_of_the_course(all_types: Bank, type_: str) -> None:
    read = questions(all_types)
    items = [pair for pair in all_types.items if pair[0].type == type_]
    for item, key in items:
        assert marked_by_moodle(read[item.id], item, right(item, key)) == pytest.approx(item.points, abs=1e-4)

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(items).flatmap(lambda pair: st.tuples(st.just(pair), honest(pair[0]))))
    def hold(drawn: Any) -> None:
        (item, key), response = drawn
        ours = mark(item, key, response).points
        assert abs(marked_by_moodle(read[item.id], item, response) - ours) < 0.0051, (item.id, response)

    hold()


def test_an_order_never_earns_more_in_moodle(all_types: Bank) -> None:
    read = questions(all_types)
    one_order = [
        (item, key)
        for item, key in all_types.items
        if item.type == "order" and not moodle_xml.by_hand(item, key)
    ]
    assert one_order
    for item, key in one_order:
        assert read[item.id].findtext("gradingtype") == "ALL_OR_NOTHING"
        assert marked_by_moodle(read[item.id], item, right(item, key)) == item.points

    @settings(max_examples=40, deadline=None)
    @given(st.sampled_from(one_order).flatmap(lambda pair: st.tuples(st.just(pair), honest(pair[0]))))
    def hold(drawn: Any) -> None:
        (item, key), response = drawn
        assert marked_by_moodle(read[item.id], item, response) <= mark(item, key, response).points

    hold()


def test_an_order_with_several_right_answers_is_left_to_a_person_with_the_key(all_types: Bank) -> None:
    question = questions(all_types)["all-order-two-ways"]
    assert question.get("type") == "essay"
    scheme = question.findtext("graderinfo/text", "")
    assert "“Tea” before “Pack the bag” (safety: reversed, the whole question earns nothing)" in scheme
    assert "Pack the bag" in question.findtext("questiontext/text", "")
    (said,) = [line for line in moodle_xml.differences([all_types]) if "several orders" in line]
    assert "all-order-two-ways" in said and "all-order-claim" not in said


def test_an_independent_reader_finds_the_same_questions_options_and_shares(all_types: Bank) -> None:
    parser = pytest.importorskip(
        "moodle_xml_parser.parser", reason="The reader moodle-xml-parser is not installed."
    )
    banks = [*read_banks(OPEN_BANK), all_types]
    found = parser.parse_bytes(moodle_xml.quiz(banks))["multichoice"]
    by_name = {question.name.partition(":")[0]: question for question in found}
    several = [
        (item, key)
        for bank in banks
        for item, key in bank.items
        if item.type in ("choose-one", "choose-many", "mark-passages")
    ]
    assert len(found) == len(several) > 200
    for item, key in several:
        read = by_name[item.id]
        parts = item.content["passages" if item.type == "mark-passages" else "options"]
        keyed = [key.value] if item.type == "choose-one" else key.value
        assert read.default_grade == item.points
        assert read.single == (item.type == "choose-one")
        assert [
            plain(part["text"]) in plain(option.answer)
            for part, option in zip(parts, read.options, strict=True)
        ]
        positive = {
            part["id"] for part, option in zip(parts, read.options, strict=True) if option.score_fraction > 0
        }
        assert positive == set(keyed)
        assert sum(o.score_fraction for o in read.options if o.score_fraction > 0) == pytest.approx(
            100, abs=1e-3
        )


def test_the_file_says_that_no_moodle_tried_it_and_that_keys_are_in_it(all_types: Bank) -> None:
    text = moodle_xml.quiz([all_types]).decode()
    assert "never by a Moodle" in text and "It holds the keys" in text
    types = Counter(each.get("type") for each in ElementTree.fromstring(text) if isinstance(each.tag, str))
    assert set(types) == {"category", "multichoice", "matching", "numerical", "ordering", "essay"}


def test_a_played_case_and_a_share_that_moodle_does_not_know_are_named(all_types: Bank) -> None:
    for item, key in all_types.items:
        assert bool(moodle_xml.why_not(item, key)) == (item.type == "play-case")
    item, key = next(pair for pair in all_types.items if pair[0].type == "choose-many")
    eleven = Key(key.item, [f"option-{number}" for number in range(11)])
    assert moodle_xml.why_not(item, eleven) == "Moodle knows no share of 11 right answers"


def test_markup_in_a_text_is_shown_and_not_obeyed(all_types: Bank) -> None:
    item, key = all_types.items[0]
    hostile = Item(**{**item.__dict__, "prompt": "<script>alert(1)</script> and *this*"})
    bank = Bank("a", None, "A/B", "", ((hostile, key),))
    text = questions(bank)[item.id].findtext("questiontext/text")
    assert text == "<p>&lt;script&gt;alert(1)&lt;/script&gt; and <em>this</em></p>"
