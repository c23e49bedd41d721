"""The class server as it runs: real accounts, a real hub, Chromium; from fetching to reading the feedback.

The tests follow one another on one machine, as a course does. With ``EARNED_PICTURES=1`` they also make the manual's
pictures.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from lab.running import READY_ON_SERVER
from lab.test_formgrader import ASSIGNMENT, BANK, CHOICE, COMMENT, WRITTEN, mark_by_hand, said
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect

from deploy import institution
from deploy.machine import COURSE, NOT_ROOT, PASSWORD, REPOSITORY, CannotRun, Machine, machine
from deploy.person import Person
from earned_security.teaching.server import session

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(os.geteuid() != 0, reason=NOT_ROOT),
]

TRAINEES = ("ada", "ben", "chi")
PICTURES = REPOSITORY / "book" / "teaching" / "pictures"
LARGEST_PICTURE = 80_000  # bytes
NOTEBOOK = f"{COURSE}/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"


@pytest.fixture(scope="module")
def server() -> Iterator[Machine]:
    try:
        with machine(TRAINEES) as made:
            roster = made.root / "roster.csv"
            names = "".join(f"{made.account(name)},{name.title()},Example\n" for name in TRAINEES)
            roster.write_text(f"id,first_name,last_name\n{names}")
            roster.chmod(0o644)
            made.earned("course", "roster", str(made.course), str(roster), account=made.grader)
            made.earned("course", "assemble", str(made.course), ASSIGNMENT, account=made.grader)
            yield made
    except CannotRun as missing:
        pytest.skip(str(missing))


class Browsers(dict[str, BrowserContext]):
    """A browser for each person, signed in when it is first asked for."""

    def __init__(self, server: Machine, chromium: Browser) -> None:
        super().__init__()
        self.server, self.chromium = server, chromium

    def __missing__(self, name: str) -> BrowserContext:
        height = 1000 if name == "ines" else 760  # formgrader's tables begin far down
        context = self.chromium.new_context(viewport={"width": 1100, "height": height})
        context.set_default_timeout(90_000)
        sign_in(self.server, context, name)
        self[name] = context
        return context


@pytest.fixture(scope="module")
def contexts(server: Machine, chromium: Browser) -> Iterator[Browsers]:
    made = Browsers(server, chromium)
    yield made
    for context in made.values():
        context.close()


def sign_in(server: Machine, context: BrowserContext, name: str) -> None:
    page = context.new_page()
    page.goto(server.address)
    if name == "ada":
        page.get_by_label("Username").fill(name)
        picture(page, server, "sign-in")
    page.get_by_label("Username").fill(server.account(name))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**/user/{server.account(name)}/lab**", timeout=120_000)
    page.get_by_role("menuitem", name="Nbgrader").wait_for()
    if name == "ada":
        page.get_by_role("heading", name="Your assignments").wait_for()
        picture(page, server, "learners-first-page")
    page.close()


def picture(page: Page, server: Machine, name: str) -> None:
    """A small picture for the manual; only where it is asked for. The tests' accounts get a plain name in it."""
    if os.environ.get("EARNED_PICTURES") != "1":
        return
    import io

    from PIL import Image

    plain = """prefix => {
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walk.nextNode()) walk.currentNode.data = walk.currentNode.data.replaceAll(prefix, "");
    }"""
    for frame in page.frames:
        frame.evaluate(plain, f"{server.prefix}-")
    page.wait_for_timeout(500)
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    PICTURES.mkdir(parents=True, exist_ok=True)
    for colours in (128, 64, 32, 16):
        small = image.quantize(colours, dither=Image.Dither.NONE)
        small.save(PICTURES / f"{name}.png", optimize=True)
        if (PICTURES / f"{name}.png").stat().st_size <= LARGEST_PICTURE:
            return
    raise AssertionError(f"{name}.png cannot be made small enough")


def lab(server: Machine, context: BrowserContext, account: str, path: str = "lab") -> Page:
    page = context.new_page()
    page.goto(f"{server.address}/user/{account}/{path}{'&' if '?' in path else '?'}reset")
    return page


def nbgrader(page: Page, entry: str) -> None:
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.get_by_role("menuitem", name=entry).click()


def desk(server: Machine, context: BrowserContext) -> tuple[Page, FrameLocator]:
    """Formgrader in the server of the account that marks, which the instructor may open."""
    page = lab(server, context, server.grader)
    nbgrader(page, "Formgrader")
    return page, page.frame_locator("iframe").first


