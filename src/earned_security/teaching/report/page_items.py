"""The report's parts on items and on ways through cases, as HTML."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from earned_security.teaching.report import figures, flow_figure, markup
from earned_security.teaching.report.case_paths import Paths
from earned_security.teaching.report.item_analysis import Analysed
from earned_security.teaching.report.results import Analysis, Results

OPTION_HEADS = ("option", "chosen", "stronger half", "weaker half", "discrimination")


def items(results: Results) -> Iterator[str]:
    """Assignment by assignment."""
    if not results.analyses:
        yield markup.paragraph("Nothing has been handed in yet.")
    for number_, analysis in enumerate(results.analyses, start=1):
        yield from _assignment(analysis, f"items-{number_}")


def _assignment(analysis: Analysis, name: str) -> Iterator[str]:
    bank = analysis.work.bank
    yield f'<h3 id="{name}">{escape(bank.title)}</h3>'
    yield markup.paragraph(
        f"{analysis.learners} learners, {len(analysis.items)} items. {_reliability(analysis)}"
    )
    if analysis.unlike:
        yield markup.paragraph(
            f"{analysis.unlike} answers do not go with the marks in the gradebook, because they were handed in, or the "
            "key was changed, after the marking. They are not in the tables of options. `earned mark` or `earned "
            "regrade` brings both together.",
            "note",
        )
    if analysis.to_review:
        yield markup.paragraph(f"To review: {len(analysis.to_review)} of {len(analysis.items)} items.")
        yield markup.listed((_review(item) for item in analysis.to_review), "review-list")
    elif any(item.judged for item in analysis.items):
        yield markup.paragraph("No item stands out.")
    points = [
        (item.difficulty, item.discrimination, item.item.id, bool(item.flags))
        for item in analysis.items
        if item.difficulty is not None and item.discrimination is not None
    ]
    all_items = _table(analysis)
    if points:
        yield markup.figure(
            figures.scatter(
                name,
                f"The items of {bank.title}",
                f"{len(points)} items by how easy they are and how well they tell learners apart. Squares with a name are "
                "to be reviewed. The table below has the same numbers.",
                points,
            ),
            "How easy each item is, and how well it tells learners apart. Squares are to be reviewed.",
            all_items,
        )
    else:
        yield markup.folded(f"The items ({len(analysis.items)})", all_items)
    if choices := [item for item in analysis.items if item.choices]:
        yield markup.folded(
            f"Which options were chosen ({len(choices)} items)", "".join(_options(item) for item in choices)
        )


def _reliability(analysis: Analysis) -> str:
    found = analysis.reliability
    if found.value is None:
        return found.note
    error = (
        ""
        if found.error is None
        else f" Standard error of their total, of {found.points:g} points: {found.error:.1f}; about one learner in three "
        "is further than that from where they would stand without chance."
    )
    return f"Reliability: {found.name} {markup.number(found.value)} (95 % interval {markup.interval(found.interval)}), from {found.items} items.{error}"


def _review(found: Analysed) -> str:
    head = f"<strong>{escape(found.item.title)}</strong> ({escape(found.item.id)}, {escape(found.item.objective)})"
    reasons = " ".join(f"{flag.kind[0].upper()}{flag.kind[1:]}. {flag.reason}" for flag in found.flags)
    return f"{head}: {escape(reasons)}"


def _table(analysis: Analysis) -> str:
    heads = (
        "item",
        "title",
        "objective",
        "answered",
        "difficulty",
        "discrimination",
        "95 % interval",
        "review",
    )
    rows: list[list[markup.Cell]] = []
    for each in analysis.items:
        share = None if each.difficulty is None else markup.number(100 * each.difficulty, 0, " %")
        why = "; ".join(flag.kind for flag in each.flags) or each.note or None
        objective = f"{each.item.objective} (prepares)" if each.key.prepares else each.item.objective
        rows.append(
            [
                each.item.id,
                each.item.title,
                objective,
                f"{each.answered} of {each.learners}",
                share,
                markup.number(each.discrimination),
                markup.interval(each.interval),
                why,
            ]
        )
    return markup.table("Every item; difficulty is the mean share of its points", heads, rows, words=(1, 7))


def _options(found: Analysed) -> str:
    rows: list[list[markup.Cell]] = []
    for choice in found.choices:
        text = f"{choice.of} → {choice.text}" if choice.of else choice.text
        rows.append(
            [
                f"✓ {text} (key)" if choice.key else text,
                choice.chosen,
                choice.upper,
                choice.lower,
                markup.number(choice.discrimination),
            ]
        )
    return markup.table(f"{found.item.title} ({found.item.id})", OPTION_HEADS, rows)


def case_paths(results: Results) -> Iterator[str]:
    """Case by case."""
    if not results.paths:
        yield markup.paragraph("No case was played for marks yet.")
    for count, paths in enumerate(results.paths, start=1):
        yield f"<h3>{escape(paths.case.title)}</h3>"
        written = f", {paths.written} took the written route" if paths.written else ""
        yield markup.paragraph(f"{paths.learners} played it{written}.")
        if paths.note:
            yield markup.paragraph(paths.note, "note")
            continue
        yield from _case(paths, f"case-{count}")


def _case(paths: Paths, name: str) -> Iterator[str]:
    flows = [(paths.title(f.source), paths.title(f.target), f.quality, f.count) for f in paths.flows]
    heads = ("from", "to", "options that were", "passages")
    yield markup.figure(
        flow_figure.draw(name, paths),
        "From the top down: scenes as bars, passages as bands as wide as the number who took them. Outlines tell "
        "apart what was preferred (whole), defensible (dashes) and poor (dots).",
        markup.table("Passages from scene to scene", heads, flows, words=(1, 2)),
    )
    endings = [(paths.title(scene), paths.case.scenes[scene].ending, count) for scene, count in paths.endings]
    if endings:
        yield markup.table("Where it ended", ("ending", "kind", "learners"), endings, words=(1,))
    stopped = sum(choice.learners for choice in paths.choices if choice.failed_safety)
    if stopped:
        yield markup.paragraph(
            f"Choices that failed safety were made by learners {stopped} times; the table names them."
        )
    chosen: list[list[markup.Cell]] = [
        [
            paths.title(each.scene),
            each.option,
            f"{each.quality}, failed safety" if each.failed_safety else each.quality,
            each.learners,
        ]
        for each in paths.choices
    ]
    heads = ("scene", "what was chosen", "quality", "learners")
    yield markup.folded(
        "What was chosen in each scene", markup.table("What was chosen", heads, chosen, words=(1, 2))
    )
