import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.jsonvalue import Json
from apiward.core.verdict import Outcome
from apiward.prove.baseline import (
    Baseline,
    BaselineError,
    accept,
    apply_baseline,
    dumped,
    merged,
    parse_baseline,
    pruned,
    stale_entries,
)
from tests.prove.sample import finding, item, report

DAY = date(2026, 11, 23)
ENTRY: dict[str, Json] = {
    "id": "0123456789",
    "check": "OBJ01",
    "operation": "GET /x",
    "reason": "Test data.",
    "accepted_on": "2026-11-01",
    "expires_on": "2027-01-31",
}


def file_with(*entries: Json, schema: Json = "apiward.baseline/1", **more: Json) -> str:
    return json.dumps({"schema": schema, "accepted": list(entries), **more})


def test_what_is_written_is_read_back() -> None:
    baseline = Baseline((accept(finding(), reason="Grüße", accepted_on=DAY, expires_on=DAY + timedelta(90)),))
    assert parse_baseline(dumped(baseline)) == baseline


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not a JSON object"),
        ("[]", "not a JSON object"),
        (file_with(schema="x"), 'Set it to "apiward.baseline/1"'),
        ('{"schema": "apiward.baseline/1", "accepted": 3}', "not a list"),
        (file_with(1), "accepted[0] is not an object"),
        (file_with(ENTRY, ENTRY), "there twice"),
        (file_with(ENTRY, acepted=[]), 'Did you mean "accepted"?'),
        (file_with({**ENTRY, "expires": "x"}), 'Did you mean "expires_on"?'),
        (file_with({**ENTRY, "zzz": "x"}), "Allowed are"),
        (file_with({**ENTRY, "reason": " "}), "accepted[0].reason is missing or empty"),
        (file_with({**ENTRY, "expires_on": "soon"}), 'accepted[0].expires_on is "soon". Write a day as 2027-01-31.'),
        (file_with({**ENTRY, "expires_on": "2026-01-01"}), "before accepted_on"),
    ],
)
def test_errors_say_what_where_and_what_to_do(text: str, said: str) -> None:
    with pytest.raises(BaselineError) as caught:
        parse_baseline(text)
    assert said in str(caught.value)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(BaselineError):
        parse_baseline(text)


def test_an_entry_counts_until_the_end_of_its_last_day() -> None:
    bad = finding()
    baseline = Baseline((accept(bad, reason="x", accepted_on=DAY, expires_on=DAY),))
    assert apply_baseline(baseline, [bad], today=DAY).accepted_ids == {bad.id}
    after = apply_baseline(baseline, [bad], today=DAY + timedelta(1))
    assert (after.accepted_ids, len(after.expired)) == (frozenset(), 1)
    assert apply_baseline(baseline, [], today=DAY).accepted == ()


def test_the_target_is_kept_and_two_files_become_one() -> None:
    first = accept(finding(), reason="a", accepted_on=DAY, expires_on=DAY, target="http://h")
    second = accept(finding("CFG03"), reason="b", accepted_on=DAY, expires_on=DAY)
    both = merged(Baseline((first,)), Baseline((replace(first, reason="later"), second)))
    assert both.accepted == (first, second)
    assert parse_baseline(dumped(both)) == both


def test_only_what_was_seen_to_hold_is_pruned() -> None:
    fixed, unclear, still = finding(operation="GET /a"), finding(operation="GET /b"), finding(operation="GET /c")
    entries = [accept(f, reason="x", accepted_on=DAY, expires_on=DAY) for f in (fixed, unclear, still)]
    items = [item("OBJ01", "GET /a", Outcome.HOLDS), item("OBJ01", "GET /b", Outcome.UNSURE)]
    baseline = Baseline(tuple(entries))
    stale = stale_entries(baseline, report([still], items=items))
    assert (stale.fixed, stale.unseen) == ((entries[0],), (entries[1],))
    assert pruned(baseline, stale) == Baseline((entries[1], entries[2]))
