"""The role of the evidence ledger: ``{claim}`claim-id` ``."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from earned_security.locale import words
from earned_security.publishing import ledger
from earned_security.publishing.nodes import claim_badge, claim_cards, curriculum_of

logger = logging.getLogger(__name__)


class ClaimRole(SphinxRole):
    """A claim's grade, to be opened."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        claim = curriculum_of(self.env.app).claims.get(self.text.strip())
        if claim is None:
            message = "There is no claim '%s' in claims.yaml."
            logger.warning(message, self.text, location=self.get_location(), type="earned", subtype="claim")
            return [nodes.literal(text=self.text)], []
        shown = words("pages.evidence.inText", grade=ledger.grade_name(claim.grade))
        return [claim_badge("", nodes.Text(shown), claim=claim.id)], []


def gather_cards(app: Sphinx, doctree: Any) -> None:
    """Put the cards of all claims on a page at its end, each once however often it is named."""
    claims = list(dict.fromkeys(badge["claim"] for badge in doctree.findall(claim_badge)))
    if claims:
        doctree += claim_cards("", claims=claims)
