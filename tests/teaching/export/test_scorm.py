"""A module as a SCORM package: what is in it, and that a free runtime of SCORM records score and completion in Chromium."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import honest, right

from earned_security import curriculum
from earned_security.assessment.items import split
from earned_security.assessment.marking import mark
from earned_security.curriculum import source
from earned_security.interactive import pieces
from earned_security.publishing import assets, book
from earned_security.publishing.site.browsing import Server
from earned_security.teaching import TeachingError
from earned_security.teaching.bank import Bank
from earned_security.teaching.export import scorm, xapi

from . import from_npm

ROOT = Path(__file__).parents[3]
MODULE = xapi.find_module("4")
PAGE = "notebooks/04-building-safety-and-trust.html"
CHECKS = ("m4-sc-secure-bond-first", "m4-sc-validation", "m4-sc-no-problem")
ASSETS = "_static/earned-security-test"


@pytest.fixture(scope="module")
def small_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built book of two pages, with the course's own scripts and three of its self-checks."""
    built = tmp_path_factory.mktemp("book")
    for path, inside in assets._files():
        target = built / ASSETS / inside
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(assets._content(path))
    (built / ASSETS / "content").mkdir()
    (built / ASSETS / "cards").mkdir()
    (built / ASSETS / "cards" / "page.html").write_text(
        '<div popover id="card-a" class="es-card"><a href="../book/references.html#b">A work</a></div>'
    )
    hosts = ""
    for name in CHECKS:
        (built / ASSETS / "content" / f"{name}.json").write_text(json.dumps(pieces.content(name)))
        hosts += (
            f'<div class="es-host" id="piece-{name}" data-content="{name}.json?v=1" '
            'data-way-out="../book/crisis-and-grounding.html"></div>'
        )
    head = (
        f'<link rel="stylesheet" href="../{ASSETS}/pieces.css?v=1"/><link rel="canonical" href="https://example.org/"/>'
        f'<script type="module" src="../{ASSETS}/host.js?v=2"></script>'
    )
    body = (
        "<p><a href='../book/open-as-a-notebook.html'>Open it</a></p>"
        "<p>An <a href='../book/glossary.html#term-alliance'>alliance</a>, "
        "<a href='../book/crisis-and-grounding.html'>a way out</a>, <a href='https://example.org/a'>a work</a>.</p>"
    )
    for name, inner in ((PAGE, body + hosts), (scorm.WAY_OUT, "<p>Look round the room.</p>")):
        (built / name).parent.mkdir(exist_ok=True)
        (built / name).write_text(
            f'<!DOCTYPE html><html lang="en"><head>{head}</head><body><nav>All pages</nav><article class="bd-article">'
            f'<h1>A module<a class="headerlink" href="#m">#</a></h1>{inner}'
            '<div class="es-cards" data-source="page.html?v=3"></div></article><div class="extra_footer"><p>It is no '
            'supervision. <a href="../book/limits.html">Limits</a></p></div></body></html>'
        )
    return built


def unpack(package: bytes, place: Path) -> Path:
    zipfile.ZipFile(io.BytesIO(package)).extractall(place)
    return place


