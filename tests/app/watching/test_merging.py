from hypothesis import given
from hypothesis import strategies as st

from apiward.app.watching.merging import next_batch
from apiward.core.event import Event
from tests.app.watching.doubles import Given, event

_TIMES = st.lists(st.lists(st.integers(0, 50), max_size=6).map(sorted), max_size=4)


@given(logs=st.lists(_TIMES, min_size=1, max_size=3))
def test_all_events_come_once_and_in_order(logs: list[list[list[int]]]) -> None:
    readings = []
    for number, chunks in enumerate(logs):
        times = sorted(at for chunk in chunks for at in chunk)
        cut = len(times) // 2
        made = [event(at + number / 10, client=f"{number}") for at in times]
        readings.append(Given(f"{number}", made[:cut], made[cut:]))
    seen: list[Event] = []
    while batch := next_batch(readings).events:
        seen += batch
    assert [one.at_s for one in seen] == sorted(one.at_s for one in seen)
    assert len(seen) == sum(len(chunk) for log in logs for chunk in log)


def test_a_source_that_has_nothing_holds_nobody_up() -> None:
    log, own = Given("a", [event(5.0)]), Given("guard", is_own=True, is_over=False)
    batch = next_batch([log, own])
    assert (len(batch.events), len(batch.fresh)) == (1, 1)
    assert next_batch([log, own]) == ([], [])


def test_a_log_that_is_out_of_order_comes_to_its_end() -> None:
    one, other = Given("a", [event(9.0), event(1.0)]), Given("b", [event(2.0, client="x"), event(8.0, client="x")])
    total = 0
    while batch := next_batch([one, other]).events:
        total += len(batch)
    assert total == 4
