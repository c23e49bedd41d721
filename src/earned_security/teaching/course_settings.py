"""The settings of one course, from ``course.yaml`` in its folder; ``exercises/course.yaml`` explains each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from earned_security.curriculum import completion, course_metadata
from earned_security.curriculum.completion import CompletionRule
from earned_security.curriculum.source import (
    ContentError,
    Document,
    KeyPath,
    Problem,
    read_document,
    validate,
)

FILE = "course.yaml"

RightAnswers = Literal["no", "after_close", "yes"]


@dataclass(frozen=True)
class LateRule:
    """What lateness costs: nothing within the grace, then ``per_day`` (0 to 1) of the earned points a day."""

    grace_minutes: float = 0.0
    per_day: float = 0.0
    refuse_after_days: float | None = None


@dataclass(frozen=True)
class AssignmentSettings:
    """When an assignment is due and closes, and how often it may be handed in; None: no limit."""

    due: datetime | None = None
    closes: datetime | None = None
    attempts: int | None = None


@dataclass(frozen=True)
class LearnerSettings:
    """What was agreed with one learner. ``due``: by assignment, in place of the due date and the extra days."""

    extra_days: float = 0.0
    extra_attempts: int = 0
    due: Mapping[str, datetime] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Retention:
    """Until when what is held on learners is kept; None: no date is set. See :mod:`..teaching.privacy`."""

    submissions: datetime | None = None
    marks: datetime | None = None
    certificates: datetime | None = None


@dataclass(frozen=True)
class Certificate:
    """What the institution sets for certificates and for sponsors; printed exactly as it stands. Empty: not set.

    ``font``: for names that the course's own font cannot print. ``sponsor``: an accredited sponsor of continuing
    education, with its ``sponsor_number`` and the ``sponsor_statement`` that it wants to be printed. ``states``: what
    only a provider can say, by the ids of ``provider_states`` in ``course-metadata.yaml``.
    """

    provider: str = ""
    address: str = ""
    contact: str = ""
    signed_by: str = ""
    font: Path | None = None
    sponsor: str = ""
    sponsor_number: str = ""
    sponsor_statement: str = ""
    states: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CourseSettings:
    """All settings of a course. Every date knows its time zone; every folder is absolute.

    ``completion``: the course's rule, with the marks that this course has set in place of its own. ``post_test_from``:
    from when on a form of the knowledge test is one after the course; None: the order of handing in says it.
    """

    folder: Path
    course: str = "earned-security"
    timezone: tzinfo = UTC
    private_bank: Path | None = None
    open_bank: bool = True
    db_url: str | None = None
    exchange: Path | None = None
    attempts: int | None = None
    counting: Literal["latest", "first"] = "latest"
    late: LateRule = LateRule()
    assignments: Mapping[str, AssignmentSettings] = field(default_factory=dict)
    learners: Mapping[str, LearnerSettings] = field(default_factory=dict)
    shuffle_options: bool = False
    blind_marking: bool = False
    second_marking_share: float = 0.2
    dropped: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dropped_points: Literal["full", "removed"] = "full"
    comments: tuple[str, ...] = ()
    right_answers: RightAnswers = "no"
    completion: CompletionRule = field(default_factory=completion.load)
    post_test_from: datetime | None = None
    retention: Retention = Retention()
    certificate: Certificate = field(default_factory=Certificate)

    def due(self, assignment: str, learner: str) -> datetime | None:
        """When an assignment is due for one learner, extensions counted; None: never."""
        own = self._learner(learner)
        if assignment in own.due:
            return own.due[assignment]
        general = self._assignment(assignment).due
        return general and general + timedelta(days=own.extra_days)

    def attempts_of(self, assignment: str, learner: str) -> int | None:
        """How often one learner may hand an assignment in; None: as often as wanted."""
        allowed = self._assignment(assignment).attempts or self.attempts
        return allowed and allowed + self._learner(learner).extra_attempts

    def counting_attempt(self, assignment: str, learner: str, times: Sequence[datetime]) -> int | None:
        """Which of a learner's submissions counts, as an index into ``times`` (in any order); None: there is none.

        Those beyond the allowed number of attempts never count, however late or early they are listed.
        """
        order = sorted(range(len(times)), key=lambda index: times[index])
        allowed = order[: self.attempts_of(assignment, learner)]
        if not allowed:
            return None
        return allowed[0] if self.counting == "first" else allowed[-1]

    def closes(self, assignment: str) -> datetime | None:
        """When nobody can hand in any more: as set, or when the last extension has passed; None: never."""
        own = self._assignment(assignment)
        if own.closes or own.due is None:
            return own.closes
        return max([own.due, *(self.due(assignment, learner) or own.due for learner in self.learners)])

    def shows_right_answers(self, assignment: str, now: datetime | None = None) -> bool:
        """Whether feedback may name the right answers now; never those of the knowledge test, which is taken again."""
        if assignment in self.completion.forms:
            return False
        if self.right_answers != "after_close":
            return self.right_answers == "yes"
        closes = self.closes(assignment)
        return closes is not None and (now or datetime.now(UTC)) > closes

    def late_factor(self, seconds: float) -> float:
        """The share of the earned points that is left, from 0 to 1, for something this many seconds late."""
        over = seconds - 60 * self.late.grace_minutes
        if over <= 0:
            return 1.0
        if self.late.refuse_after_days is not None and over > 86400 * self.late.refuse_after_days:
            return 0.0
        return max(0.0, 1.0 - self.late.per_day * -(-over // 86400))

    def _assignment(self, name: str) -> AssignmentSettings:
        return self.assignments.get(name, AssignmentSettings())

    def _learner(self, name: str) -> LearnerSettings:
        return self.learners.get(name, LearnerSettings())


def read(course: Path) -> CourseSettings:
    """The settings of the course in this folder; the defaults where it has no ``course.yaml``.

    Raises:
        ContentError: the file has mistakes; each is named with its line.
    """
    folder = course.expanduser().resolve()
    if not (folder / FILE).exists():
        return CourseSettings(folder)
    return _read_once(folder / FILE, (folder / FILE).stat().st_mtime_ns)


def of(config: Any) -> CourseSettings:
    """The settings of the course that nbgrader is configured for; the folder where it runs if it does not say.

    Raises:
        ContentError: the course's ``course.yaml`` has mistakes.
    """
    return read(Path(config.get("CourseDirectory", {}).get("root") or "."))


def problems(course: Path) -> list[Problem]:
    """Every mistake in a course's ``course.yaml``."""
    try:
        read(course)
    except ContentError as error:
        return error.problems
    return []