def schema_of(packager: Path, version: str, place: Path) -> Any:
    """ADL's and IMS's schemas for a manifest, as one."""
    etree = pytest.importorskip("lxml.etree")
    folder = (
        packager
        / "lib/schemas/definitionFiles"
        / ("scorm20044thedition" if version == "2004" else "scorm12edition")
    )
    names = (
        ("imscp_v1p1.xsd", "adlcp_v1p3.xsd")
        if version == "2004"
        else ("imscp_rootv1p1p2.xsd", "adlcp_rootv1p2.xsd")
    )
    spaces = scorm._2004 if version == "2004" else scorm._12
    both = "".join(
        f'<xs:import namespace="{space}" schemaLocation="{(folder / name).as_uri()}"/>'
        for space, name in zip(spaces, names, strict=True)
    )
    joined = place / "both.xsd"
    joined.write_text(f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{both}</xs:schema>')
    return etree.XMLSchema(etree.parse(str(joined)))


@pytest.mark.parametrize("version", scorm.VERSIONS)
def test_the_manifest_is_valid_and_names_every_file(
    small_book: Path, packager: Path, tmp_path: Path, version: scorm.Version
) -> None:
    etree = pytest.importorskip("lxml.etree")
    package = zipfile.ZipFile(io.BytesIO(scorm.package(small_book, MODULE, version)))
    manifest = etree.fromstring(package.read("imsmanifest.xml"))
    schema_of(packager, version, tmp_path).assertValid(manifest)
    named = [file.get("href") for file in manifest.iter("{*}file")]
    assert sorted(named) == sorted(set(package.namelist()) - {"imsmanifest.xml"})
    (resource,) = manifest.iter("{*}resource")
    assert resource.get("href") == PAGE


def test_the_page_stands_by_itself(small_book: Path) -> None:
    package = zipfile.ZipFile(io.BytesIO(scorm.package(small_book, MODULE)))
    page = package.read(PAGE).decode()
    assert "All pages" not in page and "Open it" not in page and "canonical" not in page
    assert "An alliance, " in page  # a link that leads out is words
    assert '<a href="../book/crisis-and-grounding.html">a way out</a>' in page
    assert 'rel="noopener"' in page
    assert "<p>It is no supervision. Limits</p>" in page and "CC BY 4.0" in page
    assert "A work" in package.read(f"{ASSETS}/cards/page.html").decode()
    assert "<a" not in package.read(f"{ASSETS}/cards/page.html").decode()
    names = set(package.namelist())
    assert f"{ASSETS}/self-check.js" in names and f"{ASSETS}/answers.js" in names
    assert not any("plotly" in name or "explorer" in name for name in names)  # no piece of this page needs it
    assert scorm.package(small_book, MODULE) == scorm.package(small_book, MODULE)


def test_a_book_that_is_not_built_is_said(tmp_path: Path) -> None:
    with pytest.raises(TeachingError, match="earned book"):
        scorm.package(tmp_path, MODULE)


LMS = """<!DOCTYPE html><html lang="en"><title>LMS</title><script src="scorm.js"></script><script>
const kept = JSON.parse(sessionStorage.getItem("kept") ?? "null");
window.{name} = new {api}({{ autocommit: false, logLevel: 5 }});
{name}.loadFromJSON({{ {learner}, ...kept }}, "");
</script><iframe src="package/{page}" width="1000" height="900"></iframe></html>"""


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return from_npm.unpacked(tmp_path_factory.mktemp("npm"), "scorm-again")


@pytest.fixture
def opened(chromium: Any, small_book: Path, runtime: Path, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """A learning management system made of scorm-again, showing the package to a learner."""
    places: list[Any] = []

    def show(
        version: scorm.Version, learner: str = "ann", context: Any = None, package: bytes | None = None
    ) -> Any:
        folder = tmp_path / f"lms-{len(places)}"
        unpack(package or scorm.package(small_book, MODULE, version), folder / "package")
        new = version == "2004"
        (folder / "scorm.js").write_bytes(
            (runtime / "dist" / f"scorm{'2004' if new else '12'}.min.js").read_bytes()
        )
        names = ("API_1484_11", "Scorm2004API") if new else ("API", "Scorm12API")
        who = f'learner_id: "{learner}"' if new else f'core: {{ student_id: "{learner}" }}'
        (folder / "index.html").write_text(LMS.format(name=names[0], api=names[1], learner=who, page=PAGE))
        server = Server(folder)
        own = context or chromium.new_context()
        page = own.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((server.site, "data:", "blob:"))
                else faults.append(request.url)
            ),
        )
        places.append((server, own))
        page.goto(f"{server.site}index.html")
        page.faults = faults
        return page

    yield show
    for server, own in places:
        own.close()
        server.stop()


def answer(page: Any, name: str, *texts: str) -> None:
    """Choose and check, as a learner does."""
    piece = page.frame_locator("iframe").locator(f"#piece-{name}")
    piece.scroll_into_view_if_needed()
    for text in texts:
        piece.get_by_label(text, exact=False).first.check()
    piece.locator("button.es-primary").click()
    piece.locator(".es-feedback").first.wait_for()


def texts_of(name: str, chosen: list[str] | str) -> list[str]:
    item = next(
        split(entry)[0]
        for entry in source.read("self-checks/04-building-safety-and-trust")
        if entry["id"] == name
    )
    return [text for part, text in item.texts("options").items() if part in chosen]


def key_of(name: str) -> Any:
    return next(e["key"] for e in source.read("self-checks/04-building-safety-and-trust") if e["id"] == name)


