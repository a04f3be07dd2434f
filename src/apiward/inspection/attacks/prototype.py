"""Prototype pollution: paths that lead from an object to what all objects share."""

from typing import Final

from apiward.inspection.model import AttackClass, Detector, Sighting, View
from apiward.inspection.patterns import Rule, RuleSet

_SIGNS: Final = ("__proto__", "prototype", "constructor", "__definegetter__", "__definesetter__")

_RULES: Final = RuleSet(
    Rule(
        "prototype.proto", 0.9, "what all objects share is addressed",
        r"(?:^|[\[.'\"{,\s?&])__proto__(?:$|[\].'\"\s:=\[])|__define[gs]etter__|__lookup[gs]etter__",
    ),
    Rule(
        "prototype.constructor", 0.85, "the prototype is reached through the constructor",
        r"\bconstructor['\"]?\]?\s?(?:\.|\[\s?['\"]?|:\s?\{\s?['\"]?)prototype\b|\bobject\.prototype\b\s?[.\[=]"
        r"|^constructor[.\[](?:prototype|constructor|name)|\.constructor\.constructor",
    ),
)  # fmt: skip


def _look(view: View) -> Sighting | None:
    return _RULES.search(view.low)


DETECTOR: Final = Detector(AttackClass.PROTOTYPE, _SIGNS, _look)