def test_an_instructor_opens_the_course_and_releases(server: Machine, contexts: Browsers) -> None:
    context = contexts["ines"]
    page = lab(server, context, server.account("ines"))
    nbgrader(page, "Course List")
    link = page.get_by_role("link", name=COURSE)
    link.wait_for()
    picture(page, server, "course-list")
    with context.expect_page() as opened:
        link.click()
    page.close()
    page = opened.value
    page.locator("a#start").click()  # its server does not run yet
    page.get_by_role("button", name="Authorize").click(timeout=120_000)
    grading = page.frame_locator("iframe").first
    grading.locator("td.release a").click(timeout=120_000)
    assert "Successfully released" in said(grading)
    picture(page, server, "formgrader-released")
    page.close()


@pytest.mark.parametrize("name", TRAINEES)
def test_a_trainee_fetches_answers_and_submits(server: Machine, contexts: Browsers, name: str) -> None:
    context, account = contexts[name], server.account(name)
    page = lab(server, context, account)
    page.get_by_role("menuitem", name="Nbgrader").click()
    for hidden in ("Formgrader", "Course List"):
        assert page.get_by_role("menuitem", name=hidden).count() == 0
    page.get_by_role("menuitem", name="Assignment List").click()
    page.get_by_role("button", name="Fetch", exact=True).click()
    page.get_by_role("button", name="Submit").wait_for()
    if name == "ada":
        picture(page, server, "assignment-list")
    page.goto(f"{server.address}/user/{account}/lab/tree/{NOTEBOOK}?reset")
    page.get_by_text(READY_ON_SERVER).wait_for()
    exercises = page.locator("section.es-exercise")
    key = next(key.value for item, key in BANK.items if item.id == CHOICE)
    if name == "ada":  # changes an answer
        exercises.first.locator(f"input:not([value='{key}'])").first.check()
        expect(exercises.first.locator(".es-status")).to_have_text("Saved.")
        exercises.first.scroll_into_view_if_needed()
        picture(page, server, "answering")
    exercises.first.locator(f"input[value='{key}']").check()
    expect(exercises.first.locator(".es-status")).to_have_text("Saved.")
    text = page.locator("section.es-exercise textarea").last
    text.fill(WRITTEN)
    text.blur()
    expect(exercises.filter(has=page.locator("textarea")).last.locator(".es-status")).to_have_text("Saved.")
    page.close()
    page = lab(server, context, account)
    nbgrader(page, "Assignment List")
    page.get_by_role("button", name="Submit").click()
    expect(page.locator("#submitted_assignments_list, .jp-nbgrader-assignments")).to_contain_text(ASSIGNMENT)
    page.close()
    (handed_in,) = (server.exchange / COURSE / "inbound").glob(f"{account}+*")
    assert handed_in.owner() == account


def test_the_instructor_collects_marks_and_gives_feedback(server: Machine, contexts: Browsers) -> None:
    page, grading = desk(server, contexts["ines"])
    grading.locator("td.collect a").click()
    collected = said(grading)
    for name in TRAINEES:
        assert f"{server.account(name)}, {ASSIGNMENT}: collected" in collected
    grading.locator("td.num-submissions a").click()
    for place in range(len(TRAINEES)):
        grading.locator("td.autograde a").nth(place).click()
        assert "Successfully autograded" in said(grading)
    expect(grading.locator("tbody tr").first).to_contain_text("needs manual grading")
    picture(page, server, "formgrader-submissions")
    mark_by_hand(grading, page)
    page, grading = desk(server, contexts["ines"])
    grading.locator("td.generate-feedback a").wait_for()
    grading.locator("td.generate-feedback a").click()
    assert "Successfully generated feedback" in said(grading)
    grading.locator("td.release-feedback a").click()
    assert "Successfully released feedback" in said(grading)
    page.close()


def test_trainees_read_their_feedback(server: Machine, contexts: Browsers) -> None:
    comments = []
    for name in TRAINEES:
        account = server.account(name)
        page = lab(server, contexts[name], account)
        nbgrader(page, "Assignment List")
        page.get_by_role("button", name="Fetch Feedback").click()
        page.get_by_text("view feedback").first.wait_for()
        home = server.home(name) / "earned-security"
        (feedback,) = (home / COURSE / ASSIGNMENT / "feedback").rglob("*.html")
        page.goto(f"{server.address}/user/{account}/files/{feedback.relative_to(home)}")
        expect(page.locator("body")).to_contain_text("You answered:")
        expect(page.locator("body")).not_to_contain_text("For the marker")
        if COMMENT in page.content():
            comments.append(name)
            picture(page, server, "feedback")
        page.close()
    assert len(comments) == 1  # one was marked by hand


