"""Every check fires on its weak twin and stays silent on the sound one: the demo business, weakness by weakness."""

import pytest

from apiward.demo.weaknesses import WEAKNESSES
from apiward.scan.registry import CHECKS
from tests.demo.twins import VISIBLE, false_findings, is_named, scan_demo

OUTSIDE = {"CFG12"}
"""What is settled before the business sees a request: its twins are servers of their own (`tests/net`)."""

ALONE = {code: {"forged-then-account"} for code in ("AUT02", "AUT03", "AUT04")} | {"CFG06": {"key-then-account"}}
"""Stories that one weakness tells by itself, as the scan takes the next step."""


def test_the_sound_business_has_no_finding_and_is_not_reset() -> None:
    twin = scan_demo((), seed=11)
    assert twin.found() == set()
    assert twin.report.links == ()
    assert twin.resets == 0
    assert not [item for item in twin.report.items if "apiward itself failed" in item.saw]


@pytest.mark.long
@pytest.mark.parametrize("name", VISIBLE)
def test_one_weakness_alone_is_named_by_its_check(name: str) -> None:
    weakness = WEAKNESSES[name]
    checks = [check for check in CHECKS if check.code in (weakness.check, *weakness.also)]
    twin = scan_demo((name,), seed=sum(map(ord, name)), checks=checks)
    said = [i.saw for i in twin.report.items if (i.check, i.operation) == (weakness.check, weakness.operation)]
    assert is_named(twin, weakness), said
    assert false_findings(twin, (name,)) == set()
    assert {link.story for link in twin.report.links} <= ALONE.get(weakness.check, set()), (
        "nothing else is there to join"
    )
    assert twin.resets == 0


@pytest.mark.long
def test_with_all_weaknesses_on_every_check_but_those_that_another_hides_fires() -> None:
    twin = scan_demo(VISIBLE, seed=5)
    hidden_by_unverified_tokens, hidden_by_a_schema_that_is_told = {"AUT02", "AUT04"}, {"GQL02"}
    silent = {check.code for check in CHECKS} - {check for check, _ in twin.found()} - OUTSIDE
    assert silent <= hidden_by_unverified_tokens | hidden_by_a_schema_that_is_told
    read = {WEAKNESSES[name].operation for name in VISIBLE if WEAKNESSES[name].check == "OBJ01"}
    assert {link.story for link in twin.report.links} >= {
        "forged-then-account",
        "name-then-reset",
        "markup-then-session",
    }
    assert read <= {operation for check, operation in twin.found() if check == "OBJ01"}, "one leak hides no other"
    assert twin.resets == 0


def test_every_check_has_a_weak_twin_in_the_demo() -> None:
    assert {check.code for check in CHECKS} - OUTSIDE <= {WEAKNESSES[name].check for name in VISIBLE}
