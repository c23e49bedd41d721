"""Second marking: another person marks a sample of the texts without seeing the first marks; then how far they agree."""

from __future__ import annotations

import csv
import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from earned_security.assessment.marking import BY_HAND
from earned_security.curriculum.source import ContentError, Problem
from earned_security.teaching import TeachingError, roster
from earned_security.teaching.assemble import mark_scheme
from earned_security.teaching.bank import course_bank
from earned_security.teaching.course_folder import open_course
from earned_security.teaching.grade import read_answers
from earned_security.teaching.repair import REPORTS, standings
from earned_security.teaching.spreadsheet import harmless

COLUMNS = ("submission", "item", "maximum", "text", "points", "comment")
SMALL = 30  # pairs: below this many, agreement is no more than a hint
FEWEST = 10  # pairs: below this many, an interval would pretend to know
_RESAMPLES = 2000


@dataclass(frozen=True)
class Form:
    """A form to fill in, and the mark schemes to fill it in by."""

    file: Path
    schemes: Path
    submissions: int
    rows: int


def sample(names: Iterable[str], share: float, seed: int) -> list[str]:
    """A random sample, at least one if there is any; the same names, share and seed give the same sample.

    Args:
        share: from 0 to 1.
    """
    everybody = sorted(names)
    count = min(len(everybody), math.ceil(round(share * len(everybody), 6))) if share > 0 else 0
    return sorted(random.Random(seed).sample(everybody, count))


def write_form(folder: Path, assignment: str, share: float | None = None, seed: int = 0) -> Form:
    """Write the form for the second marker: one row for each text of the sample, with made-up names.

    Args:
        share: of those who handed in; None: as ``course.yaml`` says.

    Raises:
        TeachingError: there is nothing to mark, or the form is there already.
        ContentError: the settings or a bank have mistakes.
    """
    settings, api = open_course(folder)
    bank = course_bank(settings, assignment)
    texts = [(item, key) for item, key in bank.items if item.type in BY_HAND]
    if not texts:
        raise TeachingError(f"{assignment} has no text that a person marks.")
    with api.gradebook as gradebook:
        learners = {learner for learner, _ in standings(gradebook, assignment)}
    drawn = sample(learners, settings.second_marking_share if share is None else share, seed)
    directory = api.coursedir
    rows = []
    for learner in drawn:
        place = Path(directory.format_path(directory.autograded_directory, learner, assignment))
        answers = read_answers(place).found
        for item, _ in texts:
            if isinstance(answers.get(item.id), str) and answers[item.id].strip():
                name = roster.pseudonym(learner, settings.course)
                rows.append([name, item.id, f"{item.points:g}", harmless(answers[item.id]), "", ""])
    if not rows:
        raise TeachingError(
            "No text was found in the sample. Mark the assignment first, or take a larger share."
        )
    reports = settings.folder / REPORTS
    reports.mkdir(mode=0o700, exist_ok=True)
    file = reports / f"second-marking-{assignment}.csv"
    if file.exists():
        raise TeachingError(
            f"{file} is there already. Read it back with --read, or move it away to draw a new sample."
        )
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([COLUMNS, *rows])
    schemes = file.with_suffix(".md")
    parts = [
        f"## {item.title} ({item.id})\n\n{mark_scheme(item, key, settings.comments)}\n" for item, key in texts
    ]
    schemes.write_text("\n".join(parts), encoding="utf-8")
    return Form(file, schemes, len(drawn), len(rows))


def read_form(folder: Path, assignment: str, file: Path) -> list[str]:
    """What a filled-in form says about agreement with the first marker, in words.

    Raises:
        ContentError: a line of the form has a mistake; each is named.
        TeachingError: no text has been marked by both.
    """
    settings, api = open_course(folder)
    bank = course_bank(settings, assignment)
    maxima = {item.id: item.points for item, _ in bank.items if item.type in BY_HAND}
    with api.gradebook as gradebook:
        first = standings(gradebook, assignment)
    names = {roster.pseudonym(learner, settings.course): learner for learner, _ in first}
    pairs: dict[str, list[tuple[float, float]]] = {}
    unmarked = 0
    for line, (name, item, second) in _filled(file, maxima).items():
        if name not in names:
            raise ContentError([Problem(file, line, f"'{name}' is no submission to {assignment}.")])
        mark = first.get((names[name], item))
        if mark is None or mark.by_hand is None:
            unmarked += 1
        else:
            pairs.setdefault(item, []).append((mark.by_hand, second))
    if not pairs:
        raise TeachingError(
            "No text has been marked by both people yet; the first marks by hand in formgrader."
        )
    titles = {item.id: item.title for item, _ in bank.items}
    lines = [line for item, marks in pairs.items() for line in words(titles[item], maxima[item], marks)]
    if unmarked:
        lines.append(f"Left out, because the first marker has not marked them yet: {unmarked}.")
    return lines