@lru_cache(maxsize=8)
def _read_once(path: Path, modified: int) -> CourseSettings:
    settings, found = _read(read_document(path))
    if settings is None:
        raise ContentError(found)
    return settings


def _read(document: Document) -> tuple[CourseSettings | None, list[Problem]]:
    if document.data is None:
        return CourseSettings(document.path.parent), []
    if found := validate(document, "course"):
        return None, found
    data: dict[str, Any] = document.data
    folder = document.path.parent
    try:
        name = data.get("timezone", "UTC")
        zone: tzinfo = UTC if name == "UTC" else ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        message = f"'{data['timezone']}' is not a time zone. Write it like Europe/Amsterdam, or UTC."
        return None, [document.problem(("timezone",), message)]

    def when(path: KeyPath, value: Any, of_day: time = time(23, 59, 59)) -> datetime | None:
        if value is None:
            return None
        try:
            return _moment(value, zone, of_day)
        except (TypeError, ValueError):
            message = f"{value!r} is not a date. Write it like 2027-03-01 or 2027-03-01 18:00."
            found.append(document.problem(path, message))
            return None

    def place(name: str) -> Path | None:
        return (folder / Path(data[name]).expanduser()).resolve() if data.get(name) else None

    assignments = {
        name: AssignmentSettings(
            due=when(("assignments", name, "due"), own.get("due")),
            closes=when(("assignments", name, "closes"), own.get("closes")),
            attempts=own.get("attempts"),
        )
        for name, own in (data.get("assignments") or {}).items()
    }
    learners = {}
    for name, own in data.get("learners", {}).items():
        dues = {
            assignment: moment
            for assignment, value in own.get("due", {}).items()
            if (moment := when(("learners", name, "due", assignment), value))
        }
        learners[name] = LearnerSettings(
            own.get("extra_days", 0.0), own.get("extra_attempts", 0), dues, own.get("note", "")
        )
    own_completion = data.get("completion", {})
    rule = _completion(own_completion)
    if rule.capstone_points > rule.capstone_maximum:
        message = (
            f"The capstone has {rule.capstone_maximum:g} points; it cannot need {rule.capstone_points:g}."
        )
        found.append(document.problem(("completion", "capstone_points"), message))
    own_retention = data.get("retention", {})
    retention = Retention(**{name: when(("retention", name), own_retention[name]) for name in own_retention})
    if retention.marks and not (retention.submissions and retention.submissions <= retention.marks):
        message = (
            "Submissions cannot be kept longer than marks: marking them would bring the marks back. Set both."
        )
        found.append(document.problem(("retention", "marks"), message))
    certificate, faults = _certificate(document, folder)
    found += faults
    shown = data.get("right_answers", "no")
    simple = {
        name: data[name]
        for name in (
            "course",
            "open_bank",
            "db_url",
            "attempts",
            "counting",
            "shuffle_options",
            "blind_marking",
            "second_marking_share",
            "dropped_points",
        )
        if name in data
    }
    settings = CourseSettings(
        folder,
        timezone=zone,
        private_bank=place("private_bank"),
        exchange=place("exchange"),
        late=LateRule(**data.get("late", {})),
        assignments=assignments,
        learners=learners,
        dropped={name: tuple(items) for name, items in data.get("dropped", {}).items()},
        comments=tuple(data.get("comments", ())),
        # YAML reads a bare no and yes as false and true
        right_answers={False: "no", True: "yes"}.get(shown, shown),
        completion=rule,
        post_test_from=when(("completion", "post_test_from"), own_completion.get("post_test_from"), time()),
        retention=retention,
        certificate=certificate,
        **simple,
    )
    return (None if found else settings), found


