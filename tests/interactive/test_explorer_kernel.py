"""An explorer in Chromium with a kernel that answers, answers late, or does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from exploring import content
from playwright.sync_api import Page, expect

from earned_security.interactive import explorer

pytestmark = pytest.mark.browser

Open = Callable[..., Page]


KERNEL = """() => {
  window.asked = [];
  const { send } = model;
  model.send = (message) => {
    if (message.type !== "run") { send(message); return; }
    asked.push(message.parameters);
    window.answer?.(message.parameters);
  };
  window.tell = (result) => model.receive({ type: "result", result });
}"""


ANSWERING = "() => { window.answer = async (values) => tell(await compute(values)); }"


def with_kernel(open_piece: Open) -> Page:
    """A page whose host is a kernel; Python computes."""
    shown = content(compute="kernel")
    page = open_piece(shown)
    page.evaluate(KERNEL)
    page.expose_function("compute", lambda values: {**explorer.compute(shown, values), "parameters": values})
    page.get_by_role("button", name="Show me without a prediction").click()
    return page


def test_with_a_kernel_python_computes(open_piece: Open) -> None:
    shown = content(compute="kernel")
    page = open_piece(shown)
    page.evaluate(KERNEL)
    marked = {**explorer.compute(shown, explorer.defaults(shown)), "parameters": explorer.defaults(shown)}
    marked["quantities"] = {**marked["quantities"], "highest_late_mixed": 0.77}  # only this answer says so
    page.evaluate("marked => { window.answer = () => tell(marked); }", marked)
    page.get_by_role("button", name="Show me without a prediction").click()
    expect(page.locator(".es-reading")).to_contain_text("0.77")
    page.wait_for_timeout(1300)
    expect(page.locator(".es-reading")).to_contain_text("0.77")
    expect(page.get_by_text("is not answering")).to_have_count(0)


def test_without_an_answer_the_page_computes_and_says_so_until_the_kernel_is_back(open_piece: Open) -> None:
    page = with_kernel(open_piece)
    expect(page.get_by_text("this page computes the same model itself")).to_be_visible()
    expect(page.locator(".es-reading")).to_contain_text("between 0.23 and 0.45")
    page.locator("[data-preset=every-time]").click()
    expect(page.locator(".es-reading")).to_contain_text("Safety follows every time")
    page.evaluate(ANSWERING)
    page.locator("[data-preset=a-pause]").click()
    expect(page.get_by_text("this page computes the same model itself")).to_have_count(0)
    expect(page.locator(".es-reading")).to_contain_text("after a pause of 10")


def test_a_late_answer_never_replaces_a_newer_one(open_piece: Open) -> None:
    page = with_kernel(open_piece)
    page.evaluate(ANSWERING)
    page.locator("[data-preset=every-time]").click()
    expect(page.locator(".es-reading")).to_contain_text("Safety follows every time")
    late = page.evaluate("() => compute(asked[0])")
    page.locator("[data-preset=a-pause]").click()
    expect(page.locator(".es-reading")).to_contain_text("after a pause of 10")
    page.evaluate("late => tell(late)", late)
    page.wait_for_timeout(200)
    expect(page.locator(".es-reading")).to_contain_text("after a pause of 10")


def test_a_kernel_is_asked_for_one_result_at_a_time_and_then_for_the_latest(open_piece: Open) -> None:
    page = with_kernel(open_piece)
    page.evaluate(ANSWERING)
    page.locator("[data-preset=every-time]").click()
    expect(page.locator(".es-reading")).to_contain_text("Safety follows every time")
    page.evaluate("() => { asked.length = 0; window.answer = undefined; }")
    page.evaluate(
        """async () => {
          const range = document.querySelector("[data-parameter=safe_trials] input[type=range]");
          for (let value = 10; value <= 20; value += 1) {
            range.value = value;
            range.dispatchEvent(new Event("input"));
            await new Promise(requestAnimationFrame);
          }
        }"""
    )
    assert [values["safe_trials"] for values in page.evaluate("asked")] == [10]
    page.evaluate(ANSWERING)
    page.evaluate("async () => tell(await compute(asked[0]))")
    page.wait_for_function("document.querySelector('.es-figure').data[0].x.length === 31")
    assert [values["safe_trials"] for values in page.evaluate("asked")] == [10, 20]


def test_a_refusal_by_the_kernel_is_shown_in_words(open_piece: Open) -> None:
    page = with_kernel(open_piece)
    page.evaluate(
        """() => {
          const problem = "Eta must be from 0 to 1.";
          window.answer = (parameters) => tell({ parameters, problem });
        }"""
    )
    page.locator("[data-preset=every-time]").click()
    expect(page.get_by_role("alert").filter(has_text="Eta must be from 0 to 1.")).to_be_visible()
