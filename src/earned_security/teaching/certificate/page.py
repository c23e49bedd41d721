"""The certificate on paper: a tagged PDF by fpdf2, the same bytes for the same content."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from earned_security.teaching.certificate.lettering import FONT, lettering
from earned_security.teaching.certificate.statement import Statement, hours, in_words

if TYPE_CHECKING:
    from fpdf import FPDF

Assessed = Literal["questions", "no questions", "observed", "not observed"]
ASSESSED: dict[Assessed, str] = {
    "questions": "asked in graded questions",
    "no questions": "not asked in this course's graded questions",
    "observed": "observed by a person",
    "not observed": "not observed",
}

INK, QUIET, LINE = (28, 38, 48), (74, 85, 96), (36, 99, 107)
MARGIN = 22.0  # millimetres


@dataclass(frozen=True)
class Content:
    """What stands on the pages. ``objectives``: by module, each with its text and how it was assessed.

    ``sponsor_statement``: the words that a sponsor wants, exactly as the provider has set them. ``signed_by``: a line
    for whoever signs by hand. ``review``: the sentence on clinical review. ``code``: the printed one, in groups.
    """

    statement: Statement
    objectives: Sequence[tuple[str, Sequence[tuple[str, Assessed]]]]
    review: str
    code: str
    fingerprint: str
    address: str = ""
    contact: str = ""
    signed_by: str = ""
    sponsor_statement: str = ""
    font: Path | None = None


def pdf(content: Content) -> bytes:
    """The certificate, without its seal.

    Raises:
        TeachingError: something in it cannot be printed correctly.
    """
    statement = content.statement
    page = _Page(content)
    page.heading("Certificate of completion", 24, level=0)
    page.rule()
    page.text("P", "This certifies that", 12, QUIET, after=2, what="The text")
    page.text("P", statement.name, _fitting(page, statement.name), after=3, what="The name")
    page.text("P", "has completed the course", 12, QUIET, after=2, what="The text")
    page.text("P", statement.title, 17, LINE, after=5, what="The title of the course")
    page.text(
        "P",
        f"on {in_words(statement.completed)}. Planned time of its modules: {hours(statement.minutes)}.",
        12,
        after=6,
        what="The text",
    )
    page.heading("What was met", 12, level=1)
    for sentence in statement.met():
        page.text("P", sentence, 10, after=1.5, what="The rule of completion")
    page.heading("Provider", 12, level=1)
    page.text("P", statement.provider, 11, after=1, what="The provider's name")
    for what, text in (("address", content.address), ("contact", content.contact)):
        if text:
            page.text("P", text, 10, QUIET, after=1, what=f"The provider's {what}")
    if content.signed_by:
        page.signature(content.signed_by)
    page.heading("Credit and limits", 12, level=1)
    page.text("P", statement.credit(), 10, after=1.5, what="The sponsor's name")
    if content.sponsor_statement:
        page.text("P", content.sponsor_statement, 10, after=1.5, what="The sponsor's statement")
    page.text("P", content.review, 10, after=1.5, what="The text")
    page.text(
        "P",
        "It shows knowledge and judgement in questions and cases. It is no proof of competence with clients, no licence "
        "and no supervision.",
        10,
        what="The text",
    )
    page.heading("How to check it", 12, level=1)
    page.text(
        "P",
        "Without a network: earned verify, with this file and the provider's public key. Or with the code below, and then "
        "compare every line that is shown with this paper. Take the key from the provider, never from whoever shows you "
        "the certificate.",
        9,
        QUIET,
        after=1,
        what="The text",
    )
    page.text("P", f"The key's fingerprint: {content.fingerprint}", 9, QUIET, after=1, what="The text")
    page.text("P", content.code, 8, what="The code")
    page.add_page()
    page.heading("Objectives of the course", 16, level=0)
    page.rule()
    page.text("P", _beside(content.objectives), 10, QUIET, after=3, what="The text")
    for module, objectives in content.objectives:
        page.heading(module, 11, level=1)
        for text, assessed in objectives:
            words = f"{text[:1].upper()}{text[1:]} ({ASSESSED[assessed]})"
            page.text("P", f"– {words}", 9, after=0.8, what="An objective")
    return page.finished()


def _beside(objectives: Sequence[tuple[str, Sequence[tuple[str, Assessed]]]]) -> str:
    observed = sum(how == "observed" for _, several in objectives for _, how in several)
    of = sum(how in ("observed", "not observed") for _, several in objectives for _, how in several)
    return (
        "Completing the course does not mean that each objective was reached by itself. What can only be seen is observed "
        f"by a person and stands beside the rule of completion: here {observed} of {of} such objectives."
    )


def _fitting(page: _Page, name: str) -> float:
    """A size in points at which a name fits on one line, where that is still easy to read."""
    for size in (26, 22, 19):
        if page.width_of(name, size) <= 210 - 2 * MARGIN:
            return size
    return 16


class _Page:
    """The few things that a certificate is made of; every text in its own mark, so that it can be read aloud."""

    def __init__(self, content: Content) -> None:
        from fpdf import FPDF

        statement = content.statement
        self._own, self._fonts = content.font, dict[Path, str]()
        self._pdf: FPDF = FPDF(format="A4")
        self._pdf.set_margin(MARGIN)
        self._pdf.set_auto_page_break(True, 20)
        self._pdf.set_title(f"Certificate of completion: {statement.title}, {statement.name}")
        self._pdf.set_author(statement.provider)
        self._pdf.set_subject(
            f"{statement.name} completed {statement.title} on {in_words(statement.completed)}"
        )
        self._pdf.set_creator("Earned Security")
        self._pdf.set_lang("en")
        self._pdf.set_display_mode("fullwidth")
        from fpdf.prefs import ViewerPreferences

        self._pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
        day = statement.completed  # no time of day: the same content gives the same bytes
        self._pdf.set_creation_date(datetime(day.year, day.month, day.day, tzinfo=UTC))
        self.add_page()

    def add_page(self) -> None:
        self._pdf.add_page()

    def heading(self, text: str, size: float, level: int) -> None:
        self._pdf.ln(0 if level == 0 else 3)
        if self._pdf.will_page_break(18):
            self._pdf.add_page()
        self._pdf.start_section(text, level)
        self.text(f"H{level + 1}", text, size, LINE, after=1.5, what="A heading")

    def text(
        self,
        tag: str,
        text: str,
        size: float,
        colour: tuple[int, int, int] = INK,
        after: float = 0,
        *,
        what: str,
    ) -> None:
        """A paragraph in its own structure element; never parted by the end of a page."""
        plan = lettering(text, what, self._own)
        self._use(plan.font, size, plan.shaped)
        self._pdf.set_text_color(*colour)
        placed: dict[str, Any] = {"w": 0, "h": size * 0.46, "text": plan.text, "align": "L"}
        if self._pdf.multi_cell(**placed, dry_run=True, output="PAGE_BREAK"):
            self._pdf.add_page()
        with self._tagged(tag):
            self._pdf.multi_cell(**placed, new_x="LMARGIN", new_y="NEXT")
        self._pdf.ln(after)

    def signature(self, who: str) -> None:
        """A line to sign on, with who signs below."""
        self._pdf.ln(13)
        self._pdf.set_draw_color(*QUIET)
        self._pdf.line(MARGIN, self._pdf.y, MARGIN + 75, self._pdf.y)
        self._pdf.ln(1)
        self.text("P", who, 10, QUIET, what="Who signs")

    def rule(self) -> None:
        self._pdf.set_draw_color(*LINE)
        self._pdf.set_line_width(0.6)
        self._pdf.line(MARGIN, self._pdf.y + 1, 210 - MARGIN, self._pdf.y + 1)
        self._pdf.set_line_width(0.2)
        self._pdf.ln(7)

    def width_of(self, text: str, size: float) -> float:
        """In millimetres."""
        plan = lettering(text, "The name", self._own)
        self._use(plan.font, size, plan.shaped)
        return float(self._pdf.get_string_width(plan.text))

    def finished(self) -> bytes:
        return bytes(self._pdf.output())

    def _use(self, font: Path, size: float, shaped: bool) -> None:
        if font not in self._fonts:
            self._fonts[font] = "course" if font == FONT else "own"
            self._pdf.add_font(self._fonts[font], fname=font)
        self._pdf.set_font(self._fonts[font], size=size)
        self._pdf.set_text_shaping(shaped)

    @contextmanager
    def _tagged(self, tag: str) -> Iterator[None]:
        """fpdf2 marks figures and headings of its own by itself; this marks any text, with its real kind."""
        pdf = self._pdf
        number = pdf.struct_builder.next_mcid_for_page(pdf.page)
        _, parents = pdf.struct_builder.add_marked_content(
            page_number=pdf.page, struct_type=f"/{tag}", mcid=number
        )
        pdf.pages[pdf.page].struct_parents = parents
        pdf._out(f"/{tag} <</MCID {number}>> BDC")
        yield
        pdf._out("EMC")
