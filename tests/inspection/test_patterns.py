from apiward.inspection.model import AttackClass, Detector, Sighting, View
from apiward.inspection.patterns import Gate, Rule, RuleSet
from apiward.inspection.signs import Signs


def test_surest_rule_wins() -> None:
    rules = RuleSet(Rule("a.low", 0.5, "low", "ab"), Rule("a.high", 0.9, "high", "b.c"))

    assert rules.search("xABc") == Sighting("a.low", 0.5, "low")
    assert rules.search("ab\nc") == Sighting("a.high", 0.9, "high")
    assert rules.search("ac") is None


def test_gate() -> None:
    gate = Gate("a+b", "x$")

    assert gate.opens("caab")
    assert gate.opens("aX")
    assert not gate.opens("xa")


def test_signs_share_literals() -> None:
    def look(view: View) -> Sighting | None:
        return None

    one, two = (Detector(AttackClass.SQL, signs, look) for signs in (("ab", "c"), ("ab",)))
    signs = Signs((one, two), ("z",))

    assert signs.of("xxab") == 0b011
    assert signs.of("c") == 0b001
    assert signs.of("z") == 0b100
    assert signs.of("nothing else") == 0
    assert signs.of("Q") == 0


def test_every_literal_is_seen_whatever_stands_around_it() -> None:
    literals = ("select", "sel", "lect ", "<!", "zz", "0x")
    signs = Signs([Detector(AttackClass.SQL, (literal,), lambda _: None) for literal in literals], ())
    for text in (*literals, "a selection", "re-elect <zz!", "<!selzz0xlect ", "sele ct", ""):
        assert signs.of(text) == sum(1 << place for place, literal in enumerate(literals) if literal in text), text
