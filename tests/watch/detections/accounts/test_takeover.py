import pytest

from apiward.core.event import Event
from apiward.core.finding import Severity
from apiward.watch.detections.accounts.takeover import Takeover
from tests.watch.seeing import event, log_in, told

_AT_HOME = [log_in(86_400.0 * n, "anna", good=True, agent="firefox") for n in range(3)]
_THEN = 3 * 86_400.0
_THERE = "203.0.113.9"
_GUESSED = [log_in(_THEN + 60.0 * n, "anna", client=_THERE, agent="curl") for n in range(6)]
_IN = log_in(_THEN + 900.0, "anna", good=True, client=_THERE, agent="curl")
_WAVE = [log_in(_THEN + 20.0 * n, f"account {n}", client=f"203.0.114.{n}", asn=f"{n}") for n in range(20)]
_PASSWORD = event(_THEN + 960.0, "PUT /api/me/password", client=_THERE)
_LANGUAGE = event(_THEN + 960.0, "PATCH /api/me", client=_THERE)

TRIGGERS = {
    "after guesses": [*_AT_HOME, *_GUESSED, _IN],
    "after others were tried from there": [
        *_AT_HOME,
        log_in(_THEN, "ben", client=_THERE),
        log_in(_THEN + 9.0, "carla", client=_THERE),
        _IN,
    ],
    "in a wave, from a network that nobody uses": [
        *_AT_HOME,
        *_WAVE,
        _IN._replace(marks=(*_IN.marks, ("asn", "64500"))),
    ],
    "a newcomer changes the password": [*_AT_HOME, _IN, _PASSWORD],
}
SILENT = {
    "at home after mistyping": [
        *_AT_HOME, *(log_in(_THEN + n, "anna", agent="firefox") for n in range(9)),
        log_in(_THEN + 60.0, "anna", good=True, agent="firefox"),
    ],
    "a new place": [*_AT_HOME, _IN],
    "a new place in a wave": [*_AT_HOME, *_WAVE, _IN],
    "in a wave, from a network that customers use": [
        log_in(0.0, "ben", good=True, client="203.0.113.8", asn="64500"), *_AT_HOME, *_WAVE,
        _IN._replace(marks=(*_IN.marks, ("asn", "64500"))),
    ],
    "a newcomer changes the language": [*_AT_HOME, _IN, _LANGUAGE],
    "much later": [*_AT_HOME, _IN, _PASSWORD._replace(at_s=_PASSWORD.at_s + 8_000)],
    "a log": [log_in(60.0 * n, good=n == 8) for n in range(9)],
    "a bare mark": [log_in(60.0 * n, good=n == 8, agent="curl") for n in range(9)],
}  # fmt: skip


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(Takeover, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(Takeover, events)


def test_a_change_after_a_strange_log_in_is_the_worst() -> None:
    (found,) = told(Takeover, [*_AT_HOME, *_GUESSED, _IN, _LANGUAGE])
    assert found.severity is Severity.CRITICAL
    assert found.touched == ("account:anna", "user:7")


def test_a_place_of_many_is_no_strangers() -> None:
    crowd = [event(float(n), who=f"user:{n}", client=_THERE) for n in range(4)]
    assert not told(Takeover, [*crowd, *TRIGGERS["after guesses"]])
