import pytest

from apiward.core.event import Event
from apiward.watch.detections.accounts.token_theft import TokenTheft
from apiward.watch.settings import SeeingSettings
from tests.watch.seeing import event, log_in, told

_USE = [event(60.0 * number, session="s1", agent="firefox") for number in range(5)]
_ELSEWHERE = event(600.0, session="s1", agent="python-requests", client="203.0.113.9")
_LATER = 4 * 86_400.0
_FIRST_USE = event(_LATER, session="s2", agent="python-requests", client="203.0.113.9")

TRIGGERS = {
    "another program elsewhere": [*_USE, _ELSEWHERE],
    "a session that nobody logged in for": [*_USE, _FIRST_USE],
}
SILENT = {
    "the same program on the way": [*_USE, event(600.0, session="s1", agent="firefox", client="203.0.113.9")],
    "a tool at the same desk": [*_USE, event(600.0, session="s1", agent="curl")],
    "a new telephone, after a log-in": [
        *_USE, log_in(590.0, "a", good=True, client="203.0.113.9"),
        event(600.0, session="s2", agent="firmapp", client="203.0.113.9"),
    ],
    "a known program elsewhere": [*_USE, event(600.0, session="s2", agent="firefox", client="203.0.113.9")],
    "a session that may be older than watch": [*_USE, _FIRST_USE._replace(at_s=_FIRST_USE.at_s - _LATER + 600.0)],
    "a log-in whose session is used much later": [
        *_USE, log_in(700.0, "a", good=True, agent="python-requests"), _FIRST_USE,
    ],
    "no session known": [*_USE, event(600.0, agent="python-requests", client="203.0.113.9")],
}  # fmt: skip


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    (found,) = told(TokenTheft, events)
    assert found.who == "user:7"
    assert dict(found.facts) == {"before": "firefox", "now": "python-requests"}


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(TokenTheft, events)


def test_where_the_owner_works_nobody_is_a_thief() -> None:
    assert not told(TokenTheft, [*_USE, _ELSEWHERE], SeeingSettings(own_addresses=("203.0.113.0/24",)))


def test_only_so_many_places_of_a_session_are_kept() -> None:
    on_the_way = [event(60.0 * n, session="s1", agent="firefox", client=f"203.0.113.{n}") for n in range(40)]
    assert not told(TokenTheft, on_the_way)
