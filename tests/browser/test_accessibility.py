"""What axe cannot see of a page: the way of the keyboard, where the focus is, magnified and with other spacing."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser

# One page of each kind.
PAGES = [
    "book/index",
    "notebooks/04-building-safety-and-trust",
    "book/explorers/two-people",
    "book/cases/tomasz",
    "book/strategy-checklist",
    "book/evidence-ledger",
    "book/stored-on-this-device",
    "search",
]

# What the Tab key must reach: one control for each group of radio buttons, nothing that is hidden or switched off.
WALK = """() => {
  const all = "a[href], button, input, select, textarea, summary, [tabindex]";
  const groups = new Set();
  window.expected = [...document.querySelectorAll(all)].filter((one) => {
    if (one.tabIndex < 0 || one.disabled || !one.checkVisibility({ visibilityProperty: true })) return false;
    if (one.closest("[inert], [hidden]") || one.type === "hidden") return false;
    if (one.tagName === "SUMMARY" && one !== one.parentElement.querySelector(":scope > summary")) return false;
    if (one.type !== "radio") return true;
    const known = groups.has(one.name);
    groups.add(one.name);
    return !known;
  });
  window.seen = new Set();
  return window.expected.length;
}"""

# Where the focus is now: what it is, whether it is seen, and whether something lies over it.
HERE = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  window.seen.add(one.type === "radio" ? [...document.getElementsByName(one.name)][0] : one);
  const style = (part) => { const s = getComputedStyle(part); return `${s.outlineStyle} ${s.outlineWidth} ${s.boxShadow} ${s.borderColor} ${s.textDecorationLine} ${s.textDecorationThickness} ${s.backgroundColor}`; };
  const parts = [one, one.closest("label"), one.parentElement, one.firstElementChild].filter(Boolean);
  const focused = parts.map(style);
  const box = one.getBoundingClientRect();
  const spots = [0.5, 0.1, 0.9].map((share) => document.elementFromPoint(box.left + box.width * share, box.top + box.height / 2));
  const free = box.width < 2 || box.height < 2 ||
    spots.some((spot) => spot && (one.contains(spot) || spot.contains(one) || one.closest("label")?.contains(spot)));
  const inView = box.bottom > 0 && box.top < innerHeight;
  const outlined = parts.some((part) => { const s = getComputedStyle(part); return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 1; });
  let changed = outlined;
  if (!changed) {
    one.blur();
    changed = parts.map(style).some((before, index) => before !== focused[index]);
    one.focus({ preventScroll: true });
  }
  return { what: one.outerHTML.slice(0, 140), free, inView, changed };
}"""

LOST = """() => window.expected.filter((one) => one.isConnected && !window.seen.has(one) && one.checkVisibility())
  .map((one) => one.outerHTML.slice(0, 140))"""

# WCAG 1.4.12.
SPACING = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }"""

# Text that is cut off: it needs more room than its box shows.
CUT_OFF = """() => [...document.querySelectorAll("article *, .es-piece *")].filter((one) => {
  const style = getComputedStyle(one);
  if (!one.checkVisibility() || one.closest("svg, .js-plotly-plot, pre, .es-print-only")) return false;
  if (one.classList.contains("visually-hidden") || one.clientWidth < 2 || one.clientHeight < 2) return false;
  const hides = (overflow) => overflow === "hidden" || overflow === "clip";
  return (hides(style.overflowX) && one.scrollWidth > one.clientWidth + 2) || (hides(style.overflowY) && one.scrollHeight > one.clientHeight + 2);
}).map((one) => one.outerHTML.slice(0, 140))"""


@pytest.mark.parametrize("name", PAGES)
def test_the_tab_key_reaches_everything_visibly_and_leaves_the_page(visit: Any, name: str) -> None:
    opened = visit(name)
    opened.settle()
    page = opened.page
    page.add_style_tag(content="* { transition: none !important }")  # the theme's skip link slides in
    page.evaluate("scrollTo(0, 0)")
    count = page.evaluate(WALK)
    for _ in range(3 * count):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None:
            break
        assert here["changed"], f"The focus cannot be seen: {here['what']}"
        assert here["free"] and here["inView"], f"Something lies over the focus: {here['what']}"
    else:
        raise AssertionError("The Tab key does not leave the page.")
    assert page.evaluate(LOST) == []
    assert opened.faults == []


@pytest.mark.parametrize("name", PAGES)
def test_magnified_fourfold_nothing_scrolls_sideways(visit: Any, name: str) -> None:
    """WCAG 1.4.10: a window of 1280 by 1024 pixels at 400 %. Data tables may scroll within their own frame."""
    opened = visit(name)
    opened.page.set_viewport_size({"width": 320, "height": 256})
    opened.settle()
    opened.page.wait_for_timeout(1500)  # figures draw themselves anew for the new size
    assert opened.too_wide() <= 0


@pytest.mark.parametrize("name", PAGES)
def test_with_the_readers_own_spacing_no_text_is_cut_off(visit: Any, name: str) -> None:
    opened = visit(name)
    opened.settle()
    before = set(opened.page.evaluate(CUT_OFF))
    opened.page.add_style_tag(content=SPACING)
    opened.page.wait_for_timeout(300)
    assert [part for part in opened.page.evaluate(CUT_OFF) if part not in before] == []
    assert opened.too_wide() <= 0


@pytest.mark.parametrize("name", ["book/explorers/two-people", "book/cases/tomasz"])
def test_who_wants_no_motion_gets_none(visit: Any, name: str) -> None:
    opened = visit(name)  # which asks for reduced motion
    opened.settle()
    moving = opened.page.evaluate(
        """() => document.getAnimations().filter((one) => one.playState === "running").map((one) => one.animationName ?? "")"""
    )
    assert moving == []
    slow = opened.page.evaluate("""() => [...document.querySelectorAll(".es-piece, .es-piece *")].filter((one) => {
        const style = getComputedStyle(one);
        return style.animationName !== "none" && parseFloat(style.animationDuration) > 0.01
            || style.transitionDuration.split(",").some((time) => parseFloat(time) > 0.01);
    }).map((one) => one.outerHTML.slice(0, 140))""")
    assert slow == []
