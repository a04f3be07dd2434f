"""Lookups that a logging or configuration library resolves: `${jndi:…}` and the ways to hide it."""

from typing import Final

from apiward.inspection.model import AttackClass, Detector, Sighting, View
from apiward.inspection.patterns import Rule, RuleSet

_SIGNS: Final = ("${", "jndi", "$%7b", "#{", "%{")

_RULES: Final = RuleSet(
    Rule(
        "lookup.jndi", 0.95, "a name lookup that loads code from elsewhere",
        r"\$\{\s?jndi\s?:|jndi:(?:ldaps?|rmi|dns|iiop|corba|nis|nds|https?):",
    ),
    Rule(
        "lookup.nested", 0.95, "a lookup is built out of other lookups",
        r"\$\{[^{}]{0,60}\$\{|\$\{(?:lower|upper|env|sys|base64|date|java|ctx|main|map|marker|bundle|k8s|docker"
        r"|spring|web|log4j|event)\s?:|\$\{::?-",
    ),
    Rule(
        "lookup.script", 0.9, "a lookup that runs a script or fetches an address",
        r"[$#%]\{\s?(?:script|url|dns|file|xml|properties|const)\s?:",
    ),
)  # fmt: skip


def _look(view: View) -> Sighting | None:
    return _RULES.search(view.low)


DETECTOR: Final = Detector(AttackClass.LOOKUP, _SIGNS, _look)
