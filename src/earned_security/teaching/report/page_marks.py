"""The report's parts on marks and on the gain in knowledge, as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from earned_security import curriculum
from earned_security.teaching.report import figures, marks, markup
from earned_security.teaching.report.learning_gain import Gain
from earned_security.teaching.report.marks import Mark, Summary
from earned_security.teaching.report.results import Results

SUMMARY_HEADS = ("marked", "mean", "middle learner", "middle half")


def modules(results: Results) -> Iterator[str]:
    """By module: a figure, a table, and a row for each learner."""
    titles = _titles()
    names = list(next(iter(results.modules.values()), {}))
    if not names:
        yield markup.paragraph("No assignment of a module has been generated yet.")
        return
    columns = {name: [own[name] for own in results.modules.values()] for name in names}
    summaries = {name: marks.summary(column) for name, column in columns.items()}
    rows = [[titles.get(name, name), *_summary(summaries[name]), _missing(columns[name])] for name in names]
    heads = ("module", *SUMMARY_HEADS, "not in the numbers")
    numbers = markup.table("Marks by module, in percent of the points", heads, rows, words=(5,))
    drawn = [name for name in names if any(mark.percent is not None for mark in columns[name])]
    if drawn:
        yield markup.figure(
            figures.strips(
                "modules",
                "Marks by module",
                "One row for each module, one dot for each learner, from 0 to 100 percent of the points. The table below "
                "has the same numbers.",
                [
                    (titles.get(name, name), [m.percent for m in columns[name] if m.percent is not None])
                    for name in drawn
                ],
                [_box(summaries[name]) for name in drawn],
            ),
            "Marks by module. A dot is a learner; a box holds the middle half of the class.",
            numbers,
        )
    else:
        yield numbers
    yield markup.folded(f"Marks of each learner ({len(results.modules)})", _learners(results, names, titles))


def _learners(results: Results, names: list[str], titles: dict[str, str]) -> str:
    heads = (
        "learner",
        *(titles.get(name, name).split(".")[0] for name in names),
        "lowest objectives, under 60 %",
    )
    rows: list[list[markup.Cell]] = []
    for learner, label in sorted(results.labels.items(), key=lambda each: each[1]):
        lowest = marks.lowest(results.objectives[learner])
        said = ", ".join(f"{objective} ({percent:.0f} %)" for objective, percent in lowest)
        own = results.modules[learner]
        rows.append([label, *(_percent(own[name]) for name in names), said or None])
    legend = "; ".join(f"{titles[name].split('.')[0]}: {titles[name]}" for name in names if name in titles)
    return markup.table(
        "Each learner by module, in percent", heads, rows, words=(len(names) + 1,)
    ) + markup.paragraph(f"{legend}. Every objective of every learner is in marks-by-objective.csv.")


def _percent(mark: Mark) -> str:
    return f"{mark.percent:.0f} %" if mark.percent is not None else mark.state


def objectives(results: Results) -> Iterator[str]:
    """By objective: knowledge as a figure, performance as a table of what was observed."""
    known = curriculum.load().objectives
    names = list(next(iter(results.objectives.values()), {}))
    names.sort(key=lambda name: list(known).index(name) if name in known else len(known))
    columns = {name: [own[name] for own in results.objectives.values()] for name in names}
    summaries = {name: marks.summary(column) for name, column in columns.items()}
    performed = [name for name in names if name in known and known[name].kind == "performance"]
    knowledge = [
        name
        for name in names
        if name not in performed and any(m.state != "not handed in" for m in columns[name])
    ]

    def rows(of: Iterable[str]) -> list[list[markup.Cell]]:
        text = {name: known[name].text if name in known else name for name in of}
        return [[name, text[name], *_summary(summaries[name]), _missing(columns[name])] for name in of]

    heads = ("objective", "what it says", *SUMMARY_HEADS, "not in the numbers")
    yield "<h3>Knowledge</h3>"
    numbers = markup.table(
        "Marks by objective of knowledge, in percent", heads, rows(knowledge), words=(1, 6)
    )
    drawn = [(name, mean) for name in knowledge if (mean := summaries[name].mean) is not None]
    if drawn:
        yield markup.figure(
            figures.bars(
                "objectives",
                "Mean marks by objective",
                "One bar for each objective of knowledge, from 0 to 100 percent. The table below has the same numbers.",
                drawn,
            ),
            "Mean marks by objective of knowledge",
            numbers,
            "The same as a table, with what each objective says",
        )
    else:
        yield numbers if knowledge else markup.paragraph("Nothing has been handed in yet.")
    yield "<h3>Performance</h3>"
    yield markup.paragraph(
        "Performance is what somebody saw and scored in the observed tasks, and nothing else. Questions that ask for "
        "what a performance rests on are in the modules' marks and in no objective's."
    )
    if performed:
        yield markup.folded(
            f"Objectives of performance ({len(performed)})",
            markup.table(
                "Observed performance by objective, in percent", heads, rows(performed), words=(1, 6)
            ),
        )
    if prepared := marks.prepared(results.cohort):
        said = ", ".join(f"{name} ({count})" for name, count in prepared.items())
        yield markup.paragraph(f"Questions that only prepare, by objective: {said}.")


def gain(results: Results) -> Iterator[str]:
    """The gain from the test before the course to the one after it."""
    found = results.gains
    if found.gain is None:
        yield markup.paragraph(found.note, "note")
    else:
        yield from _gain(results, found.gain)
    if found.left_out:
        yield markup.paragraph("Left out, because it cannot be said what they gained:")
        yield markup.listed(escape(f"{count}: {why}.") for why, count in found.left_out)


def _gain(results: Results, found: Gain) -> Iterator[str]:
    rows = [
        ("before the course", markup.number(found.before, 1, " %"), None),
        ("after it", markup.number(found.after, 1, " %"), None),
        ("gain, percentage points", markup.number(found.gain, 1), markup.interval(found.gain_interval, 1)),
        ("normalised gain", markup.number(found.normalised), markup.interval(found.normalised_interval)),
        ("effect size, Cohen's d", markup.number(found.effect), markup.interval(found.effect_interval)),
    ]
    yield markup.figure(
        figures.before_and_after(
            "gain",
            "The knowledge test before and after the course",
            f"A line for each of {found.learners} learners, from the percentage before the course to that after it, and "
            f"a thick one for the means: {found.before:.0f} and {found.after:.0f} percent. The table below has the numbers.",
            [(pair.before, pair.after) for pair in results.gains.pairs],
        ),
        f"The knowledge test before and after the course, {found.learners} learners. A broken line falls.",
        markup.table(
            f"The class of {found.learners} with both tests",
            ("what", "value", "95 % interval"),
            rows,
            words=(),
        ),
        "The numbers, with their intervals",
    )
    share = (
        "" if found.normalised is None else f", {100 * found.normalised:.0f} % of what could still be gained"
    )
    yield markup.paragraph(
        f"The mean rose by {found.gain:.1f} percentage points{share}."
        if found.gain >= 0
        else f"The mean fell by {-found.gain:.1f} percentage points."
    )
    low, high = found.gain_interval
    if low <= 0 <= high:
        yield markup.paragraph(
            "The interval of the gain holds 0: this class does not show that anything was gained."
        )
    orders = [
        f"{count} took {form} first"
        + ("" if mean is None else f" (mean gain {markup.number(mean, 1)} points)")
        for form, count, mean in found.by_first_form
    ]
    yield markup.paragraph(f"By order: {'; '.join(orders)}.")
    if len(orders) < 2 or min(count for _, count, _ in found.by_first_form) < found.learners / 4:
        yield markup.paragraph(
            "Most took the same form first, so what one form is harder by cannot be told from what was gained.",
            "note",
        )
    yield markup.paragraph(
        "The two forms are matched item by item; whether they are equally hard has not been tested. There is no class "
        "without the course beside this one, so nobody can say that the course did it. A retake of the form that came "
        "first takes its place in the gradebook, and can make a gain look smaller or larger."
    )


def learners_by_gain(results: Results) -> str:
    """Each learner's two results; empty where there are none."""
    pairs = sorted(results.gains.pairs, key=lambda pair: results.labels[pair.learner])
    rows = [
        (
            results.labels[pair.learner],
            markup.number(pair.before, 0, " %"),
            markup.number(pair.after, 0, " %"),
            markup.number(pair.after - pair.before, 0),
        )
        for pair in pairs
    ]
    heads = ("learner", "before", "after", "points gained")
    return (
        markup.folded(
            f"Each learner's two results ({len(pairs)})", markup.table("Before and after", heads, rows)
        )
        if pairs
        else ""
    )


def _titles() -> dict[str, str]:
    return {module.id: f"M{module.number}. {module.title}" for module in curriculum.load().modules.values()}


def _summary(found: Summary) -> list[markup.Cell]:
    if found.mean is None:
        return [found.learners, "too few", "too few", "too few"]
    middle_half = markup.interval(found.quartiles, 0, " %")
    return [
        found.learners,
        markup.number(found.mean, 0, " %"),
        markup.number(found.middle, 0, " %"),
        middle_half,
    ]


def _box(found: Summary) -> tuple[float, float, float] | None:
    if found.quartiles is None or found.middle is None:
        return None
    return found.quartiles[0], found.middle, found.quartiles[1]


def _missing(column: Iterable[Mark]) -> str | None:
    counted: dict[str, int] = {}
    for mark in column:
        if mark.state != "marked":
            counted[mark.state] = counted.get(mark.state, 0) + 1
    return ", ".join(f"{count} {state}" for state, count in counted.items()) or None
