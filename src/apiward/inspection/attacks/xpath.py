"""XPath and XQuery injection: axes, node tests and functions after a breakout."""

from typing import Final

from apiward.inspection.model import AttackClass, Detector, Sighting, View
from apiward.inspection.patterns import Rule, RuleSet

_SIGNS: Final = (
    "::", "//*", "/*", "| /", "|/", "[@", "[name", "['", '["', "[1]", "//user", "or /", "and /", "text()",
    "node()", "name(", "position()", "count(/", "doc(", "string-length(", "]|", "] |", "last()", "true()",
    "contains(", "not(",
)  # fmt: skip

_RULES: Final = RuleSet(
    Rule(
        "xpath.axis", 0.85, "an axis of XPath with a node test",
        r"\b(?:child|parent|self|descendant|ancestor|following|preceding|attribute|following-sibling"
        r"|preceding-sibling|descendant-or-self|ancestor-or-self)::(?:node\(\)|text\(\)|\*|\w+)",
    ),
    Rule(
        "xpath.call", 0.8, "a function of XPath over the nodes of a document",
        r"\b(?:count|name|local-name|string|string-length|substring|contains|starts-with|normalize-space|doc"
        r"|doc-available|unparsed-text|sum)\s?\((?:\w+\()?\s?(?:/|\.\.|\*|//|name\(|parent::|'file:|'https?:"
        r"|concat\()"
        r"|\bsubstring\s?\(.{0,60}(?:text|name|node)\(\)|\bstring-length\s?\((?:/|name|text|//)|\bname\(\)\s?="
        r"|\bposition\(\)\s?=|\[\s?last\(\)\s?\]|\btext\(\)\s?=|\bcount\(//",
    ),
    Rule(
        "xpath.breakout", 0.8, "the step is closed and another path is joined on",
        r"['\"]\s?\]\s?\|\s?/?/?[\w*/.@\[-]|\]\s?\|\s?/{1,2}\w+[/\[\s|]|['\"]\s?(?:or|and)\s?(?:/|//|\.\./)?\w*(?:/\w+)*(?:text|node|name"
        r"|position|last|true|not|contains|starts-with)\(|//\*|/\*\[\d+\]|//\w+\[@?\w+\s?=|\|\s?//\w",
    ),
)  # fmt: skip


def _look(view: View) -> Sighting | None:
    return _RULES.search(view.low)


DETECTOR: Final = Detector(AttackClass.XPATH, _SIGNS, _look)
