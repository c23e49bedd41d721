"""Who gets a certificate: whoever meets the rule of completion, under the name in the roster, and nobody else."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from pathlib import Path
from typing import Any

from earned_security import curriculum
from earned_security.assessment.marking import is_dropped
from earned_security.curriculum import course_metadata
from earned_security.teaching import TeachingError, completion, roster
from earned_security.teaching.bank import course_banks
from earned_security.teaching.certificate import page, signing
from earned_security.teaching.certificate.lettering import lettering
from earned_security.teaching.certificate.statement import Statement
from earned_security.teaching.completion import Completion, Plan, Submissions
from earned_security.teaching.course_folder import open_course
from earned_security.teaching.course_settings import CourseSettings

FOLDER = "certificates"


@dataclass(frozen=True)
class Outcome:
    """What became of one learner's certificate. ``file``: None where there is none, for this ``reason``."""

    learner: str
    completed: bool
    file: Path | None = None
    reason: str = ""


@dataclass(frozen=True)
class Issued:
    """``key_made``: the key was made now, so that it is to be kept and the public one handed out."""

    outcomes: Sequence[Outcome]
    key_made: bool


def issue(
    folder: Path,
    learners: Collection[str] | None = None,
    roster_file: Path | None = None,
    day: date | None = None,
) -> Issued:
    """Write a certificate for everybody who has completed a course, into its folder ``certificates``.

    Args:
        learners: only these; everybody where None.
        roster_file: names are taken from it; where None, from the gradebook.
        day: the day of completion to be printed; where None, that on which the last needed part was handed in.

    Raises:
        TeachingError: no provider is named, somebody is not in the gradebook, a part is not installed, or the key
            cannot be used.
        ContentError: the settings, a bank or the roster have mistakes.
    """
    signing.need("cryptography", "fpdf")
    settings, api = open_course(folder)
    if not settings.certificate.provider:
        raise TeachingError(
            "A certificate needs the name of the institution that issues it. Write it into "
            f"{settings.folder / 'course.yaml'}, under certificate: provider."
        )
    people = {p.id: p for p in roster.read_roster(roster_file)} if roster_file else None
    found = {each.learner: each for each in completion.of_course(folder)}
    if unknown := sorted(set(learners or ()) - set(found)):
        raise TeachingError(f"Not in the gradebook: {', '.join(unknown)}. Nobody got a certificate.")
    with api.gradebook as gradebook:
        submissions = completion.read(gradebook, settings.completion)
        names = {student.id: (student.first_name, student.last_name) for student in gradebook.students}
    asked = {
        item.objective
        for bank in course_banks(settings)
        for item, key in bank.items
        if not is_dropped(key.value)
    }
    made = signing.make_key(settings.folder)
    outcomes = []
    for learner in sorted(set(learners) if learners else found):
        try:
            outcomes.append(
                _one(settings, found[learner], submissions[learner], names[learner], people, asked, day)
            )
        except TeachingError as error:
            outcomes.append(Outcome(learner, True, None, str(error)))
    return Issued(outcomes, made)


def _one(
    settings: CourseSettings,
    standing: Completion,
    submissions: Submissions,
    in_gradebook: tuple[str | None, str | None],
    people: Mapping[str, roster.Person] | None,
    asked: Collection[str],
    day: date | None,
) -> Outcome:
    if not standing.complete:
        lacking = [
            f"{part.name}: {part.state} ({part.reason})" for part in standing.parts if part.state != "met"
        ]
        return Outcome(standing.learner, False, None, "has not completed the course. " + "; ".join(lacking))
    name = name_of(standing.learner, in_gradebook, people, settings.course)
    statement = _statement(settings, name, day or completed_on(settings, submissions))
    data = certificate(settings, statement, asked, standing.observed)
    target = settings.folder / FOLDER / f"{standing.learner}.pdf"
    try:
        target.parent.mkdir(mode=0o700, exist_ok=True)
        beside = target.with_suffix(".part")
        beside.write_bytes(data)
        beside.replace(target)
    except OSError as error:
        raise TeachingError(f"{target} cannot be written: {error.strerror}.") from error
    return Outcome(standing.learner, True, target)


