"""Which marks go to the platform, which do not and why, and which have gone already."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from earned_security.teaching import TeachingError
from earned_security.teaching.bank import course_bank
from earned_security.teaching.completion import Plan, Submission, form_after_the_course, read
from earned_security.teaching.course_folder import open_course
from earned_security.teaching.course_settings import CourseSettings
from earned_security.teaching.lti import launches, settings
from earned_security.teaching.lti.service import LineItem, Platform, Refused
from earned_security.teaching.lti.settings import Settings, write_private
from earned_security.teaching.repair import standings

SENT = "lti-sent.json"
NOT_SIGNED_IN = (
    "has not yet opened the course from the learning management system, so nobody knows their id there"
)
NO_ID = "has no lms_user_id in the gradebook; add it to the roster and import that again"


@dataclass(frozen=True)
class Score:
    """One mark. ``user_id``: the platform's id. ``sent``: the platform has it already."""

    learner: str
    user_id: str
    points: float
    maximum: float
    sent: bool = False


@dataclass(frozen=True)
class Scores:
    """What there is of one assignment. ``left_out``: why, by learner. ``line_item``: None where there is no column."""

    assignment: str
    label: str
    maximum: float
    line_item: LineItem | None
    scores: tuple[Score, ...]
    left_out: Mapping[str, str]

    @property
    def new(self) -> tuple[Score, ...]:
        return tuple(score for score in self.scores if not score.sent)


@dataclass(frozen=True)
class Mark:
    """What the gradebook has of one learner; ``waits``: why it is not sent, or nothing."""

    learner: str
    points: float
    waits: str = ""


def ready(folder: Path, assignment: str) -> tuple[Scores, Platform]:
    """What would be sent, and the platform that would get it. Nothing is sent; the platform is asked for its columns.

    Raises:
        ContentError: ``lti.yaml``, ``course.yaml`` or the bank has mistakes.
        TeachingError: nothing is marked, the platform refuses, or a setting is missing.
    """
    folder = folder.expanduser().resolve()
    own, api = open_course(folder)
    sending = settings.read(folder)
    key = settings.private_key(folder)
    known = launches.read(sending.launches) if sending.launches else launches.Launches()
    address = sending.line_items_url or known.line_items_url
    if not address:
        raise TeachingError(
            "Where the columns of the learning management system are is not known yet. Open the course there once as "
            f"an instructor, or give line_items_url in {folder / settings.FILE}."
        )
    with api.gradebook as gradebook:
        maximum, marks = _marks(gradebook, own, assignment)
        people = _people(gradebook, sending, known)
    platform = Platform(sending, address, key)
    item = platform.line_item(assignment)
    if item is None and not sending.create_columns:
        raise TeachingError(
            f"The learning management system has no column for {assignment}, and lti.yaml says create_columns: no."
        )
    scores, left_out = chosen(marks, people, maximum, _sent(folder, assignment, item), _reason(sending))
    label = course_bank(own, assignment).title
    return Scores(assignment, label, maximum, item, scores, left_out), platform


def chosen(
    marks: Iterable[Mark], people: Mapping[str, str], maximum: float, sent: Mapping[str, Any], unknown: str
) -> tuple[tuple[Score, ...], dict[str, str]]:
    """Which marks go, and why others do not. Pure.

    Args:
        people: the platform's ids, by learner.
        sent: what went before to the same column, by learner: ``[user id, points, maximum]``.
        unknown: why a learner who is not among ``people`` is left out.
    """
    scores, left_out = [], {}
    owners: dict[str, list[str]] = {}
    for learner, user_id in people.items():
        owners.setdefault(user_id, []).append(learner)
    for mark in marks:
        found = people.get(mark.learner)
        if mark.waits:
            left_out[mark.learner] = mark.waits
        elif found is None:
            left_out[mark.learner] = unknown
        elif len(owners[found]) > 1:
            others = ", ".join(name for name in owners[found] if name != mark.learner)
            left_out[mark.learner] = (
                f"has the same id in the learning management system as {others}; mend that first"
            )
        else:
            before = sent.get(mark.learner) == [found, mark.points, maximum]
            scores.append(Score(mark.learner, found, mark.points, maximum, before))
    return tuple(scores), left_out


