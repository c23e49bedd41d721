"""The report's page and tables: self-contained, without names, honest about small classes, and the same numbers."""

from __future__ import annotations

import base64
import csv
import dataclasses
import hashlib
import itertools
import re
from datetime import date
from pathlib import Path

import lxml.html
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from earned_security import cases
from earned_security.teaching.report import case_paths, figures, marks, report_command, results, tables
from earned_security.teaching.report.case_paths import BRANCH
from earned_security.teaching.report.gathering import Cohort
from earned_security.teaching.report.page import page
from earned_security.teaching.report.results import Results

from .a_cohort import LAST, TASKS, a_cohort, renamed

DAY = date(2027, 6, 1)


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return a_cohort(40)


@pytest.fixture(scope="module")
def found(cohort: Cohort) -> Results:
    return results.of_cohort(cohort)


@pytest.fixture(scope="module")
def small() -> Results:
    return results.of_cohort(a_cohort(8))


def test_nothing_is_fetched_and_nothing_runs(found: Results) -> None:
    text = page(found, DAY)
    tree = lxml.html.fromstring(text)
    assert not tree.xpath("//script | //link | //img | //iframe | //object | //@style | //@src")
    assert not [name for element in tree.iter() for name in element.attrib if name.startswith("on")]
    assert all(str(target).startswith("#") for target in tree.xpath("//@href"))
    ids = [str(id_) for id_ in tree.xpath("//@id")]
    assert len(ids) == len(set(ids))
    assert {str(t)[1:] for t in tree.xpath("//a/@href")} <= set(ids)
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.S)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert "default-src 'none'" in policy and f"'sha256-{digest}'" in policy and "unsafe" not in policy
    assert "http" not in style and "url(" not in style
    assert text == page(found, DAY), "the same numbers give the same bytes"


def test_no_names_unless_they_are_asked_for(cohort: Cohort, found: Results, tmp_path: Path) -> None:
    tables.write(tmp_path, found)
    written = page(found, DAY) + "".join(file.read_text("utf-8-sig") for file in tmp_path.glob("*.csv"))
    assert "Zenobia" not in written and "trainee" not in written.replace("trainees", "").lower()
    assert "T01" in written and "T40" in written
    codes = cohort.codes()
    assert [codes[id_] for id_ in sorted(codes)] != sorted(codes.values()), "the order says nothing"
    assert dataclasses.replace(cohort, course="another").codes() != codes
    named = page(results.of_cohort(cohort, names=True), DAY)
    assert "Zenobia Example-07 (trainee07)" in named and "by their names" in named


def test_every_figure_has_words_and_a_table_beside_it(found: Results) -> None:
    tree = lxml.html.fromstring(page(found, DAY))
    drawn = tree.xpath("//figure")
    assert len(drawn) >= 7
    for each in drawn:
        (svg,) = each.xpath(".//*[local-name()='svg']")
        assert svg.get("role") == "img"
        title, description = (tree.get_element_by_id(id_).text for id_ in svg.get("aria-labelledby").split())
        assert len(title) > 10 and len(description) > 30
        assert each.xpath(".//details//table//td"), title


def test_a_small_class_gets_sentences(small: Results) -> None:
    text = page(small, DAY)
    tree = lxml.html.fromstring(text)
    assert small.gains.gain is None and "takes 10 learners, and there are 8" in text
    assert all(analysis.reliability.value is None for analysis in small.analyses)
    assert not any(each.flags for analysis in small.analyses for each in analysis.items)
    assert "reliability takes 30 learners" in text
    (row,) = tree.xpath("//table[caption='Marks by module, in percent of the points']/tbody/tr")
    assert [cell.text for cell in row][2:5] == ["too few"] * 3
    tiny = results.of_cohort(a_cohort(4))
    assert 'class="plot flow"' in text and 'class="plot flow"' not in page(tiny, DAY)
    assert "A single path would point to a person" in page(tiny, DAY)
    empty = dataclasses.replace(small.cohort, works=())
    assert "Nothing has been handed in yet" in page(results.of_cohort(empty), DAY)


def test_time_on_task_is_said_to_be_unknown(found: Results) -> None:
    (section,) = lxml.html.fromstring(page(found, DAY)).xpath("//section[@aria-labelledby='time']")
    assert section.text_content().startswith("Time on taskNot recorded.")