def test_a_trainee_reaches_nothing_of_another_by_address(server: Machine) -> None:
    """Through the hub and the proxy, signed in as a trainee."""
    ben = Person(server.address, server.account("ben"), PASSWORD)
    ben.sign_in()
    for other in (server.account("ada"), server.account("ines"), server.grader):
        for path in (
            "lab",
            "api/contents",
            "api/terminals",
            "formgrader",
            "files/course.yaml",
            "api/kernels",
        ):
            answer = ben.patiently("GET", f"{server.address}/user/{other}/{path}", busy=False)
            assert answer.status_code in (403, 404), f"{other}/{path}: {answer.status_code} {answer.url}"
            assert "gradebook" not in answer.text and "course.yaml" not in answer.text
        assert ben.patiently("GET", f"{server.address}/hub/spawn/{other}").status_code in (403, 404)
        api = ben.patiently("GET", f"{server.address}/hub/api/users/{other}", busy=False)
        assert api.status_code in (403, 404), other
    ben.start()
    for path in ("formgrader", "formgrader/api/status", "formgraders", "assignments/validate"):
        assert ben.ask("GET", path).status_code == 404, path
    assert ben.patiently("GET", f"{server.address}/hub/admin", busy=False).status_code in (403, 404)


def test_a_trainee_reaches_nothing_of_another_by_the_contents_api(server: Machine) -> None:
    ben = Person(server.address, server.account("ben"), PASSWORD)
    ben.sign_in()
    ben.start()
    aims = private_places(server)
    root = server.home("ben") / "earned-security"
    for number, aim in enumerate(aims):
        up = "/".join([".."] * len(root.parts[1:]))
        assert ben.ask("GET", f"api/contents/{up}{aim}").status_code in (400, 403, 404), aim
        assert ben.ask("GET", f"api/contents/{aim}").status_code in (400, 403, 404), aim
        # A link in one's own folder leads the server there, under one's own account.
        link = root / f"link-{number}"
        server.run("ln", "-s", str(aim), str(link), account=server.account("ben"))
        for path in (f"api/contents/{link.name}", f"files/{link.name}"):
            answer = ben.ask("GET", path)
            found = answer.json() if path.startswith("api") and answer.ok else {}
            assert not answer.ok or not found.get("content"), f"{path} -> {aim}: {answer.text[:300]}"


def test_a_trainee_reaches_nothing_of_another_by_a_kernel_or_a_terminal(server: Machine) -> None:
    """What runs in a kernel or a terminal runs as the trainee's account: each place is tried in both."""
    ben = Person(server.address, server.account("ben"), PASSWORD)
    ben.sign_in()
    ben.start()
    kernel = ben.open("modules/04-building-safety-and-trust.ipynb")
    lines = [
        "import os, pathlib",
        f"places = {[str(place) for place in private_places(server)]!r}",
        "def reached(place):",
        "    try:",
        "        return os.listdir(place) if os.path.isdir(place) else bool(open(place, 'rb').read(1))",
        "    except OSError:",
        "        return None",
        "print([place for place in places if reached(place)], os.getuid() == 0)",
    ]
    assert kernel.run("\n".join(lines))[""].strip() == "[] False"
    # What a kernel says goes through sockets in a home, where nobody else can listen.
    lines = ["import json, os", "from ipykernel.connect import get_connection_info"]
    lines += [
        "said = json.loads(get_connection_info())",
        "print(said['transport'], os.path.dirname(said['ip']))",
    ]
    assert kernel.run("\n".join(lines))[""].split() == ["ipc", str(server.home("ben") / session.SOCKETS)]
    # Nobody can change what others get, or take it away.
    exchange = server.exchange / COURSE
    released = exchange / "outbound" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    handed_in = next((exchange / "inbound").glob(f"{server.account('ada')}+*"))
    for attempt in (
        f"open({str(released)!r}, 'a')",
        f"os.rename({str(exchange)!r}, {str(exchange) + '-gone'!r})",
        f"os.rename({str(handed_in)!r}, {str(handed_in) + '-gone'!r})",
        f"os.listdir({str(exchange / 'inbound')!r})",
        f"os.listdir({str(exchange / 'feedback')!r})",
        "os.setuid(0)",
        f"os.kill({server.hub_process and server.hub_process.pid}, 9)",
    ):
        code = f"import os\ntry:\n    {attempt}\n    print('reached')\nexcept PermissionError:\n    print('refused')"
        assert kernel.run(code)[""].strip() == "refused", attempt
    assert server.token not in kernel.run("print(dict(os.environ))")[""]
    kernel.close()
    # The same as that account in a shell, which is what a terminal is.
    for place in private_places(server):
        done = server.run(
            "sh", "-c", f"ls {place}/ || cat {place}", account=server.account("ben"), check=False
        )
        assert done.returncode and not done.stdout, place


