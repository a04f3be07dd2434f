from apiward.app.watching.sources.own import OwnEvents
from tests.app.watching.doubles import Kept, event


def test_the_guards_own_events_are_read_once_over_restarts() -> None:
    record = Kept([event(float(at)) for at in range(4)])
    own = OwnEvents(record, "1", is_followed=False)
    assert own.fill()
    assert [one.at_s for one in own.events] == [1.0, 2.0, 3.0]
    own.at = 2
    assert own.position == "1+2"
    again = OwnEvents(record, own.position, is_followed=False)
    assert again.fill()
    assert [one.at_s for one in again.events[again.at :]] == [3.0]
    again.at = 3
    assert again.position == "4"
    assert not again.fill()
    assert again.is_over
    again.close()


def test_a_position_that_is_none_is_the_beginning() -> None:
    own = OwnEvents(Kept([event(1.0)]), "x+y", is_followed=True)
    assert own.fill()
    own.at = 1
    assert not own.fill()
    assert not own.is_over