def test_marks_by_objective_leave_out_what_only_prepares(cohort: Cohort) -> None:
    observed, unobserved = TASKS.items[0][0].objective, TASKS.items[-1][0].objective
    pairs = [
        (dataclasses.replace(item, objective=observed), dataclasses.replace(key, prepares=True))
        if number < 3
        else (item, key)
        for number, (item, key) in enumerate(LAST.items)
    ]
    bank = dataclasses.replace(LAST, items=tuple(pairs))
    works = [
        dataclasses.replace(work, bank=bank) if work in cohort.modules else work for work in cohort.works
    ]
    changed = dataclasses.replace(cohort, works=tuple(works))
    found = marks.by_objective(changed)
    sheet = cohort.modules[0].sheets["trainee01"]
    for objective in {item.objective for item, _ in pairs[3:]}:
        own = [item for item, _ in pairs[3:] if item.objective == objective]
        mark = found["trainee01"][objective]
        assert mark.possible == sum(item.points for item in own)
        assert mark.earned == pytest.approx(sum(sheet.points[item.id] or 0 for item in own))
    assert found["trainee01"][observed].possible == TASKS.items[0][0].points
    assert found["trainee01"][observed].percent == pytest.approx(75)
    assert found["trainee02"][observed].state == "not observed", "and never 0"
    assert found["trainee01"][unobserved].state == "not observed"
    assert marks.prepared(changed) == {observed: 3}


def test_the_knowledge_test_is_in_no_mark(cohort: Cohort, found: Results) -> None:
    assert set(found.modules["trainee01"]) == {LAST.module}
    sheet = cohort.modules[0].sheets["trainee01"]
    mark = found.modules["trainee01"][str(LAST.module)]
    assert (mark.earned, mark.possible) == (
        pytest.approx(sum(p or 0 for p in sheet.points.values())),
        LAST.points,
    )


def test_waiting_late_and_missing_work(cohort: Cohort) -> None:
    work = cohort.modules[0]
    sheets = dict(work.sheets)
    some = next(iter(sheets["trainee01"].points))
    sheets["trainee01"] = dataclasses.replace(
        sheets["trainee01"], points={**sheets["trainee01"].points, some: None}
    )
    sheets["trainee02"] = dataclasses.replace(sheets["trainee02"], penalty=5.0)
    del sheets["trainee03"]
    changed = dataclasses.replace(
        cohort,
        works=tuple(dataclasses.replace(w, sheets=sheets) if w is work else w for w in cohort.works),
    )
    before, after = marks.by_module(cohort), marks.by_module(changed)
    name = str(LAST.module)
    assert after["trainee01"][name].state == "waits" and after["trainee01"][name].percent is None
    assert after["trainee02"][name].earned == pytest.approx(before["trainee02"][name].earned - 5)
    assert after["trainee03"][name].state == "not handed in"
    text = page(results.of_cohort(changed), DAY)
    assert "1 waits, 1 not handed in" in text


def test_the_tables_hold_the_numbers_of_the_page(found: Results, tmp_path: Path) -> None:
    files = {file.stem: file for file in tables.write(tmp_path, found)}
    rows = {name: list(csv.DictReader(file.open(encoding="utf-8-sig"))) for name, file in files.items()}
    assert len(rows["marks-by-module"]) == 40 and len(rows["gain"]) == 40
    text = page(found, DAY)
    flagged = [row for row in rows["items"] if row["review"]]
    assert len(flagged) == sum(len(analysis.to_review) for analysis in found.analyses) > 0
    for row in flagged:
        assert f"({row['item']}, {row['objective']})" in text
    chosen = {(row["item"], row["option"]): int(row["chosen"]) for row in rows["options"] if not row["entry"]}
    item = next(each for each in found.analyses[0].items if each.item.type == "choose-one")
    assert [chosen[item.item.id, choice.text] for choice in item.choices] == [c.chosen for c in item.choices]
    normalised = next(row for row in rows["gain-of-the-class"] if row["what"] == "normalised gain")
    assert found.gains.gain is not None
    assert float(normalised["value"]) == pytest.approx(found.gains.gain.normalised, rel=1e-5)
    assert rows["reliability"][0]["which"] in ("alpha", "KR-20")