def _filled(file: Path, maxima: dict[str, float]) -> dict[int, tuple[str, str, float]]:
    """The rows that have points, by line."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        message = "This file cannot be read. In a spreadsheet, save it as 'CSV UTF-8'."
        raise ContentError([Problem(file, 1, message)]) from error
    header = text.splitlines()[0] if text.strip() else ""
    rows = csv.DictReader(text.splitlines(keepends=True), delimiter=max(",;\t", key=header.count))
    if missing := {"submission", "item", "points"} - set(rows.fieldnames or ()):
        message = f"The first line has no column {', '.join(sorted(missing))}."
        raise ContentError([Problem(file, 1, message)])
    found, problems = {}, []
    for row in rows:
        given = (row["points"] or "").strip().replace(",", ".")
        if not given:
            continue
        item = (row["item"] or "").strip()
        points = _number(given)
        if item not in maxima:
            problems.append(Problem(file, rows.line_num, f"'{item}' is no text of this assignment."))
        elif points is None or not 0 <= points <= maxima[item]:
            message = f"The points are '{row['points']}'; they must be a number from 0 to {maxima[item]:g}."
            problems.append(Problem(file, rows.line_num, message))
        else:
            found[rows.line_num] = ((row["submission"] or "").strip(), item, points)
    if problems:
        raise ContentError(problems)
    return found


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def weighted_kappa(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Cohen's weighted kappa of two markers, with the squared difference in points as weight.

    1 is full agreement, 0 what chance alone would give with these two markers' own spreads, below 0 less than that.
    None where it is not defined: fewer than two pairs, or everybody got the same points from both.
    """
    if len(pairs) < 2:
        return None
    observed = sum((one - two) ** 2 for one, two in pairs) / len(pairs)
    expected = sum((one - two) ** 2 for one, _ in pairs for _, two in pairs) / len(pairs) ** 2
    return None if expected == 0 else 1 - observed / expected


def interval(pairs: Sequence[tuple[float, float]], seed: int = 0) -> tuple[float, float] | None:
    """An approximate 95 % interval for weighted kappa, by drawing the pairs again (percentile bootstrap).

    None below ten pairs, or where most draws leave kappa undefined.
    """
    if len(pairs) < FEWEST:
        return None
    source = random.Random(seed)
    draws = (weighted_kappa(source.choices(pairs, k=len(pairs))) for _ in range(_RESAMPLES))
    values = sorted(value for value in draws if value is not None)
    if len(values) < _RESAMPLES / 2:
        return None
    return values[int(0.025 * len(values))], values[int(0.975 * len(values))]


def words(title: str, maximum: float, pairs: Sequence[tuple[float, float]]) -> list[str]:
    """How far two markers agree about one text, worded no more strongly than the number of pairs allows."""
    differences = [second - first for first, second in pairs]
    same = sum(difference == 0 for difference in differences)
    mean = sum(differences) / len(pairs)
    far = max(abs(difference) for difference in differences)
    lines = [
        f"{title} (0 to {maximum:g} points): {len(pairs)} texts marked twice.",
        f"  The same points for {same} of {len(pairs)}; the largest difference is {far:g}.",
        f"  On average the second marker gave {abs(mean):.2g} points {'more' if mean > 0 else 'less'}."
        if mean
        else "  On average both gave the same.",
    ]
    kappa = weighted_kappa(pairs)
    if kappa is None:
        lines.append(
            "  Weighted kappa is not defined here: the marks do not differ, or there is a single text."
        )
    else:
        around = interval(pairs)
        between = f", 95 % interval about {around[0]:.2f} to {around[1]:.2f}" if around else ""
        lines.append(f"  Weighted kappa (squared differences): {kappa:.2f}{between}.")
    if len(pairs) < FEWEST:
        lines.append(
            "  So few texts say nothing about agreement in general. Talk about the ones that differ."
        )
    elif len(pairs) < SMALL:
        lines.append(
            "  With so few texts this is a hint, not a measurement. Talk about the ones that differ."
        )
    return lines
