from apiward.core.detection import MOST_SHOWN, Detection
from apiward.core.finding import Severity
from apiward.watch.sight import Sight
from apiward.watch.telling import QUIET_S, Telling
from tests.watch.seeing import START_S, event


def _sight(at_s: float, number: int = 0) -> Sight:
    sight = Sight()
    sight.event = event(at_s)._replace(id=str(number))
    sight.at_s, sight.who, sight.operation = START_S + at_s, "user:7", "GET /api/me"
    return sight


def _told(
    telling: Telling, at_s: float, number: int = 0, severity: Severity = Severity.LOW, **more: int
) -> list[Detection]:
    telling.tell("data.leak", _sight(at_s, number), severity=severity, facts=(("number", number),), **more)  # type: ignore[arg-type]
    found, telling.news = telling.news, []
    return found


def test_much_of_the_same_is_told_seldom_and_in_the_end_exactly() -> None:
    telling = Telling()
    at_once = [one for number in range(100_000) for one in _told(telling, number / 1_000, number)]
    assert [one.count for one in at_once] == [2**power for power in range(17)]
    (last,) = telling.rest()
    assert last.count == 100_000
    assert len(last.events) == MOST_SHOWN
    assert last.facts == (("number", "99999"),)
    assert (last.first_s, last.last_s) == (START_S, START_S + 99.999)
    assert list(telling.rest()) == []


def test_what_gets_worse_is_told_at_once_and_never_gets_better() -> None:
    telling = Telling()
    _told(telling, 0), _told(telling, 1), _told(telling, 2)
    assert [one.severity for one in _told(telling, 3, severity=Severity.HIGH)] == [Severity.HIGH]
    _told(telling, 4), _told(telling, 5)
    assert {one.severity for one in [*_told(telling, 6), *telling.rest()]} == {Severity.HIGH}


def test_after_a_pause_it_is_told_again_and_after_a_day_it_is_new() -> None:
    telling = Telling()
    _told(telling, 0), _told(telling, 1), _told(telling, 2)
    assert [one.count for one in _told(telling, 4_000)] == [4]
    (new,) = _told(telling, 4_001 + QUIET_S)
    assert (new.count, new.first_s) == (1, START_S + 4_001 + QUIET_S)


def test_a_first_sign_may_stand_for_several_events() -> None:
    assert [one.count for one in _told(Telling(), 0, count=8)] == [8]


def test_it_goes_on_where_it_was() -> None:
    telling = Telling()
    for number in range(7):
        _told(telling, number, number)
    again = Telling()
    again.restore(telling.state())
    assert list(again.rest()) == list(telling.rest())


def test_what_shows_itself_by_time_alone_has_no_event() -> None:
    telling = Telling()
    telling.tell_time("service.silence", "everybody:", 50.0, severity=Severity.MEDIUM, facts=(("minutes", 60),))
    telling.tell_time("service.silence", "everybody:", 60.0, severity=Severity.MEDIUM)
    first, second = telling.news
    assert (first.events, first.count, second.count) == ((), 1, 2)


def test_what_was_forgotten_for_want_of_room_is_not_told() -> None:
    telling = Telling()
    _told(telling, 0), _told(telling, 1), _told(telling, 2)
    telling.restore([{}, ["data.leak\tuser:7"]])
    assert list(telling.rest()) == []
