"""A scan of the demo business through a guard that enforces ownership: its two accounts are the truth, and it holds."""

import pytest

from apiward.demo.weaknesses import WEAKNESSES
from tests.guarded.demo_trial import checks_for, scan_guarded

RULES = """
[[guard.objects.rules]]
id = "note"
operations = ["/api/v2/notes/**"]
mode = "enforce"

[[guard.objects.rules]]
id = "goal"
operations = ["/api/v2/goals/**"]
mode = "enforce"

[[guard.objects.rules]]
id = "order"
operations = ["/shop/orders/**"]
mode = "enforce"

[[guard.objects.rules]]
id = "booking"
operations = ["/api/v2/bookings/**"]
mode = "enforce"
"""
HELD = (
    "object-read-note",
    "object-read-goal",
    "object-read-order",
    "object-change-note",
    "object-delete-note",
    "object-move-booking",
    "object-cancel-booking",
)


@pytest.mark.long
@pytest.mark.parametrize("name", HELD)
def test_what_the_scan_proves_without_the_rules_is_held_with_them(name: str) -> None:
    checks = checks_for(name)
    open_twin, _ = scan_guarded((name,), 23, checks)
    assert WEAKNESSES[name].check in str(open_twin.found()), "it is there without the rules"
    held, heard = scan_guarded((name,), 23, checks, more=RULES)
    assert held.found() == set()
    assert "objects.foreign" in heard.rules()


def test_in_shadow_nothing_is_refused_and_all_is_seen() -> None:
    shadow = RULES.replace("enforce", "shadow")
    twin, heard = scan_guarded(("object-read-note",), 23, checks_for("object-read-note"), more=shadow)
    assert twin.found() != set()
    assert "objects.foreign" in heard.rules()


def test_the_sound_business_works_on() -> None:
    checks = [check for name in HELD for check in checks_for(name)]
    _, heard = scan_guarded((), 23, list(dict.fromkeys(checks)), more=RULES)
    foreign = [
        event
        for event in heard.events
        for ruling in event.rulings
        if ruling.decision.rule == "objects.foreign" and ruling.is_applied and event.status == 200
    ]
    assert foreign == []