def recorded(page: Any, version: str) -> dict[str, Any]:
    cmi = "API_1484_11.cmi" if version == "2004" else "API.cmi"
    found: dict[str, Any] = page.evaluate(f"JSON.parse(JSON.stringify({cmi}.toJSON()))")
    return found


@pytest.mark.browser
def test_score_and_completion_are_recorded_by_scorm_again(opened: Callable[..., Any]) -> None:
    page = opened("2004")
    status = page.frame_locator("iframe").locator("#scorm-status")
    status.get_by_text("0 of 3").wait_for()
    assert recorded(page, "2004")["completion_status"] == "incomplete"
    answer(page, CHECKS[0], *texts_of(CHECKS[0], "stalls"))  # not what the key says
    answer(page, CHECKS[1], *texts_of(CHECKS[1], key_of(CHECKS[1])))
    status.get_by_text("2 of 3").wait_for()
    half = recorded(page, "2004")
    assert half["completion_status"] == "incomplete"
    assert float(half["progress_measure"]) == pytest.approx(2 / 3, abs=1e-3)
    most, first = float(half["score"]["max"]), float(half["score"]["raw"])
    assert 0 < first < most and float(half["score"]["scaled"]) == pytest.approx(first / most, abs=1e-3)
    answer(page, CHECKS[2], *texts_of(CHECKS[2], key_of(CHECKS[2])))
    status.get_by_text("as completed").wait_for()
    whole = recorded(page, "2004")
    assert whole["completion_status"] == "completed" and "stalls" in whole["suspend_data"]
    assert float(whole["score"]["scaled"]) == pytest.approx(2 / 3, abs=1e-3)
    piece = page.frame_locator("iframe").locator(f"#piece-{CHECKS[0]}")
    piece.get_by_role("button", name="again").click()
    answer(page, CHECKS[0], *texts_of(CHECKS[0], key_of(CHECKS[0])))
    page.wait_for_function("API_1484_11.cmi.score.scaled === '1'")
    assert recorded(page, "2004")["completion_status"] == "completed"
    assert page.faults == []


def longest(content: dict[str, Any]) -> Any:
    """The answer to a self-check that takes the most room."""
    ids = [part["id"] for name in ("options", "passages") for part in content.get(name, [])]
    if content["type"] in ("match", "classify"):
        return {entry["id"]: max(ids, key=len) for entry in content["entries"]}
    if content["type"] == "choose-one":
        return max(ids, key=len)
    return ids or -123456.123456


@pytest.mark.parametrize("module", [str(number) for number in range(1, 11)])
def test_every_answer_of_a_module_has_room_in_the_narrower_standard(module: str) -> None:
    """SCORM 1.2 keeps 4096 characters; of more, the system would keep nothing."""
    found = xapi.find_module(module)
    contents = source.read(f"self-checks/{found.number:02}-{found.id}")
    answers = {entry["id"]: {"value": longest(entry), "time": 1_800_000_000_000} for entry in contents}
    assert len(json.dumps(answers, separators=(",", ":"))) <= 4096


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("version", scorm.VERSIONS)
def test_the_way_out_and_back_loses_nothing(opened: Callable[..., Any], version: str) -> None:
    page = opened(version)
    frame = page.frame_locator("iframe")
    frame.get_by_text("0 of 3").wait_for()
    frame.get_by_role("link", name="a way out").click()
    frame.get_by_text("Look round the room").wait_for()
    page.frames[1].evaluate("history.back()")
    frame.get_by_text("0 of 3").wait_for()
    answer(page, CHECKS[1], *texts_of(CHECKS[1], key_of(CHECKS[1])))
    frame.get_by_text("1 of 3. This is reported").wait_for()
    assert CHECKS[1] in recorded(page, version)["suspend_data"]


@pytest.mark.slow
@pytest.mark.browser
def test_scorm_1_2_is_told_the_same(opened: Callable[..., Any]) -> None:
    page = opened("1.2")
    for name in CHECKS:
        answer(page, name, *texts_of(name, key_of(name)))
    page.frame_locator("iframe").get_by_text("as completed").wait_for()
    core = recorded(page, "1.2")["core"]
    assert core["lesson_status"] == "completed" and float(core["score"]["raw"]) == 100
    assert page.faults == []


