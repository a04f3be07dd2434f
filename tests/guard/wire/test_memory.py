"""Heads that came before: kept only for a while, within bounds, and never mixed up."""

from apiward.core.call import BodyKind, HeaderBlock
from apiward.guard.stages.protocol import Protocol
from apiward.guard.wire.memory import FORGOTTEN_AFTER_S, MAX_HEADS, MAX_SIZE, HeadMemory, Key, KnownHead
from apiward.guard.wire.settings import ProtocolSettings
from tests.guard.calls import parts, raw_call


def _head(value: bytes = b"s") -> tuple[Key, KnownHead]:
    headers = [(b"host", value)]
    return ("GET", "1.1", tuple(headers)), KnownHead(HeaderBlock(headers), dict(headers), BodyKind.NONE, None)


def test_a_head_is_known_until_it_was_not_sent_for_a_while() -> None:
    memory, (key, head) = HeadMemory(), _head()
    assert memory.get(key, 1_000.0) is None
    memory.keep(key, head, 1_000.0)
    for now_s in (1_001.0, 1_059.0, 1_061.0, 1_122.0, 1_183.0):  # it was sent in each minute
        assert memory.get(key, now_s) is head
    assert memory.get(key, 1_183.0 + 2 * FORGOTTEN_AFTER_S) is None


def test_a_clock_that_goes_back_makes_it_forget_and_not_fail() -> None:
    memory, (key, head) = HeadMemory(), _head()
    memory.keep(key, head, 0.0)
    assert memory.get(key, 1_000.0) is None
    memory.keep(key, head, 1_000.0)
    assert memory.get(key, 10.0) is None


def test_no_more_are_kept_than_two_generations_of_them_and_none_that_is_large() -> None:
    memory = HeadMemory()
    heads = [_head(str(number).encode()) for number in range(3 * MAX_HEADS)]
    for key, head in heads:
        memory.keep(key, head, 0.0)
    assert sum(memory.get(key, 0.0) is not None for key, _ in heads[: 2 * MAX_HEADS]) <= MAX_HEADS
    assert memory.get(heads[-1][0], 0.0) is heads[-1][1]
    key, head = _head(b"x" * MAX_SIZE)
    memory.keep(key, head, 0.0)
    assert memory.get(key, 0.0) is None


def test_the_second_of_two_equal_heads_is_read_as_the_first_was() -> None:
    protocol = Protocol(ProtocolSettings(), parts())
    headers = ((b"host", b"s"), (b"content-type", b"application/json"), (b"content-length", b"2"))
    first, second = (raw_call("POST", b"/a", headers=headers) for _ in range(2))
    assert protocol.on_head(first) is None
    assert first.block is None
    assert protocol.on_head(second) is None
    assert second.block is second.headers
    assert (second.headers, second.header) == (first.headers, first.header)
    assert (second.body_kind, second.notes) == (BodyKind.JSON, first.notes)


def test_what_was_refused_is_refused_again_and_what_differs_is_read_anew() -> None:
    protocol = Protocol(ProtocolSettings(), parts())
    for _ in range(3):
        said = protocol.on_head(raw_call("GET", b"/a", headers=((b"host", b"s"), (b"host", b"t"))))
        assert said is not None
        assert said.rule == "protocol.header-repeated"
        assert protocol.on_head(raw_call("GET", b"/a", headers=((b"host", b"s"),))) is None
        said = protocol.on_head(raw_call("GET", b"/a/../b", headers=((b"host", b"s"),)))
        assert said is not None
        assert said.rule == "protocol.path-ambiguous"
        body = ((b"host", b"s"), (b"content-type", b"application/json"), (b"content-length", b"2"))
        assert protocol.on_head(raw_call("POST", b"/a", headers=body)) is None
        said = protocol.on_head(
            raw_call("GET", b"/a", headers=body)
        )  # the same headers, which this method may not have
        assert said is not None
        assert said.rule == "protocol.body-unexpected"
