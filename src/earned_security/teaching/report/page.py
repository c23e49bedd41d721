"""The report as one page: nothing is fetched, no script runs, and a strict content policy in it says so."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from datetime import date
from html import escape
from pathlib import Path

from earned_security.teaching.report import page_items, page_marks, thresholds
from earned_security.teaching.report.markup import listed, paragraph
from earned_security.teaching.report.results import Results

STYLE = Path(__file__).with_name("style.css")

PARTS = {
    "modules": "Marks by module",
    "objectives": "Marks by objective",
    "gain": "Gain in knowledge",
    "items": "The items",
    "cases": "Ways through the cases",
    "time": "Time on task",
    "method": "How this was worked out",
}


def page(results: Results, made: date) -> str:
    """The whole page as HTML.

    Args:
        made: the day that it names.
    """
    style = STYLE.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = f"Report on the course {results.cohort.course}"
    content = {
        "modules": page_marks.modules(results),
        "objectives": page_marks.objectives(results),
        "gain": [*page_marks.gain(results), page_marks.learners_by_gain(results)],
        "items": page_items.items(results),
        "cases": page_items.case_paths(results),
        "time": _time(),
        "method": _method(),
    }
    sections = "".join(
        f'<section aria-labelledby="{name}"><h2 id="{name}">{escape(head)}</h2>{"".join(content[name])}</section>'
        for name, head in PARTS.items()
    )
    links = "".join(f'<li><a href="#{name}">{escape(head)}</a></li>' for name, head in PARTS.items())
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{escape(title)}</title><style>{style}</style></head><body>"
        f"<header><h1>{escape(title)}</h1>{''.join(_opening(results, made))}"
        f'<nav aria-label="Parts of this report"><ul>{links}</ul></nav></header>'
        f"<main>{sections}</main>"
        "<footer><p>Made by <code>earned report</code>. It holds marks of people: keep it where you keep the marks.</p>"
        "</footer></body></html>\n"
    )


def _opening(results: Results, made: date) -> Iterable[str]:
    learners = len(results.cohort.learners)
    review = sum(len(analysis.to_review) for analysis in results.analyses)
    judged = sum(each.judged for a in results.analyses for each in a.items)
    gain = results.gains.gain
    who = (
        "Learners stand here by their names."
        if results.named
        else "Learners stand here by codes, not by names. In a small class, marks alone can point to a person."
    )
    yield paragraph(f"From the gradebook as it was on {made.day} {made:%B %Y}. {who}")
    facts = [
        f"<strong>{learners}</strong> learners in the gradebook",
        f"<strong>{len(results.analyses)}</strong> assignments handed in by somebody",
        f"<strong>{review}</strong> items to review, of {judged} that could be judged",
        f"<strong>{gain.gain:+.0f}</strong> percentage points in the knowledge test, {gain.learners} learners".replace(
            "-", "−"
        )
        if gain
        else "<strong>no number</strong> for the gain in knowledge; the reason is below",
    ]
    yield listed(facts, "facts")


def _time() -> Iterable[str]:
    yield paragraph(
        "Not recorded. The course keeps when an answer was last saved, not how long anybody worked on it; the time "
        "between two saved answers also holds pauses and other work, so it is not given out as time on task. For the "
        "minutes that each module is meant to take, see the book."
    )


def _method() -> Iterable[str]:
    yield paragraph(
        "Numbers need enough people. From how many on they are given, and when an item is put up for review, are "
        "settings of this course, our own judgement, and not a standard:"
    )
    yield listed(
        escape(line)
        for line in (
            f"a mean, a middle half or an item's difficulty: {thresholds.FOR_A_SUMMARY} learners;",
            f"a gain: {thresholds.FOR_A_GAIN} learners with both tests;",
            f"discrimination, reliability and items to review: {thresholds.FOR_A_CORRELATION} learners;",
            f"ways through a case: {thresholds.FOR_PATHS} learners.",
        )
    )
    level = f"{100 * thresholds.DISCRIMINATION_CONFIDENCE:.0f}\u00a0%"
    usual = f"{100 * thresholds.CONFIDENCE:.0f}\u00a0%"
    yield paragraph(
        "An item is put up for review when one of these holds. Being on the list means: look at it."
    )
    yield listed(
        escape(line)
        for line in (
            f"It does not tell learners apart: its discrimination is not shown to be above 0 and is shown to be below what is "
            f"usual in the assignment for an item as easy (one-sided {level} limits of both).",
            f"The stronger do worse: its discrimination is shown to be below 0 ({usual}).",
            f"A wrong option draws the stronger: having chosen it goes with more points on the rest ({usual}, all wrong "
            "options of an item together). Or a right option puts the stronger off.",
            "A wrong option beats the key: in the stronger half of the class more chose it than the key.",
            f"Fewer right than by guessing, in a question with one answer ({usual}).",
            f"Nearly everybody right: more than {100 * thresholds.NEARLY_ALL:.0f} % of those who answered ({usual}); or nearly "
            "nobody.",
        )
    )
    yield paragraph(
        "With classes of sixty synthetic trainees about one sound item in twenty was put up as well, and about one in "
        "eight of those that tell nobody apart was missed. In smaller classes both are more."
    )
    yield listed(
        escape(line)
        for line in (
            "Difficulty: the mean share of an item's points; a blank answer earns nothing. The higher, the easier.",
            "Discrimination: the correlation of an item's points with the points on the rest of the assignment; for items "
            "that are right or wrong this is the corrected point-biserial. Intervals by Fisher's transformation (scipy).",
            "Stronger and weaker half: above and below the middle on the rest of the assignment.",
            "Reliability: Cronbach's alpha, which is KR-20 where all items are right or wrong; Feldt's interval (pingouin).",
            "Normalised gain: the mean gain over the most that could be gained, of the class's means. Effect size: Cohen's d, "
            "the mean gain over the root of the mean of both variances (pingouin). Bootstrap intervals (scipy); the gain's "
            "own interval is that of the paired t.",
        )
    )