def send(folder: Path, found: Scores, platform: Platform) -> Iterable[tuple[Score, str]]:
    """Send every new mark, one by one, each with why it was refused or nothing; what went is remembered at once.

    Raises:
        TeachingError: the platform cannot be reached or lets nothing in; what went before that is remembered.
    """
    folder = folder.expanduser().resolve()
    if not found.new:
        return
    item = found.line_item or platform.create(found.assignment, found.label, found.maximum)
    for score in found.new:
        try:
            platform.send(item, score.user_id, score.points, score.maximum)
        except Refused as refused:
            yield score, str(refused)
            continue
        _remember(folder, found.assignment, item, score)
        yield score, ""


def _marks(gradebook: Any, own: CourseSettings, assignment: str) -> tuple[float, list[Mark]]:
    """The assignment's points, and what each learner who handed in has."""
    from nbgrader.api import MissingEntry

    try:
        row = gradebook.find_assignment(assignment)
    except MissingEntry:
        raise TeachingError(
            f"The gradebook does not know the assignment {assignment}. Is its name right?"
        ) from None
    maximum = round(float(row.max_score), 6)
    if maximum <= 0:
        raise TeachingError(f"{assignment} has no points in the gradebook, so there is nothing to send.")
    by_learner: dict[str, list[Any]] = {}
    for (learner, _), standing in standings(gradebook, assignment).items():
        by_learner.setdefault(learner, []).append(standing)
    if not by_learner:
        raise TeachingError(f"Nothing of {assignment} is marked yet: `earned mark` does that.")
    tests = read(gradebook, own.completion) if assignment in own.completion.forms else None
    marks = []
    for learner, found in sorted(by_learner.items()):
        waits = before_the_course(tests[learner], assignment, own) if tests is not None else ""
        if not waits and any(
            each.waiting or (each.automatic is None and each.by_hand is None) for each in found
        ):
            waits = "waits for a person to mark it"
        marks.append(Mark(learner, max(0.0, round(sum(each.points for each in found), 6)), waits))
    return maximum, marks


def before_the_course(submissions: Mapping[str, Submission], form: str, own: CourseSettings) -> str:
    """Why a form of the knowledge test is not sent; nothing where it is the one after the course."""
    after = form_after_the_course(submissions, Plan(own.completion, post_test_from=own.post_test_from))
    if after == form:
        return ""
    if isinstance(after, str):
        return "took this form before the course; that result is never a grade"
    return f"has no test after the course ({after[1]}), and one before it is never a grade"


def _people(gradebook: Any, sending: Settings, known: launches.Launches) -> dict[str, str]:
    if sending.user_ids == "launch":
        return known.people
    return {person.id: person.lms_user_id for person in gradebook.students if person.lms_user_id}


def _reason(sending: Settings) -> str:
    return NOT_SIGNED_IN if sending.user_ids == "launch" else NO_ID


def _read_sent(folder: Path) -> dict[str, Any]:
    path = folder / SENT
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise TeachingError(
            f"{path}, where it is noted what was sent, cannot be read. Mend it or move it away; then every mark is sent "
            "once more."
        ) from error
    return data if isinstance(data, dict) else {}


def _sent(folder: Path, assignment: str, item: LineItem | None) -> Mapping[str, Any]:
    if item is None:
        return {}
    found: Mapping[str, Any] = _read_sent(folder).get(assignment, {}).get(item.id, {}).get("marks", {})
    return found


def _remember(folder: Path, assignment: str, item: LineItem, score: Score) -> None:
    data = _read_sent(folder)
    column = data.setdefault(assignment, {}).setdefault(item.id, {"marks": {}})
    column["marks"][score.learner] = [score.user_id, score.points, score.maximum]
    column["last"] = datetime.now(UTC).isoformat(timespec="seconds")
    write_private(folder / SENT, json.dumps(data, indent=1).encode())
