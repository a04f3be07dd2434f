import asyncio

import pytest

from apiward.app import remembering
from apiward.app.remembering import Remembering
from apiward.core.exchange import Exchange, Failure, Request, Response

TOKEN = "zq81kdo2plw"
LATE = "xv72mmc9qar"


class Echo:
    """Answers with what it was sent; an empty address cannot be sent."""

    sent_count = 7

    async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
        if not request.url:
            return Exchange(request, failure=Failure.NOT_SENDABLE)
        return Exchange(request, Response(200, (("X-Limit", f"{timeout_s}"),), request.body))


def _sent(sender: Remembering, *bodies: bytes) -> list[Exchange]:
    async def run() -> list[Exchange]:
        return [await sender.send(Request("POST", "http://h/", (), body), timeout_s=2.0) for body in bodies]

    return asyncio.run(run())


def test_what_goes_through_is_as_it_was_and_what_is_remembered_holds_no_secret() -> None:
    known = {TOKEN}
    sender = Remembering(Echo(), lambda: frozenset(known))
    through = _sent(sender, f"a {TOKEN}".encode(), f"b {LATE}".encode())
    assert [exchange.text for exchange in through] == [f"a {TOKEN}", f"b {LATE}"]
    assert through[0].response is not None
    assert through[0].response.header("X-Limit") == "2.0"
    known.add(LATE)
    told = "".join(f"{exchange}" for exchange in sender.exchanges())
    assert TOKEN not in told
    assert LATE not in told, "one that is known only later is hidden as well"
    assert (len(sender), sender.left_out, sender.sent_count) == (2, 0, 7)


def test_a_secret_at_the_cut_of_a_long_text_does_not_stay_in_part() -> None:
    sender = Remembering(Echo(), lambda: frozenset({TOKEN}))
    _sent(sender, *(b"x" * size + TOKEN.encode() + b"y" * 9_000 for size in range(3_970, 4_001, 3)))
    for exchange in sender.exchanges():
        assert TOKEN[:5].encode() not in exchange.request.body


def test_what_could_not_be_sent_is_not_remembered() -> None:
    sender = Remembering(Echo(), frozenset)
    asyncio.run(sender.send(Request("GET", "")))
    assert len(sender) == 0


@pytest.mark.parametrize(("bound", "value"), [("MOST_ENTRIES", 3), ("MOST_BYTES", 3 * (9 + 10 + 10 + 10) - 1)])
def test_it_keeps_to_its_bounds_and_counts_the_rest(monkeypatch: pytest.MonkeyPatch, bound: str, value: int) -> None:
    monkeypatch.setattr(remembering, bound, value)
    sender = Remembering(Echo(), frozenset)
    assert len(_sent(sender, *[b"0123456789"] * 5)) == 5
    assert (len(sender), sender.left_out) == (3, 2)
