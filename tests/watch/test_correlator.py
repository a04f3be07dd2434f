import hashlib
import zlib
from functools import cache

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apiward.core.detection import Detection
from apiward.core.event import Event
from apiward.watch.correlator import Correlator, StateError
from apiward.watch.detector import Detector, Tell
from apiward.watch.registry import DETECTIONS
from apiward.watch.settings import SeeingSettings
from apiward.watch.sight import Sight
from tests.watch.seeing import START_S, event, log_in, read, unknown

OPERATIONS = (
    "POST /api/login", "GET /api/notes/{id}", "GET /api/notes", "GET /api/admin/users", "POST /api/payments",
    "POST /api/cart/coupon", "POST /api/otp/verify", "POST /api/orders", "PATCH /api/me", "GET /api/export",
)  # fmt: skip


@st.composite
def streams(draw: st.DrawFn) -> list[Event]:
    """Events of a few callers who do much of everything, in bursts, so that something is told."""
    made: list[Event] = []
    at_s = 0.0
    for _ in range(draw(st.integers(1, 12))):
        operation = draw(st.sampled_from(OPERATIONS))
        status = draw(st.sampled_from((200, 200, 401, 403, 404, 422, 500)))
        who = draw(st.sampled_from(("user:1", "user:2", "key:a", "anonymous:", "device:d")))
        client = draw(st.sampled_from(("198.18.0.1", "203.0.113.5", "2001:db8::1")))
        rules = draw(st.sampled_from(((), (), ("objects.foreign",), ("inspect.sql",), ("route.retired",))))
        agent = draw(st.sampled_from(("firefox", "curl", "")))
        step_s = draw(st.sampled_from((1.0, 30.0, 4_000.0)))
        for number in range(draw(st.integers(1, 25))):
            at_s += step_s
            found = {"session": who, "agent": agent} if agent else {}
            path = operation.partition(" ")[2].replace("{id}", str(number))
            one = event(at_s, operation, path=path, status=status, who=who, client=client, rules=rules)
            made.append(one._replace(id=f"{len(made)}", marks=tuple(found.items())))
    return made


def _seen(correlator: Correlator, events: list[Event]) -> list[Detection]:
    found: list[Detection] = []
    for number, one in enumerate(events):
        found += correlator.see(one)
        if number % 20 == 19:
            found += correlator.passed(one.at_s)
    return found


@settings(deadline=None)
@given(streams(), st.data())
def test_a_restart_at_any_point_changes_nothing(events: list[Event], data: st.DataObject) -> None:
    whole = _seen(Correlator(DETECTIONS, SeeingSettings()), events)
    cut = 20 * data.draw(st.integers(0, len(events) // 20))
    first = Correlator(DETECTIONS, SeeingSettings())
    found = _seen(first, events[:cut])
    second = Correlator.restored(first.state(), DETECTIONS, SeeingSettings())
    assert second.state() == first.state()
    assert found + _seen(second, events[cut:]) == whole


@cache
def _state() -> bytes:
    made = Correlator(DETECTIONS, SeeingSettings())
    for number in range(30):
        made.see(log_in(10.0 * number, f"account {number}", client=f"203.0.113.{number}"))
        made.see(read(10.0 * number, number, status=404))
    return made.state()


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (b"", "no checkpoint"),
        (b"something else\n", "no checkpoint"),
        (b"apiward watch 9 abc\n", "form '9'"),
        (b"apiward watch 1 abc\nnot packed", "damaged"),
        (b"apiward watch 1 abc\n" + zlib.compress(b"{}"), "damaged"),
    ],
)
def test_a_damaged_checkpoint_is_refused(state: bytes, told: str) -> None:
    with pytest.raises(StateError, match=told):
        Correlator.restored(state, DETECTIONS, SeeingSettings())


