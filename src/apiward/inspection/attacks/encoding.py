"""Encodings that nobody uses but to hide: over-long UTF-8, dots and slashes encoded twice, UTF-7."""

from typing import Final

from apiward.inspection.model import AttackClass, Detector, Sighting, View
from apiward.inspection.patterns import Rule, RuleSet

_SIGNS: Final = (
    "%c0", "%c1", "%e0%80", "%f0%80", "%25", "%u00", "%uff", "+ad", "\\xc0", "%00", "\\u002e", "\\u002f", "\\x2e",
    "%2e", "%255",
)  # fmt: skip

_RULES: Final = RuleSet(
    Rule(
        "encoding.overlong", 0.9, "a character is written in more bytes than it has",
        r"%c[01]%[89ab][0-9a-f]|%e0%[89][0-9a-f]%[89ab][0-9a-f]|%f0%8[0-9a-f]|\\xc[01]\\x[89ab][0-9a-f]",
    ),
    Rule(
        "encoding.dots", 0.75, "dots of a path are hidden by encoding",
        r"(?:%(?:25)*2e){2}(?:/|\\|%(?:25)*(?:2f|5c))|\.\.%(?:25)*(?:2f|5c)|(?:%(?:25)*2e|\.){2}(?:%(?:25)*2f"
        r"|%(?:25)*5c)|%(?:25)*2e\.[/\\]|\.%(?:25)*2e[/\\]|%u002e|%uff0e|(?:\\u002e|\\x2e){2}",
    ),
    Rule(
        "encoding.breaks", 0.75, "line breaks are encoded more than once",
        r"%25(?:25)*0[da]|%u000[da]|%e5%98%8[ad]",
    ),
    Rule("encoding.utf7", 0.8, "markup is written in UTF-7", r"\+adw-|\+ad4-|\+aci-.{0,20}\+ad"),
    Rule(
        "encoding.half", 0.6, "plain characters are written as wide ones",
        r"%u00(?:2[0-9a-f]|3[c-e])|%uff(?:1c|1e|02|07|0f)",
    ),
)  # fmt: skip


def _look(view: View) -> Sighting | None:
    return _RULES.search(view.low)


DETECTOR: Final = Detector(AttackClass.ENCODING, _SIGNS, _look)