def private_places(server: Machine) -> list[Path]:
    """Everything that is not ben's: folders and files, each there."""
    found = [
        server.course,
        server.course / "gradebook.db",
        server.course / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb",
        server.course / "submitted" / server.account("ada"),
        server.home("ada"),
        server.home("ada") / "earned-security" / NOTEBOOK,
        server.home("ines"),
        server.home("grader"),
        server.checkout / "exercises" / "bank" / "04-building-safety-and-trust.yaml",
        server.checkout / "exercises",
        server.root / "hub" / "jupyterhub.sqlite",
        server.root / "hub" / "cookie_secret",
        server.exchange / COURSE / "inbound",
        server.exchange / COURSE / "feedback",
    ]
    assert all(place.exists() for place in found), [place for place in found if not place.exists()]
    return found


def test_somebody_elses_name_on_a_submission_is_found(server: Machine) -> None:
    """Owners are checked with real accounts: what ben puts there under ada's name goes into quarantine."""
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f} UTC"
    forged = server.exchange / COURSE / "inbound" / f"{server.account('ada')}+{ASSIGNMENT}+{now}+forged"
    source = server.home("ben") / "earned-security" / COURSE / ASSIGNMENT
    server.run("cp", "-r", str(source), str(forged), account=server.account("ben"))
    server.run("chmod", "-R", "a+rX", str(forged), account=server.account("ben"))
    step = f"cd {server.course} && nbgrader collect {ASSIGNMENT}"
    server.run("sh", "-c", step, account=server.grader)
    listed = server.run(
        "sh", "-c", f"cd {server.course} && earned intake .", account=server.grader, check=False
    )
    assert f"it belongs to {server.account('ben')}" in listed.stdout, listed.stdout + listed.stderr


def test_a_restarted_hub_finds_everybody_where_they_were(server: Machine, contexts: Browsers) -> None:
    ada = Person(server.address, server.account("ada"), PASSWORD)
    ada.sign_in()
    ada.start()
    kernel = ada.open("modules/04-building-safety-and-trust.ipynb")
    kernel.run("kept = 6 * 7")
    server.kill_hub()
    assert kernel.run("print(kept)")[""].strip() == "42"  # without a hub
    server.start_hub()
    assert kernel.id in [each["id"] for each in ada.get("api/kernels")]
    assert kernel.run("print(kept)")[""].strip() == "42"
    kernel.close()
    page = lab(server, contexts["ada"], server.account("ada"))
    page.get_by_role("menuitem", name="Nbgrader").wait_for()
    page.close()


def test_whoever_is_taken_out_of_the_list_stays_out(server: Machine) -> None:
    server.kill_hub()
    server.trainees = ("ada", "ben")
    server.describe()
    server.start_hub()
    gone = Person(server.address, server.account("chi"), PASSWORD)
    with pytest.raises(AssertionError):
        gone.sign_in()
    for account in (server.grader, "root"):
        with pytest.raises(AssertionError):
            Person(server.address, account, PASSWORD).sign_in()


def test_signing_in_through_the_institution(server: Machine, chromium: Any) -> None:
    """OpenID Connect with a provider of the test's own; server.yaml still says who may come in."""
    server.kill_hub()
    with institution.provider() as provider:
        server.sign_in = {
            "EARNED_SIGN_IN": "institution",
            "OIDC_ISSUER": provider.issuer,
            "OIDC_CLIENT_ID": institution.CLIENT,
            "OIDC_CLIENT_SECRET": institution.SECRET,
            "OIDC_NAME": "Example University",
        }
        server.start_hub()
        for name, comes_in in (("ada", True), ("chi", False), ("grader", False)):
            provider.person = server.account(name)
            context = chromium.new_context()
            page = context.new_page()
            page.goto(server.address)
            page.get_by_role("button", name="Sign in with Example University").click()
            page.get_by_role("button", name="Continue").click()
            if comes_in:
                page.get_by_role("menuitem", name="Nbgrader").wait_for(timeout=90_000)
                assert f"/user/{server.account(name)}/" in page.url
            else:
                expect(page.locator("body")).to_contain_text("403")
            context.close()
    assert provider.asked == ["authorize", "token", "userinfo"] * 3