def test_only_their_owner_can_open_the_files(
    small: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("earned_security.teaching.report.gathering.of_course", lambda folder: small.cohort)
    tmp_path.chmod(0o755)
    files = report_command.write(tmp_path, tmp_path)
    assert len(files) == 10 and {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_what_is_written_in_a_bank_is_text(cohort: Cohort, tmp_path: Path) -> None:
    bad = "=1+1 <script>alert(1)</script> \" ' & <b>"
    hostile = results.of_cohort(renamed(dataclasses.replace(cohort, works=cohort.works[:1]), bad))
    text = page(hostile, DAY)
    assert "<script" not in text and "&lt;script&gt;" in text
    assert (
        tables._cell(bad).startswith("'=")
        and tables._cell("\t=1") == "'\t=1"
        and tables._cell("＝1") == "'＝1"
    )


def test_passages_through_a_case_are_those_that_were_played(cohort: Cohort, found: Results) -> None:
    for paths in found.paths:
        assert paths.learners + paths.written >= 30
        going: dict[str, int] = {}
        for flow in paths.flows:
            going[flow.source] = going.get(flow.source, 0) + flow.count
            going[flow.target] = going.get(flow.target, 0) - flow.count
        ended = dict(paths.endings)
        assert sum(ended.values()) == paths.learners
        for scene, surplus in going.items():
            expected = paths.learners if scene == paths.case.first_scene else -ended.get(scene, 0)
            assert surplus == expected, f"who comes to {scene} leaves it or ends there"
        met = {scene for row in paths.rows for scene in row}
        assert set(going) == met and sum(len(row) for row in paths.rows) == len(met)
    assert any(BRANCH in {flow.source for flow in paths.flows} for paths in found.paths)
    # One play, counted by hand.
    item, _ = next(pair for pair in LAST.items if pair[0].type == "play-case")
    case = cases.load(item.content["case"])
    play, _ = cases.from_stored(case, cohort.modules[0].sheets["trainee01"].answers.get(item.id))
    assert play is not None
    moved = [(s, t) for s, t, _ in case_paths._passages(case, play)]
    assert moved[0][0] == case.first_scene and moved[-1][1] == play.scene
    assert all(a[1] == b[0] for a, b in itertools.pairwise(moved))


def test_a_drawing_keeps_extremes_inside() -> None:
    drawn = figures.strips(
        "x", "t", "d", [("A long label that has to be wrapped somewhere", [0, 100, 140])], [None]
    )
    assert all(0 <= float(x) <= figures.WIDTH for x in re.findall(r'cx="([-\d.]+)"', drawn))
    drawn = figures.scatter("x", "t", "d", [(0.0, -1.0, "a", True), (1.0, 1.0, "b", False)])
    assert all(0 <= float(x) <= figures.WIDTH for x in re.findall(r'(?:cx|x)="([-\d.]+)"', drawn))


@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (1280, "light"),
        (390, "dark"),
        pytest.param(390, "light", marks=pytest.mark.slow),
        pytest.param(1280, "dark", marks=pytest.mark.slow),
    ],
)
def test_the_page_in_a_browser(
    found: Results, chromium: Browser, tmp_path: Path, width: int, scheme: str
) -> None:
    (tmp_path / "report.html").write_text(page(found, DAY), "utf-8")
    view = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    asked: list[str] = []
    said: list[str] = []
    view.on("request", lambda request: asked.append(request.url))
    view.on("console", lambda message: said.append(message.text))
    view.goto((tmp_path / "report.html").as_uri())
    assert view.evaluate("document.documentElement.scrollWidth") <= width, "only tables and figures scroll"
    assert view.evaluate("getComputedStyle(document.querySelector('.plot .dot')).fill") != "rgb(0, 0, 0)"
    assert Axe().run(view).response["violations"] == []
    first = view.locator("summary").first
    first.focus()
    view.keyboard.press("Enter")
    assert view.locator("details").first.evaluate("each => each.open")
    view.evaluate(
        "document.querySelectorAll('section:not([aria-labelledby=items]) details').forEach(d => d.open = true)"
    )
    assert Axe().run(view).response["violations"] == []
    assert len(asked) == 1 and not said, (asked, said)
    view.close()


@pytest.mark.browser
def test_on_paper_nothing_stays_folded(found: Results, chromium: Browser, tmp_path: Path) -> None:
    pypdfium2 = pytest.importorskip("pypdfium2")
    (tmp_path / "report.html").write_text(page(found, DAY), "utf-8")
    view = chromium.new_page()
    view.goto((tmp_path / "report.html").as_uri())
    document = pypdfium2.PdfDocument(view.pdf(format="A4"))
    text = " ".join(sheet.get_textpage().get_text_range() for sheet in document)
    assert "Each learner by module, in percent" in text
    view.close()
