"""LDAP filter injection: brackets and operators that change the filter around the value."""

from typing import Final

from apiward.inspection.model import AttackClass, Detector, Sighting, View
from apiward.inspection.patterns import Rule, RuleSet

_SIGNS: Final = ("(&", "(|", "(!", ")(", "*)", "*(|", "=*", ":=", "(uid", "(cn")
_NAMES: Final = r"\w{1,30}"

_RULES: Final = RuleSet(
    Rule(
        "ldap.filter", 0.85, "a filter with its own conditions",
        rf"\([&|!]\s?\(\s?(?:[!&|]\s?\(\s?)*{_NAMES}\s?(?:~=|>=|<=|=)|\([&|]\s?\({_NAMES}=",
    ),
    Rule(
        "ldap.breakout", 0.85, "the filter is closed and a condition follows",
        rf"\*?\)\s?\)*\s?\(\s?[&|!]?\s?\(?{_NAMES}\s?(?:~=|>=|<=|=)[^=]|\)\(\(\||\*\)\)?\(\||\)\)?\(\|\(|\*\(\|\(",
    ),
    Rule(
        "ldap.cut", 0.7, "the filter is closed and the rest is cut off",
        r"\)\s?\)\s?(?:%00|\x00)|^[\w*]{0,30}\)\(&\)?|\*\)\(\w{1,30}=\*|^\*\(\)\||^\*\)+\(|^[\w@.]{0,30}\*?\)\(\w{1,30}\s?[~<>]?=",
    ),
    Rule(
        "ldap.any", 0.55, "any object matches",
        r"\(\s?(?:objectclass|uid|cn)\s?=\s?\*\s?\)|^\*\(?\|?\(?(?:objectclass|mail|uid|cn)=\*",
    ),
    Rule("ldap.rule", 0.75, "a matching rule of a directory is called", r"\b\w{2,30}:(?:dn:)?\d+(?:\.\d+){3,}:?="),
)  # fmt: skip


def _look(view: View) -> Sighting | None:
    return _RULES.search(view.low)


DETECTOR: Final = Detector(AttackClass.LDAP, _SIGNS, _look)