@pytest.mark.slow
@pytest.mark.browser
def test_a_real_module_runs_and_asks_no_other_host(opened: Callable[..., Any]) -> None:
    built = book.built(ROOT)
    if not (built / PAGE).is_file():
        pytest.skip("The book is not built.")
    page = opened("2004", package=scorm.package(built, MODULE))
    frame = page.frame_locator("iframe")
    frame.locator("#scorm-status").get_by_text("0 of").wait_for()
    for host in frame.locator(".es-host").all():
        host.scroll_into_view_if_needed()
        host.locator("section").first.wait_for()
    answer(page, CHECKS[1], *texts_of(CHECKS[1], key_of(CHECKS[1])))
    frame.locator("#scorm-status").get_by_text("1 of").wait_for()
    assert float(recorded(page, "2004")["score"]["raw"]) > 0
    frame.get_by_role("link", name="a way out, and grounding").first.click()
    frame.get_by_role("heading", level=1).get_by_text("grounding").wait_for()
    assert page.faults == []


@pytest.mark.slow
@pytest.mark.browser
def test_answers_come_back_elsewhere_and_never_to_somebody_else(
    opened: Callable[..., Any], chromium: Any
) -> None:
    page = opened("2004")
    answer(page, CHECKS[1], *texts_of(CHECKS[1], key_of(CHECKS[1])))
    page.frame_locator("iframe").get_by_text("1 of 3").wait_for()
    kept = recorded(page, "2004")["suspend_data"]
    elsewhere = chromium.new_context()
    elsewhere.add_init_script(
        f"sessionStorage.setItem('kept', {json.dumps(json.dumps({'suspend_data': kept}))})"
    )
    again = opened("2004", context=elsewhere)
    again.frame_locator("iframe").get_by_text("1 of 3").wait_for()
    piece = again.frame_locator("iframe").locator(f"#piece-{CHECKS[1]}")
    piece.scroll_into_view_if_needed()
    piece.locator(".es-feedback").first.wait_for()
    # The same browser, another person: nothing of the first is shown.
    storage = page.frames[1].evaluate(
        "Object.keys(localStorage).filter((key) => key.includes(':saved:')).length"
    )
    assert storage == 1
    page.evaluate("sessionStorage.setItem('kept', JSON.stringify({ learner_id: 'ben' }))")
    page.reload()
    page.frame_locator("iframe").get_by_text("0 of 3").wait_for()


@pytest.mark.browser
def test_without_a_system_the_page_works_and_says_so(chromium: Any, small_book: Path, tmp_path: Path) -> None:
    server = Server(unpack(scorm.package(small_book, MODULE), tmp_path))
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{server.site}{PAGE}")
    page.get_by_text("No learning management system was found").wait_for()
    context.close()
    server.stop()


@pytest.mark.browser
def test_the_pages_rule_gives_the_share_that_marking_gives(
    chromium: Any, small_book: Path, tmp_path: Path, all_types: Bank
) -> None:
    server = Server(unpack(scorm.package(small_book, MODULE), tmp_path))
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{server.site}{PAGE}")
    items = [pair for pair in all_types.items if pair[0].type not in scorm._BY_HAND]
    checks = {item.id: scorm.check({**item.public(), "key": key.value}) for item, key in items}
    script = (
        f"(asked) => import('{server.site}{ASSETS}/scorm.js')"
        ".then(({share}) => asked.map(([check, value]) => share(check, value)))"
    )
    for item, key in items:
        assert page.evaluate(script, [[checks[item.id], right(item, key)]]) == [pytest.approx(1)], item.id

    one = st.sampled_from(items).flatmap(lambda pair: st.tuples(st.just(pair), honest(pair[0])))

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(one, min_size=30, max_size=60))
    def hold(drawn: Any) -> None:
        found = page.evaluate(script, [[checks[item.id], value] for (item, _), value in drawn])
        for ((item, key), value), share in zip(drawn, found, strict=True):
            assert abs(share * item.points - mark(item, key, value).points) < 0.0051, (item.id, value)

    hold()
    context.close()
    server.stop()


def test_where_nothing_is_judged_nothing_is_scored(all_types: Bank) -> None:
    item, key = all_types.items[0]
    content = {**item.public(), "key": key.value}
    assert scorm.check(content)["judged"] and not scorm.check({**content, "feedback": "neutral"})["judged"]


def test_every_module_has_self_checks_that_a_score_can_come_from() -> None:
    for module in curriculum.load().modules.values():
        checks = [
            scorm.check(pieces.content(entry["id"]))
            for entry in source.read(f"self-checks/{module.number:02}-{module.id}")
        ]
        assert sum(check["judged"] for check in checks) >= 3, module.id
