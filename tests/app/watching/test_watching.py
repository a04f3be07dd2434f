from collections.abc import Sequence

import pytest

from apiward.app.watching.checkpoints import unpacked
from apiward.app.watching.reading import Reading
from apiward.app.watching.watching import PLACE, Watching
from apiward.config.errors import AdvisedError
from tests.app.watching.doubles import Given, Grouped, Kept, Seen, contained, event


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture(autouse=True)
def one_batch_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each step read no more than there is at once."""
    monkeypatch.setattr("apiward.app.watching.watching.TOGETHER", 1)


def watching(
    readings: Sequence[Reading], record: Kept | None, *, clock: Clock | None = None, is_resumed: bool = True
) -> Watching:
    parts = unpacked(record.checkpoint) if record is not None else {}
    return Watching(
        readings,
        Seen(parts.get("seer", b"")),
        Grouped(parts.get("grouping", b"")),
        record,
        clock=clock or Clock(),
        is_resumed=is_resumed,
        place=parts.get(PLACE, b""),
    )


def test_events_become_incidents_that_are_kept_with_the_place_to_go_on() -> None:
    record = Kept()
    watch = watching([Given("access.log", [event(1.0), event(2.0)], [event(3.0), event(4.0)])], record)
    while watch.step():
        pass
    told = watch.finish()
    assert (told.events, told.fresh, told.first_s, told.last_s) == (4, 4, 1.0, 4.0)
    assert [one.count for one in told.incidents.values()] == [4]
    assert len(record.events) == 4
    assert record.positions == {"access.log": "4"}
    assert [seen.count for seen in record.detections("i-address:192.0.2.7")] == [3, 4]
    assert watch.is_over


def test_after_a_kill_it_goes_on_and_comes_to_the_same() -> None:
    events = [event(float(number * 25), 404 if number % 2 else 200) for number in range(40)]
    whole = Kept()
    undisturbed = watching([Given("a", events)], whole)
    undisturbed.step()
    undisturbed.finish()
    for cut in range(1, 40, 3):
        record, clock = Kept(), Clock()
        first = watching([Given("a", events[:cut], events[cut : cut + 2])], record, clock=clock)
        clock.now_s = 10.0  # a checkpoint is due with the first batch; what comes after it is lost
        first.step()
        first.step()
        at = int(record.positions["a"])
        rest = watching([Given("a", events[at:])], record, clock=clock)
        while rest.step():
            pass
        rest.finish()
        assert {one.id: one for one in record.all} == {one.id: one for one in whole.all}
        assert unpacked(record.checkpoint)["seer"] == unpacked(whole.checkpoint)["seer"]


def test_looks_depend_on_the_times_of_events_alone() -> None:
    events = [event(float(at), 200) for at in (0, 30, 59, 61, 62, 500)]
    for chunks in ([events], [events[:2], events[2:4], events[4:]], [[one] for one in events]):
        seer = Seen()
        watch = Watching([Given("a", *chunks)], seer, Grouped(), None, clock=Clock(), is_resumed=False)
        while watch.step():
            pass
        assert seer.looks == [61.0, 500.0]
    seer = Seen()
    resumed = Watching(
        [Given("a", events[3:])], seer, Grouped(), None, clock=Clock(), is_resumed=True, place=b"60.0 59.0 0"
    )
    resumed.step()
    assert seer.looks == [61.0, 500.0]


def test_several_sources_are_seen_in_the_order_of_time_and_the_guards_own_are_not_kept_again() -> None:
    record = Kept()
    log = Given("a", [event(1.0), event(4.0)], [event(5.0)])
    own = Given("guard", [event(2.0, client="192.0.2.8"), event(3.0)], is_own=True)
    watch = watching([log, own], record)
    while watch.step():
        pass
    told = watch.finish()
    assert (told.events, told.fresh) == (5, 3)
    assert sorted(one.at_s for one in record.events.values()) == [1.0, 4.0, 5.0]
    assert record.positions == {"a": "3", "guard": "2"}


def test_a_store_that_is_away_loses_nothing_and_reads_nothing_more() -> None:
    record = Kept()
    record.fails = 2
    watch = watching([Given("a", [event(1.0)], [event(2.0)])], record)
    for _ in range(2):
        with pytest.raises(OSError, match="away"):
            watch.step()
    assert watch.told.events == 1
    assert watch.step()
    watch.finish()
    assert len(record.events) == 2


def test_what_is_there_is_kept_together_also_where_reading_ends_badly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apiward.app.watching.watching.TOGETHER", 3)
    record = Kept()
    given = Given("a", *[[event(float(number))] for number in range(4)])
    watch = watching([given], record)
    assert watch.step()
    assert [len(step.events) for step in record.steps] == [3]

    def broken() -> bool:
        if not given.at:
            return True
        raise AdvisedError("It cannot be read further.")

    given.events, given.at, given.fill = [event(9.0)], 0, broken  # type: ignore[method-assign]  # a log that is damaged
    with pytest.raises(AdvisedError):
        watch.step()
    assert [len(step.events) for step in record.steps] == [3, 1]


def test_what_others_note_of_incidents_is_heard() -> None:
    record = Kept()
    watch = watching([Given("a", [event(1.0), event(2.0), event(3.0)], [event(4.0, 200)])], record)
    watch.step()
    (incident,) = watch.told.incidents.values()
    record.all.append(contained(incident))
    watch.step()
    assert watch.told.incidents[incident.id] == contained(incident)


def test_time_that_passes_is_noticed_without_events() -> None:
    seer = Seen()
    watch = Watching([Given("a", is_over=False)], seer, Grouped(), Kept(), clock=Clock(), is_resumed=True)
    assert not watch.step()
    watch.look(7.0)
    assert seer.looks == [7.0]
    watch.finish()
    assert seer.looks == [7.0], "there was no event, so there is no time to look at"
    assert not watch.is_over


def test_nothing_is_kept_where_nothing_is_to_be_kept() -> None:
    watch = watching([Given("a", [event(float(at)) for at in range(5)])], None, is_resumed=False)
    watch.step()
    assert len(watch.finish().incidents) == 1


def test_requests_of_logs_may_stay_out_of_the_store() -> None:
    record = Kept()
    watch = Watching(
        [Given("a", [event(1.0)])], Seen(), Grouped(), record, clock=Clock(), is_resumed=True, keeps_events=False
    )
    watch.step()
    watch.finish()
    assert not record.events
    assert record.positions == {"a": "1"}
