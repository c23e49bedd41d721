"""Item analysis: planted bad items are found, good ones are left alone, and every number has a second calculation."""

from __future__ import annotations

import dataclasses
import math
import random
import statistics
from collections import Counter
from typing import Any

import pytest
from scipy import stats

from earned_security.assessment.items import split
from earned_security.teaching.bank import OPEN_BANK, drop, read_bank
from earned_security.teaching.report import thresholds
from earned_security.teaching.report.gathering import Sheet
from earned_security.teaching.report.item_analysis import Analysed, analyse, share_limit

from .planted import KINDS, planted_class

BANK = read_bank(OPEN_BANK / "knowledge-test-a.yaml")


def choose_one(name: str, key: str = "a") -> Any:
    options = [{"id": id_, "text": f"Option {id_}", "rationale": "Why."} for id_ in "abcd"]
    entry = {"id": name, "type": "choose-one", "title": name, "objective": "M1.1", "points": 1, "claims": []}
    return split({**entry, "prompt": "?", "options": options, "key": key})


def sheets_of(rows: list[str], key: str = "a") -> tuple[list[Any], list[Sheet]]:
    """Items and sheets from one string of answers for each learner; "-" is blank."""
    items = [choose_one(f"item-{number}", key) for number in range(len(rows[0]))]
    return items, [
        Sheet(
            {f"item-{number}": float(answer == key) for number, answer in enumerate(row)},
            {f"item-{number}": answer for number, answer in enumerate(row) if answer != "-"},
        )
        for row in rows
    ]


def a_class(count: int, seed: int = 1) -> tuple[list[Any], list[Sheet]]:
    source = random.Random(seed)
    rows = []
    for _ in range(count):
        ability = source.gauss(0, 1)
        chances = [1 / (1 + math.exp(0.3 * number - 1 - ability)) for number in range(12)]
        rows.append("".join("a" if source.random() < chance else source.choice("bcd-") for chance in chances))
    return sheets_of(rows)


def judged(seeds: range) -> tuple[float, float, float]:
    """The share of the bad items that is flagged, that of the good ones, and the lowest rank correlation with ability."""
    found: Counter[tuple[bool, bool]] = Counter()
    lowest = 1.0
    for seed in seeds:
        planted = planted_class(BANK, seed)
        sheets = planted.sheets
        for each in analyse(planted.bank.items, sheets.values()):
            found[each.item.id in planted.bad, bool(each.flags)] += 1
        totals = [sum(points or 0 for points in sheet.points.values()) for sheet in sheets.values()]
        true = [person.ability for person in planted.people]
        lowest = min(lowest, float(stats.spearmanr(totals, true).statistic))
    assert found[True, True] + found[True, False] == len(seeds) * len(KINDS)
    assert found.total() == len(seeds) * len(BANK.items)
    bad, good = (found[is_, True] / (found[is_, True] + found[is_, False]) for is_ in (True, False))
    return bad, good, lowest


@pytest.mark.slow
def test_planted_items_are_found_in_a_hundred_classes_of_sixty() -> None:
    bad, good, lowest = judged(range(100))
    assert bad >= 0.95
    assert good <= 0.05
    assert lowest >= 0.8


def test_planted_items_are_found_in_a_few_classes() -> None:
    bad, good, lowest = judged(range(8))
    assert bad >= 0.85 and good <= 0.1 and lowest >= 0.8


def test_the_numbers_by_a_second_calculation() -> None:
    items, sheets = a_class(40)
    for number, each in enumerate(analyse(items, sheets)):
        own = [sheet.points[f"item-{number}"] for sheet in sheets]
        rest = [sum(s.points.values()) - s.points[f"item-{number}"] for s in sheets]  # type: ignore[arg-type, operator]
        share = statistics.fmean(own)  # type: ignore[arg-type]
        assert each.difficulty == pytest.approx(share)
        # The point-biserial by its own formula, with the standard deviation of the population.
        right = statistics.fmean(r for r, o in zip(rest, own, strict=True) if o)
        wrong = statistics.fmean(r for r, o in zip(rest, own, strict=True) if not o)
        expected = (right - wrong) / statistics.pstdev(rest) * math.sqrt(share * (1 - share))
        assert each.discrimination == pytest.approx(expected)
        reach = statistics.NormalDist().inv_cdf(0.975) / math.sqrt(len(sheets) - 3)
        limits = [math.tanh(math.atanh(expected) + sign * reach) for sign in (-1, 1)]
        assert each.interval == pytest.approx(tuple(limits))
        assert each.answered == sum(f"item-{number}" in sheet.answers for sheet in sheets)
        middle = statistics.median(rest)
        for choice, letter in zip(each.choices, "abcd", strict=True):
            by = [sheet.answers.get(f"item-{number}") == letter for sheet in sheets]
            assert (choice.key, choice.chosen) == (letter == "a", sum(by))
            assert choice.upper == sum(b and r > middle for b, r in zip(by, rest, strict=True))
            assert choice.lower == sum(b and r < middle for b, r in zip(by, rest, strict=True))
            if choice.discrimination is not None:
                assert choice.discrimination == pytest.approx(
                    statistics.correlation(list(map(float, by)), rest)
                )