@given(st.data())
def test_one_changed_byte_is_noticed(data: st.DataObject) -> None:
    state = bytearray(_state())
    at = data.draw(st.integers(0, len(state) - 1))
    state[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(StateError):
        Correlator.restored(bytes(state), DETECTIONS, SeeingSettings())


def test_what_does_not_hold_what_it_should_is_refused() -> None:
    good = Correlator((), SeeingSettings()).state()
    for text in (b"[]", b"{}", orjson.dumps({"slots": 3})):
        packed = zlib.compress(text)
        state = b"apiward watch 1 " + hashlib.sha256(packed).hexdigest().encode() + b"\n" + packed
        with pytest.raises(StateError, match="does not hold"):
            Correlator.restored(state, DETECTIONS, SeeingSettings())
    assert Correlator.restored(good, (), SeeingSettings()).state() == good


class _Counted(Detector):
    """Tells every tenth event of a caller."""

    rule = "objects.foreign"
    when = (0,)

    def see(self, sight: Sight, tell: Tell) -> None:
        count = sight.slots[self.slot] or 0
        assert isinstance(count, int)
        sight.slots[self.slot] = count + 1
        if count % 10 == 9:
            tell(self.rule, sight, severity=2, facts=(("count", count),))  # type: ignore[arg-type]


class _Newer(_Counted):
    version = 2


class _Other(_Counted):
    rule = "data.leak"


def test_a_detection_that_has_changed_begins_anew_and_others_go_on() -> None:
    first = Correlator((_Counted, _Other), SeeingSettings())
    for number in range(9):
        first.see(event(number))
    again = Correlator.restored(first.state(), (_Newer, _Other), SeeingSettings())
    assert [one.rule for one in again.see(event(10))] == ["data.leak"]
    alone = Correlator.restored(first.state(), (_Counted,), SeeingSettings())
    assert [one.rule for one in alone.see(event(10))] == ["objects.foreign"]


def test_what_is_played_is_never_mixed_with_what_is_real() -> None:
    correlator = Correlator((_Counted,), SeeingSettings())
    for number in range(9):
        correlator.see(event(number))
        correlator.see(event(number, drill="1"))
    again = Correlator.restored(correlator.state(), (_Counted,), SeeingSettings())
    (played,) = again.see(event(10, drill="1"))
    (real,) = again.see(event(10))
    assert (played.is_drill, real.is_drill) == (True, False)
    again.see(event(11, drill="1"))
    assert again.passed(START_S + 20) == []


@pytest.mark.parametrize("rule", ["origin.shut-out", "origin.operation-shut", "authenticate.shut-out"])
def test_what_follows_from_a_block_is_not_looked_at(rule: str) -> None:
    correlator = Correlator((_Counted,), SeeingSettings())
    shut_out = event(0, rules=(rule,), refused=True, status=403)
    assert not any(correlator.see(shut_out) for _ in range(30))
    watched = event(0, rules=(rule,))
    assert any(correlator.see(watched) for _ in range(30))


def test_callers_are_told_apart_and_strangers_are_their_address() -> None:
    correlator = Correlator((_Counted,), SeeingSettings())
    found: list[Detection] = []
    for number in range(10):
        for who, client in (
            ("user:1", "192.0.2.1"),
            ("anonymous:", "192.0.2.1"),
            ("", f"2001:db8:0:7::{number:x}"),
            ("", "what a log had"),
        ):
            found += correlator.see(event(number, who=who, client=client))
    assert [one.who for one in found] == [
        "user:1",
        "address:192.0.2.1",
        "address:2001:db8:0:7::",
        "address:what a log had",
    ]


def test_events_that_are_no_requests_are_passed_over() -> None:
    correlator = Correlator((_Counted,), SeeingSettings())
    assert not any(correlator.see(replace_kind(event(n))) for n in range(20))


def replace_kind(one: Event) -> Event:
    """Return the same as an event of the administration."""
    return one._replace(kind="administration")


def test_memory_is_bounded() -> None:
    correlator = Correlator(DETECTIONS, SeeingSettings(most_callers=1_000))
    for number in range(3_000):
        correlator.see(unknown(number / 10, f"/api/x{number}", who="anonymous:", client=f"2001:db8:{number:x}::1"))
    assert len(correlator.state()) < 400_000


def test_who_was_not_heard_of_for_longest_is_still_that_after_a_restart() -> None:
    first = Correlator((_Counted,), SeeingSettings(most_callers=1_000))
    for number in range(1_000):
        first.see(event(number, who=f"user:{number}"))
    for number in range(8):
        first.see(event(1_000 + number, who="user:0"))
    again = Correlator.restored(first.state(), (_Counted,), SeeingSettings(most_callers=1_000))
    again.see(event(2_000, who="user:new"))
    assert [one.who for one in again.see(event(2_001, who="user:0"))] == ["user:0"], "its tenth event"


def test_a_detection_can_be_switched_off() -> None:
    assert not Correlator((_Counted,), SeeingSettings(off=("objects.foreign",))).see(event(0))
