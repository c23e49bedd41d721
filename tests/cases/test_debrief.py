"""Looking back: what was chosen against what else was open."""

from __future__ import annotations

from earned_security import cases
from earned_security.cases import Case, Play
from earned_security.cases.debrief import Decision, OutsideWindow, Rupture

TO_SIX = ("ask", "ask", "decide", "plan", "return")


def play_to(case: Case, *options: str) -> Play:
    play = cases.start(case)
    for option in options:
        play = cases.choose(case, play, option)
    return play


def test_every_decision_stands_with_its_quality_and_what_else_was_open(small: Case) -> None:
    found = cases.debrief(small, play_to(small, "middling", "cold"))
    assert found.decisions == (
        Decision(1, "one", "middling", "defensible", False, "two", ("steady", "cold")),
        Decision(2, "two", "cold", "poor", False, "three", ("steady",)),
    )
    assert found.ending is None
    assert found.not_met == ("four", "four-b", "five", "six", "seven", "eight")
    assert found.endings_not_met == ("e-good", "e-mixed", "e-poor")


def test_a_rupture_is_repaired_repaired_later_or_missed(small: Case) -> None:
    first = ("steady", "steady", "steady")
    assert cases.debrief(small, play_to(small, *first)).ruptures == ()
    assert cases.debrief(small, play_to(small, *first, "own-it")).ruptures == (
        Rupture(4, "four-b", "repaired"),
    )
    missed = play_to(small, *first, "accept", *TO_SIX)
    assert cases.debrief(small, missed).ruptures == (Rupture(4, "four-b", "missed"),)
    later = cases.choose(small, missed, "late-repair")
    assert cases.debrief(small, later).ruptures == (Rupture(4, "four-b", "repaired-later"),)


def test_a_stop_for_safety_is_shown_and_what_was_open_shrinks(small: Case) -> None:
    play = play_to(small, "steady", "steady", "steady", "own-it", "let-it-pass", "promise", "ask")
    stops = [decision for decision in cases.debrief(small, play).decisions if decision.scene == "five"]
    assert [(decision.option, decision.stopped, decision.others) for decision in stops] == [
        ("let-it-pass", True, ("ask", "promise")),
        ("promise", True, ("ask",)),
        ("ask", False, ()),
    ]


def test_visits_to_the_safety_branch_are_counted_once_each(small: Case) -> None:
    play = play_to(
        small, "safety", "hint", "ask", "decide", "plan", "return", "steady", "steady", "steady", "own-it"
    )
    assert cases.debrief(small, play).safety_visits == 1
    assert cases.debrief(small, cases.choose(small, play, "ask")).safety_visits == 2


def test_moments_outside_a_window_are_named_with_who_and_which_way(small: Case) -> None:
    found = cases.debrief(small, play_to(small, "cold", "cold", "steady")).outside_window
    assert found == (
        OutsideWindow(2, "two", "client", "flooding"),
        OutsideWindow(2, "two", "therapist", "flooding"),
        OutsideWindow(3, "three", "client", "flooding"),
        OutsideWindow(3, "three", "therapist", "flooding"),
    )


def test_a_finished_play_has_its_ending(small: Case) -> None:
    play = play_to(small, "cold", "cold", "cold", "accept", *TO_SIX, "cold", "cold", "cold")
    found = cases.debrief(small, play)
    assert found.ending == "poor" and found.not_met == ("four-b",) and "e-poor" not in found.endings_not_met