def _completion(own: Mapping[str, Any]) -> CompletionRule:
    """The course's rule with other marks; the safe path is no setting."""
    rule, percent, points = completion.load(), own.get("post_test_percent"), own.get("capstone_points")
    return replace(
        rule,
        percent=rule.percent if percent is None else percent,
        capstone_points=rule.capstone_points if points is None else points,
    )


def _certificate(document: Document, folder: Path) -> tuple[Certificate, list[Problem]]:
    own, found = document.data.get("certificate", {}), []
    if (own.get("sponsor_number") or own.get("sponsor_statement")) and not own.get("sponsor"):
        message = "A sponsor's number or statement needs the name of the sponsor: certificate: sponsor."
        found.append(document.problem(("certificate",), message))
    known = [question.id for question in course_metadata.load().provider_states]
    for name in own.get("states", {}):
        if name not in known:
            message = f"'{name}' is nothing that a provider is asked to state. There are: {', '.join(known)}."
            found.append(document.problem(("certificate", "states", name), message))
    font = (folder / Path(own["font"]).expanduser()).resolve() if own.get("font") else None
    if font and not font.is_file():
        found.append(document.problem(("certificate", "font"), f"There is no file {font}."))
    given = {name: value for name, value in own.items() if value and name not in ("font", "states")}
    states = {name: text for name, text in own.get("states", {}).items() if text}
    return Certificate(font=font, states=states, **given), found


def _moment(value: Any, zone: tzinfo, of_day: time) -> datetime:
    if isinstance(value, str):
        text = value.strip()
        value = date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    moment = value if isinstance(value, datetime) else datetime.combine(value, of_day)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
