"""Line breaks that begin a header, a second response, or a command of a mail or cache server."""

from typing import Final

from apiward.inspection.model import AttackClass, Detector, Sighting, View
from apiward.inspection.patterns import Rule, RuleSet

_SIGNS: Final = ("\n", "\r", "\\r", "\\n", "%0d", "%0a")
_BREAK: Final = r"(?:\r\n?|\n|\\r\\n|\\n)[ \t\r\n]*"

_RULES: Final = RuleSet(
    Rule(
        "header.response", 0.9, "a line break begins a response header",
        rf"{_BREAK}(?:set-cookie\s?:|location\s?:\s?(?:https?:|//|/\w)|content-(?:length|type|disposition|encoding)"
        r"\s?:|(?:transfer-encoding|x-[a-z]+-[\w-]+|access-control-[\w-]+)\s?:|refresh\s?:\s?\d|status\s?:\s?\d{3}\b"
        r"|link\s?:\s?<|host\s?:\s?(?:[\w-]+\.)+\w+|cookie\s?:\s?\w+=|authorization\s?:\s?(?:basic|bearer)\b"
        r"|connection\s?:\s?(?:close|keep|upgrade))",
    ),
    Rule(
        "header.line", 0.95, "a line break begins a second request or response",
        rf"{_BREAK}(?:http/\d(?:\.\d)? \d{{3}}|(?:get|post|put|head|delete|options) \S+ http/\d)|%0d%0a\S+:",
    ),
    Rule(
        "header.mail", 0.7, "a line break begins a header of an e-mail",
        rf"{_BREAK}(?:bcc|cc|to|from|reply-to|mime-version"
        rf"|content-transfer-encoding)\s?:\s?[^\s@]+@[^\s@]+\.\w+[\s,;>\"']*(?:$|[\r\n])|{_BREAK}bcc\s?:",
    ),
    Rule(
        "header.command", 0.8, "a line break begins a command of a mail or cache server",
        rf"{_BREAK}(?:mail from\s?:|rcpt to\s?:|ehlo |helo |data\s*[\r\n]|quit\s*(?:[\r\n]|$)|rset\s*[\r\n]"
        rf"|[a-z]\d{{1,4}} (?:capability|fetch|login|select|logout|list|create|delete|search|store|noop)\b"
        rf"|flushall|flushdb|config set |slaveof |set \w+ \d+ \d+ \d+)",
    ),
    Rule(
        "header.named", 0.5, "a line break is followed by what reads as a header",
        rf"^\S{{0,60}}{_BREAK}[a-z][a-z0-9]*(?:-[a-z0-9]+)+\s?:\s?\S+\s*$",
    ),
)  # fmt: skip


def _look(view: View) -> Sighting | None:
    return _RULES.search(view.low)


DETECTOR: Final = Detector(AttackClass.HEADER, _SIGNS, _look)
