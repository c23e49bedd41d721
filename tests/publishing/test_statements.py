from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earned_security.publishing.statements import unsupported


@pytest.mark.parametrize(
    "text",
    [
        "Half of them, 50%, got better.",
        "The effect was small (r = .17).",
        "Research shows that it helps.",
        "Several trials have found a difference.",
        "This has been proven.",
        "In the first year 12 people in 40 left.",
        "- a list, and in it 12 trials",
        "| a row | of 12 trials |\n| --- | --- |\n| with 12 more | of them |",
        "A sentence with its claim {claim}`a-claim`. Two more follow. The last one says 30%.",
        "```{note}\nIn a note: 30% of them.\n```",
    ],
)
def test_a_number_or_a_finding_with_nothing_to_rest_on_is_found(text: str) -> None:
    ((line, sentence),) = unsupported(text)
    written = [words for words in text.split("\n") if not words.startswith("```")][-1]
    assert text.split("\n")[line - 1] == written
    assert sentence in written


@pytest.mark.parametrize(
    "text",
    [
        "Half of them, 50%, got better {claim}`a-claim`.",
        "Half of them got better: 50%. That was one trial {cite:p}`somebody2001`.",
        "| 50% | got better {claim}`a-claim` |",
        "Tomasz, 41, plans a warehouse. Noor is 26. *(27, law student)*",
        'Somebody says: "I am 80% sure that research shows it."',
        "> **Therapist.** It is 30% at most.",
        "It comes back in modules 4, 7 and 10, in week 8, on 22 November 2026, as M1.7 and D5.1a.",
        "## In 12 trials",
        "% no claim: an invented example\n\nForty per cent, or 40%.",
        "1. One.\n2. Two.",
        "No evidence found is a grade.",
        "Rate it, from 0 (not at all) to 10 (fully).",
    ],
)
def test_what_rests_on_a_claim_or_is_no_finding_is_let_pass(text: str) -> None:
    assert list(unsupported(text)) == []


def test_an_exemption_is_for_one_paragraph() -> None:
    text = "% no claim: invented\n\nSome 40%.\n\nSome 50%.\n\n% a remark\n\nSome 60%."
    assert [line for line, _ in unsupported(text)] == [5, 9]


@given(st.text(alphabet='ab 1%|-.\n`{}>#"(*', max_size=200))
def test_any_text_is_read_and_lines_are_its_own(text: str) -> None:
    for line, sentence in unsupported(text):
        assert 1 <= line <= text.count("\n") + 1
        assert sentence.split()[0] in text.split("\n")[line - 1]
