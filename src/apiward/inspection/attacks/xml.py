"""XML: entities, document types and inclusions that make a parser read files or addresses."""

from typing import Final

from apiward.inspection.model import AttackClass, Detector, Sighting, View
from apiward.inspection.patterns import Rule, RuleSet

_SIGNS: Final = (
    "<!doctype", "<!entity", "xinclude", "xi:include", "<?xml", "<!element", "<!attlist", "xsl:", "schemalocation",
)  # fmt: skip

_RULES: Final = RuleSet(
    Rule("xml.entity", 0.95, "an entity is declared", r"<!entity\s"),
    Rule(
        "xml.doctype", 0.9, "a document type points outside or holds declarations",
        r"<!doctype\s+[^>\[]{0,200}(?:\[|\bsystem\b|\bpublic\s+['\"][^'\"]{0,200}['\"]\s+['\"](?:file|ftp|gopher"
        r"|php|http://\d|(?:https?:)?//(?:[a-vx-z]|w[^w3]|ww[^w]|www[^.]|www\.(?:[^w]|w[^3]))))|<!doctype\s+\w+\s+system\b",
    ),
    Rule(
        "xml.include", 0.9, "another document is included",
        r"<xi:include\b|xmlns:\w+\s?=\s?['\"]https?://www\.w3\.org/2001/xinclude",
    ),
    Rule(
        "xml.stylesheet", 0.85, "a stylesheet that reads or runs",
        r"<\?xml-stylesheet|<xsl:(?:stylesheet|value-of|include|import|copy-of|template)\b",
    ),
)  # fmt: skip
_DECLARED: Final = Sighting("xml.declared", 0.55, "an XML document stands where a value would")


def look_in_document(view: View) -> Sighting | None:
    """Judge what is a whole XML document: its declaration alone is nothing."""
    return _RULES.search(view.low)


def _look(view: View) -> Sighting | None:
    return _RULES.search(view.low) or (_DECLARED if view.low.lstrip().startswith("<?xml") else None)


DETECTOR: Final = Detector(AttackClass.XML, _SIGNS, _look)