def test_the_limit_of_a_share_by_wilsons_formula() -> None:
    z = statistics.NormalDist().inv_cdf(0.95)
    for count, of in ((60, 60), (55, 60), (3, 30), (0, 25)):
        share = count / of
        middle = (share + z * z / (2 * of)) / (1 + z * z / of)
        reach = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
        assert share_limit(count, of, "greater") == pytest.approx(max(0.0, middle - reach))
        assert share_limit(count, of, "less") == pytest.approx(min(1.0, middle + reach))


def kinds(found: Analysed) -> set[str]:
    return {flag.kind for flag in found.flags}


def test_each_reason_has_its_kind() -> None:
    items, sheets = a_class(80)
    totals = sorted(range(80), key=lambda i: sum(p or 0 for p in sheets[i].points.values()))

    def with_answers(answers: dict[int, str]) -> Analysed:
        changed = [
            dataclasses.replace(
                sheet,
                points={**sheet.points, "item-0": float(answers[i] == "a")},
                answers={**sheet.answers, "item-0": answers[i]},
            )
            for i, sheet in enumerate(sheets)
        ]
        return analyse(items, changed)[0]

    strong_wrong = with_answers({i: "b" if rank >= 40 else "a" for rank, i in enumerate(totals)})
    assert {"the stronger do worse", "a wrong option draws the stronger"} <= kinds(strong_wrong)
    assert "Option b" in next(
        f.reason for f in strong_wrong.flags if f.kind == "a wrong option draws the stronger"
    )
    alternating = with_answers({i: "abacad"[rank % 6] for rank, i in enumerate(totals)})
    assert kinds(alternating) == {"does not tell learners apart"}
    everybody = with_answers(dict.fromkeys(range(80), "a"))
    assert kinds(everybody) == {"nearly everybody right"}
    assert everybody.discrimination is None and "same points" in everybody.note
    few = with_answers({i: "a" if rank == 79 else "bcd"[rank % 3] for rank, i in enumerate(totals)})
    assert "fewer right than by guessing" in kinds(few)
    good = with_answers({i: "a" if rank >= 30 else "bcd"[rank % 3] for rank, i in enumerate(totals)})
    assert not good.flags


def test_an_item_that_everybody_has_right_was_judged() -> None:
    items, sheets = a_class(200)
    easy, key = choose_one("easy")
    sheets = [
        dataclasses.replace(s, points={**s.points, "easy": 1.0}, answers={**s.answers, "easy": "a"})
        for s in sheets
    ]
    *_, found = analyse([*items, (easy, key)], sheets)
    assert found.flags and found.discrimination is None and found.judged
    assert not any(each.judged for each in analyse([*items, (easy, key)], sheets[:29]))


def test_a_small_class_gets_a_sentence_and_no_number() -> None:
    items, sheets = a_class(thresholds.FOR_A_SUMMARY - 1)
    for each in analyse(items, sheets):
        assert each.difficulty is each.discrimination is each.interval is None
        assert not each.flags and not each.choices
        assert each.note.startswith("Too few to say") and "there are 9" in each.note
    items, sheets = a_class(thresholds.FOR_A_CORRELATION - 1)
    for each in analyse(items, sheets):
        assert each.difficulty is not None and each.choices and each.discrimination is None
        assert not each.flags and all(choice.discrimination is None for choice in each.choices)
    items, sheets = a_class(thresholds.FOR_A_CORRELATION)
    assert all(each.discrimination is not None for each in analyse(items, sheets))
    assert analyse(items, [])[0].note.startswith("Too few")


def test_what_waits_or_was_dropped_or_could_not_be_marked_stays_out() -> None:
    items, sheets = a_class(40)
    plain = analyse(items, sheets)
    waiting = [
        dataclasses.replace(sheet, points={**sheet.points, "item-3": None}) if number == 5 else sheet
        for number, sheet in enumerate(sheets)
    ]
    found = analyse(items, waiting)
    assert found[3].discrimination is None and "wait for a marker" in found[3].note
    without = [item for item in items if item[0].id != "item-3"]
    assert found[0].discrimination == pytest.approx(analyse(without, sheets)[0].discrimination)
    unmarked = Sheet(dict.fromkeys(sheets[0].points, None))
    assert analyse(items, [*sheets, unmarked]) == plain
    dropped = drop(dataclasses.replace(BANK, items=tuple(items)), ["item-2"], "full").items
    found = analyse(dropped, sheets)
    assert found[2].note == "Dropped in course.yaml." and not found[2].flags
    assert found[0].discrimination != plain[0].discrimination