def name_of(
    learner: str,
    in_gradebook: tuple[str | None, str | None],
    people: Mapping[str, roster.Person] | None,
    course: str,
) -> str:
    """A learner's real name: from the roster, or from the gradebook where it certainly is one.

    Raises:
        TeachingError: there is no name, or the gradebook holds a made-up one or one that was filled in.
    """
    if people is not None:
        person = people.get(learner, roster.Person(learner))
        name = " ".join(filter(None, (person.first_name, person.last_name)))
        if not name:
            raise TeachingError("The roster has no name for this learner. Add it and try again.")
        return _plain(name)
    first, last = in_gradebook
    again = "Give the roster: --roster ROSTER.csv"
    if not first or not last:
        raise TeachingError(f"The gradebook has no name for this learner. {again}")
    if last == roster.pseudonym(learner, course):
        raise TeachingError(f"The gradebook has a made-up name, for blind marking. {again}")
    if (
        learner in (first, last) or first == last
    ):  # what the import of a roster puts where a part of a name is missing
        raise TeachingError(f"The gradebook has only a part of this learner's name. {again}")
    return _plain(f"{first} {last}")


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split()))


def completed_on(settings: CourseSettings, submissions: Submissions) -> date:
    """The day, in the course's time zone, on which the last needed part was handed in.

    Raises:
        TeachingError: the gradebook does not know when.
    """
    rule = settings.completion
    form = completion.form_after_the_course(submissions, Plan(rule, post_test_from=settings.post_test_from))
    needed = {str(form), rule.safe_path.assignment, rule.capstone.assignment}
    times = [submissions[name].when if name in submissions else None for name in needed]
    known = [when for when in times if when is not None]
    if len(known) < len(times):
        raise TeachingError(
            "The gradebook does not say when everything was handed in. Give the day of completion: --date 2027-04-01"
        )
    return max(known).replace(tzinfo=UTC).astimezone(settings.timezone).date()


def _statement(settings: CourseSettings, name: str, completed: date) -> Statement:
    rule, own = settings.completion, settings.certificate
    return Statement(
        title=course_metadata.load().title,
        name=name,
        completed=completed,
        minutes=course_metadata.minutes(curriculum.load().modules.values()),
        provider=own.provider,
        percent=rule.percent,
        case=rule.case,
        points=rule.capstone_points,
        maximum=rule.capstone_maximum,
        sponsor=own.sponsor,
        sponsor_number=own.sponsor_number,
    )


def certificate(
    settings: CourseSettings, statement: Statement, asked: Collection[str], observed: Collection[str]
) -> bytes:
    """The sealed PDF. The same statement, settings and key give the same bytes.

    Args:
        asked: the objectives for which the course has graded items.
        observed: the objectives of performance for which a person has entered points.

    Raises:
        TeachingError: a name cannot be printed correctly, or the key cannot be used.
    """
    signing.need("cryptography", "fpdf")
    own, key = settings.certificate, signing.private_key(settings.folder)
    lettering(
        statement.name, "The name", own.font
    )  # the commonest reason to refuse, before anything is laid out
    code = signing.code(statement, key)

    def assessed(objective: Any) -> page.Assessed:
        if objective.kind == "knowledge":
            return "questions" if objective.id in asked else "no questions"
        return "observed" if objective.id in observed else "not observed"

    content = page.Content(
        statement=statement,
        objectives=[
            (f"{module.number}. {module.title}", [(each.text, assessed(each)) for each in module.objectives])
            for module in curriculum.load().modules.values()
        ],
        review=course_metadata.load().clinical_review,
        code=signing.grouped(code),
        fingerprint=signing.fingerprint(key.public_key()),
        address=own.address,
        contact=own.contact,
        signed_by=own.signed_by,
        sponsor_statement=own.sponsor_statement,
        font=own.font,
    )
    sealed = signing.seal(page.pdf(content), code, key)
    signing.check_pdf(sealed, key.public_key())  # nothing is handed out that could not be checked
    return sealed
