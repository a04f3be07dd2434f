"""Inclusions that a web server or an edge cache acts on (SSI, ESI), and formulas that a spreadsheet runs."""

from typing import Final

from apiward.inspection.model import AttackClass, Detector, Sighting, View
from apiward.inspection.patterns import Rule, RuleSet

_SIGNS: Final = (
    "<!--#", "<esi:", "=cmd", "+cmd", "-cmd", "@sum", "hyperlink(", "webservice(", "importxml(", "<!--esi", "|'",
    "dde", "importdata(", "<!--\x23",
)  # fmt: skip

_RULES: Final = RuleSet(
    Rule(
        "include.server", 0.95, "a directive of a web server",
        r"<!--#\s?(?:exec|include|echo|printenv|config|set|fsize|flastmod|if)\b",
    ),
    Rule(
        "include.edge", 0.9, "a directive of an edge cache",
        r"<esi:(?:include|inline|vars|remove|debug|assign|eval|choose|try)\b|<!--esi\b",
    ),
    Rule(
        "include.formula", 0.8, "a formula that runs a program or reaches outside",
        r"^[\s'\"]*[=+@-]\s?(?:\w+\([^)]{0,20}\)\s?[*+-]?\s?)?(?:cmd|msexcel|dde|powershell|rundll32"
        r"|calc)\s?\|\s?['\"/]|^[\s'\"]*[=+@-].{0,40}\b(?:hyperlink|webservice|importxml|importdata|importfeed"
        r"|importhtml|importrange|dde)\s?\(",
    ),
)  # fmt: skip


def _look(view: View) -> Sighting | None:
    return _RULES.search(view.low)


DETECTOR: Final = Detector(AttackClass.INCLUDE, _SIGNS, _look)
