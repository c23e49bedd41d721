"""The whole way with a real gradebook: who gets a certificate, what stands on it, and what checking it says."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import yaml

from earned_security import cli, curriculum
from earned_security.curriculum.source import ContentError
from earned_security.teaching import TeachingError, course_folder, course_settings, roster
from earned_security.teaching.bank import read_banks
from earned_security.teaching.certificate import issuing, signing
from earned_security.teaching.course_settings import problems

from ..a_course import ACourse
from ..conftest import DATA
from ..test_completion import FORM_A, FORM_B, LAST, PLAYS, RULE, TEXT, sums
from .test_lettering import a_font

ROSTER = "id,first_name,last_name\nann,Zoë,Müller-Özgür\nben,Ben,Roe\ncem,Cem,Doe\ndee,Dee,\neve,,\n"
PROVIDER = {"provider": "Institute for Examples", "contact": "office@example.org", "signed_by": "Course lead"}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> ACourse:
    """ann and dee complete; ben was unsafe; cem took the test before the course alone; eve did nothing."""
    course = ACourse.make(tmp_path_factory.mktemp("certificate") / "course")
    for file in (DATA / "completion").glob("*.yaml"):
        (course.folder / "bank" / file.name).write_bytes(file.read_bytes())
    for name in (*RULE.forms, LAST, RULE.observed_tasks):
        course_folder.assemble(course.folder, name)
    (course.folder / "roster.csv").write_text(ROSTER, "utf-8")
    course_folder.enrol(course.folder, course.folder / "roster.csv")
    for learner in ("ann", "ben", "cem", "dee"):
        course.hand_in(learner, sums(FORM_A, 1), "2027-03-01 12:00:00 UTC", FORM_A)
        if learner != "cem":
            course.hand_in(learner, sums(FORM_B, 5), "2027-03-30 12:00:00 UTC", FORM_B)
        answers = {RULE.safe_path.item: PLAYS["unsafe" if learner == "ben" else "safe"], **TEXT}
        course.hand_in(learner, answers, "2027-03-31 23:30:00 UTC", LAST)
    course.hand_in("ann", {"asked": "3 May; supervisor."}, assignment=RULE.observed_tasks)
    for name in (*RULE.forms, LAST, RULE.observed_tasks):
        course.mark(name)
    for learner in ("ann", "ben", "cem", "dee"):
        course.mark_by_hand(learner, RULE.capstone.item, 15, assignment=LAST)
    course.mark_by_hand("ann", "asked", 6, assignment=RULE.observed_tasks)
    course.set(certificate=PROVIDER, timezone="Europe/Amsterdam")
    return course


@pytest.fixture(scope="module")
def anns(course: ACourse) -> Path:
    issued = issuing.issue(course.folder, ["ann"])
    file = issued.outcomes[0].file
    assert file is not None, issued
    return file


def text_of(data: bytes | Path) -> list[str]:
    """The words of each page, with any space as one."""
    document = pypdfium2.PdfDocument(data)
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def printed_code(file: Path) -> str:
    first = text_of(file)[0]
    return first.partition("fingerprint: ")[2].split(" ", 8)[8]


def test_only_who_completed_gets_one_and_everybody_else_a_reason(
    course: ACourse, anns: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["certificate", str(course.folder)]) == 1, "dee completed, and her name is not known"
    shown = capsys.readouterr().out
    assert f"ann: {course.folder}/certificates/ann.pdf" in shown
    assert "ben: has not completed the course. safe path: not yet (not safe" in shown
    assert f"cem: has not completed the course. knowledge test: not yet (only {FORM_A}, before" in shown
    assert "dee: The gradebook has only a part of this learner's name." in shown
    assert "eve: has not completed the course." in shown
    assert "1 of 5 got a certificate." in shown
    assert [path.name for path in (course.folder / "certificates").iterdir()] == ["ann.pdf"]
    assert stat.S_IMODE((course.folder / signing.PRIVATE_KEY).stat().st_mode) == 0o600
    assert cli.main(["certificate", str(course.folder), "--learner", "ann"]) == 0
    assert cli.main(["certificate", str(course.folder), "--learner", "ben"]) == 1
    assert cli.main(["certificate", str(course.folder), "--learner", "nobody"]) == 1
    assert "Not in the gradebook: nobody" in capsys.readouterr().err


def test_what_stands_on_it(anns: Path) -> None:
    pages = text_of(anns)
    total = sum(module.minutes for module in curriculum.load().modules.values())
    for words in (
        "Certificate of completion", "Zoë Müller-Özgür", "Earned Security", "on 1 April 2027", f"{total // 60} hours",
        "Institute for Examples", "office@example.org", "Course lead", "80 % of its points", "safe path", "12 of its 20 points",
        "carries no continuing-education credit", "No licensed clinician has reviewed this course.",
    ):  # fmt: skip
        assert words in pages[0], words
    rest = " ".join(pages[1:])
    for objective in curriculum.load().objectives.values():
        assert objective.text[1:40].split(" (")[0] in rest, objective.id
    assert rest.count("(observed by a person)") == 1, "M1.7 alone was observed"
    asked = {item.objective for bank in read_banks(anns.parents[1] / "bank") for item, _ in bank.items}
    known = [o for o in curriculum.load().objectives.values() if o.kind == "knowledge"]
    assert 0 < sum(o.id in asked for o in known) == rest.count("(asked in graded questions)")
    assert rest.count("(not asked in this course's graded questions)") == sum(
        o.id not in asked for o in known
    )
    performances = sum(each.kind == "performance" for each in curriculum.load().objectives.values())
    assert f"1 of {performances} such objectives" in rest
    assert "ann" not in rest.split(), "an id is no name"


def test_it_is_titled_tagged_and_drawn_within_the_page(anns: Path) -> None:
    data = anns.read_bytes()
    for words in (
        b"/Lang (en",
        b"/MarkInfo",
        b"/StructTreeRoot",
        b"/DisplayDocTitle true",
        b"/S /H1",
        b"/S /P",
    ):
        assert words in data, words
    document = pypdfium2.PdfDocument(data)
    assert (
        document.get_metadata_dict()["Title"]
        == "Certificate of completion: Earned Security, Zoë Müller-Özgür"
    )
    for page in document:
        image = page.render(scale=1).to_pil().convert("L")
        box = image.point(lambda value: 255 if value < 200 else 0).getbbox()
        assert (
            box and box[0] > 40 and box[1] > 40 and box[2] < image.width - 40 and box[3] < image.height - 40
        )
    first = document[0].render(scale=1).to_pil()
    assert len(first.getcolors(100_000) or ()) > 20, "there is something on it"


def test_the_same_inputs_give_the_same_bytes(course: ACourse, anns: Path) -> None:
    before, key = anns.read_bytes(), (course.folder / signing.PRIVATE_KEY).read_bytes()
    assert issuing.issue(course.folder, ["ann"]).outcomes[0].file == anns
    assert anns.read_bytes() == before
    assert (course.folder / signing.PRIVATE_KEY).read_bytes() == key


def test_checking_says_what_was_checked(
    course: ACourse, anns: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = str(course.folder / signing.PUBLIC_KEY)
    assert cli.main(["verify", str(anns), "--key", key]) == 0
    of_file = capsys.readouterr().out
    assert "Genuine. The file is exactly as it was issued" in of_file
    assert cli.main(["verify", *printed_code(anns).split(), "--key", key]) == 0
    of_code = capsys.readouterr().out
    assert "compare every line" in of_code and "exactly as it was issued" not in of_code
    for words in ("Name: Zoë Müller-Özgür", "Completed on: 1 April 2027", "Planned time: 18 hours", "Provider: Institute",
                  "What was met: A safe path", "Credit: This certificate carries no", "Not checked: whether this key"):  # fmt: skip
        assert words in of_file and words in of_code, words


def test_a_changed_certificate_is_refused(
    course: ACourse, anns: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import pikepdf

    key = str(course.folder / signing.PUBLIC_KEY)

    def refused(file: Path) -> None:
        assert cli.main(["verify", str(file), "--key", key]) == 1
        said = capsys.readouterr()
        assert said.err.startswith("Refused") and not said.out, "nothing of a refused certificate is shown"

    data = anns.read_bytes()
    for at in range(0, len(data), len(data) // 40):
        (tmp_path / "changed.pdf").write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        refused(tmp_path / "changed.pdf")
    with pikepdf.open(anns) as opened:
        opened.docinfo["/Title"] = "Certificate of completion: Earned Security, Eve"
        opened.save(tmp_path / "titled.pdf")
        opened.pages.append(opened.pages[0])
        opened.save(tmp_path / "longer.pdf")
    for name in ("titled.pdf", "longer.pdf"):
        refused(tmp_path / name)
        line = next(line for line in data.splitlines() if line.startswith(b"%earned"))
        saved = (tmp_path / name).read_bytes()
        at = saved.rindex(b"startxref")
        (tmp_path / name).write_bytes(saved[:at] + line + b"\n" + saved[at:])
        refused(tmp_path / name)
    assert cli.main(["verify", str(tmp_path / "none.pdf"), "--key", key]) == 1
    assert "cannot be read" in capsys.readouterr().err
    signing.make_key(tmp_path)
    assert cli.main(["verify", str(anns), "--key", str(tmp_path / signing.PUBLIC_KEY)]) == 1
    assert capsys.readouterr().err.startswith("Refused")


def test_names_come_from_the_roster_and_are_never_made_up(course: ACourse, tmp_path: Path) -> None:
    own = tmp_path / "names.csv"
    own.write_text("id,first_name,last_name\ndee,Suharto,\n", "utf-8")
    file = issuing.issue(course.folder, ["dee"], own).outcomes[0].file
    assert file is not None and "certifies that Suharto has completed" in text_of(file)[0]
    outcome = issuing.issue(course.folder, ["ann"], own).outcomes[0]
    assert outcome.file is None and "The roster has no name" in outcome.reason
    course.set(blind_marking=True)
    course_folder.enrol(course.folder, course.folder / "roster.csv")
    outcome = issuing.issue(course.folder, ["ann"]).outcomes[0]
    course.set(blind_marking=False)
    still = issuing.issue(course.folder, ["ann"]).outcomes[0]
    course_folder.enrol(course.folder, course.folder / "roster.csv")
    assert outcome.file is None and "made-up name" in outcome.reason
    assert still.file is None, "the setting alone does not bring a name back"
    assert issuing.issue(course.folder, ["ann"]).outcomes[0].file


@pytest.mark.parametrize(
    "names",
    [(None, None), ("ann", "ann"), ("ann", "Roe"), ("Ann", "Ann"), ("Learner", roster.pseudonym("ann", "c"))],
)
def test_a_name_that_may_have_been_filled_in_is_refused(names: tuple[str | None, str | None]) -> None:
    with pytest.raises(TeachingError, match="--roster"):
        issuing.name_of("ann", names, None, "c")


def test_what_the_provider_sets_is_printed_as_it_stands(course: ACourse, tmp_path: Path) -> None:
    font = a_font(tmp_path / "own.ttf", "山田花子 ")
    sponsor = {
        "sponsor": "A Sponsor, Inc.",
        "sponsor_number": "No. 0042-b",
        "sponsor_statement": "A Sponsor is responsible.",
    }
    names = tmp_path / "names.csv"
    names.write_text("id,first_name,last_name\nann,山田,花子\n", "utf-8")
    course.set(certificate=PROVIDER | sponsor)
    refused = issuing.issue(course.folder, ["ann"], names).outcomes[0]
    course.set(certificate=PROVIDER | sponsor | {"font": str(font)})
    file = issuing.issue(course.folder, ["ann"], names, date(2027, 5, 2)).outcomes[0].file
    course.set(certificate=PROVIDER)
    assert refused.file is None and "Name a font" in refused.reason
    assert file is not None
    first = text_of(file)[0]
    assert "sponsored by A Sponsor, Inc., number No. 0042-b, as stated by Institute for Examples" in first
    assert "A Sponsor is responsible." in first and "carries no continuing" not in first
    assert "on 2 May 2027" in first and "山田 花子" in first
    statement = signing.check_pdf(file.read_bytes(), signing.public_key(course.folder / signing.PUBLIC_KEY))
    assert (statement.name, statement.sponsor_number) == ("山田 花子", "No. 0042-b")


def test_without_a_provider_there_is_none(course: ACourse, capsys: pytest.CaptureFixture[str]) -> None:
    course.set(certificate={})
    assert cli.main(["certificate", str(course.folder)]) == 1
    course.set(certificate=PROVIDER)
    assert "certificate: provider" in capsys.readouterr().err


def test_a_missing_part_is_said(
    course: ACourse, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "fpdf", None)
    assert cli.main(["certificate", str(course.folder)]) == 1
    assert "pip install 'earned-security[certificate]'" in capsys.readouterr().err


def test_without_a_time_the_day_must_be_given(tmp_path: Path) -> None:
    settings = course_settings.CourseSettings(tmp_path)
    with pytest.raises(TeachingError, match="--date"):
        issuing.completed_on(settings, {})


@pytest.mark.parametrize(
    ("own", "line", "said"),
    [
        ({"sponsor_number": "7"}, 1, "needs the name of the sponsor"),
        ({"states": {"weather": "fine"}}, 3, "'weather' is nothing"),
        ({"font": "none.ttf"}, 2, "There is no file"),
        ({"credits": 20}, 1, "credits"),
        ({"sponsor": 7}, 2, "sponsor"),
    ],
)
def test_a_mistake_in_the_settings_is_named(
    tmp_path: Path, own: Mapping[str, Any], line: int, said: str
) -> None:
    (tmp_path / "course.yaml").write_text(yaml.safe_dump({"certificate": own}), "utf-8")
    assert [(p.line, said in p.message) for p in problems(tmp_path)] == [(line, True)]
    with pytest.raises(ContentError):
        course_settings.read(tmp_path)
