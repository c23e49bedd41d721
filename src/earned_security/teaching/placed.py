"""Submissions that were placed in ``submitted/`` by hand: checked before nbgrader's converters see them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from earned_security.teaching import TeachingError, intake, quarantine
from earned_security.teaching.intake import Quarantined, shown

SUBMITTED = "submitted"


@dataclass(frozen=True)
class Checked:
    """What a check found: how many submissions may be marked, and what it moved to quarantine."""

    accepted: int = 0
    quarantined: tuple[quarantine.Entry, ...] = ()

    def __add__(self, other: Checked) -> Checked:
        return Checked(self.accepted + other.accepted, self.quarantined + other.quarantined)


def check(course: Path, assignment: str | None = None) -> Checked:
    """Check every submission of a course, or of one assignment; what may not be marked goes to quarantine.

    A folder that holds only an archive is unpacked where it lies. What lies beside a submission and is no part of
    it goes to quarantine alone. Nothing is changed where nothing is wrong.
    """
    result = Checked()
    submitted = course / SUBMITTED
    for learner in sorted(submitted.iterdir()) if submitted.is_dir() else ():
        if learner.name.startswith("."):
            continue
        if learner.is_symlink() or not learner.is_dir():
            reason = "In submitted/ there is a folder for each learner; this is a link or a file."
            entry = quarantine.move(course, assignment or "unknown", learner.name, reason, [learner])
            result += Checked(0, (entry,))
            continue
        for folder in sorted(learner.iterdir()):
            if not folder.name.startswith(".") and assignment in (None, folder.name):
                result += check_folder(course, folder)
    return result


def check_folder(course: Path, folder: Path) -> Checked:
    """Check ``submitted/<learner>/<assignment>``; the same for one submission."""
    assignment, learner = folder.name, folder.parent.name
    if folder.parent.is_symlink():
        reason = "The learner's folder is a link, and links are not followed."
        return Checked(0, (quarantine.move(course, assignment, learner, reason, [folder.parent]),))
    judged = intake.inspect(folder, assignment, learner)
    if isinstance(judged, Quarantined):
        return Checked(0, (quarantine.move(course, assignment, learner, judged.reason, [folder]),))
    moved: tuple[quarantine.Entry, ...] = ()
    if judged.left_out:
        listed = ", ".join(shown(name, 60) for name in judged.left_out[:10])
        reason = (
            f"This lay beside the submission and is no part of it: {listed}. The submission itself stays."
        )
        paths = [folder / name for name in judged.left_out]
        moved = (quarantine.move(course, assignment, learner, reason, paths),)
    for name, data in quarantine.complete(judged).items():
        path = folder / name
        if name in (intake.TIMESTAMP, intake.SECRET) and path.exists():
            continue
        if not path.exists() or path.read_bytes() != data:
            new = folder / f".{name}.new"
            quarantine.remove(new)
            new.write_bytes(data)
            new.replace(path)
    return Checked(1, moved)


def report(course: Path, assignment: str | None = None) -> Iterator[str]:
    """Check what was handed in, and say what is in quarantine, and why, in lines for the instructor.

    Raises:
        TeachingError: there is no such folder.
    """
    if not course.is_dir():
        raise TeachingError(f"There is no folder {course}. Name the course's folder: earned intake COURSE")
    checked = check(course, assignment)
    yield f"Submissions that may be marked: {checked.accepted}. New in quarantine: {len(checked.quarantined)}."
    entries = quarantine.entries(course, assignment)
    for entry in entries:
        yield f"\n{entry.learner}, {entry.assignment}, {entry.time}"
        yield f"  {entry.reason}"
        yield f"  It lies in {entry.lies}"
    if entries:
        yield (
            "\nWhat lies elsewhere is looked at again with every collecting. What was moved here comes back when you "
            "put it right and place it in submitted/ again."
        )


def before_converting(assignment: str, student: str, notebooks: list[str]) -> None:
    """nbgrader calls this for each submission before it reads it (``c.Autograde.pre_convert_hook``).

    A submission that goes to quarantine here is gone when nbgrader looks for it: nbgrader names it as failed and goes
    on with the others.
    """
    folder = Path(notebooks[0]).absolute().parent
    if folder.parents[1].name == SUBMITTED and not check_folder(folder.parents[2], folder).accepted:
        notebooks.clear()  # nbgrader's own list; it would record 0 for a notebook that is gone
