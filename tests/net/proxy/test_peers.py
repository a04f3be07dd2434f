import asyncio
from pathlib import Path

import pytest

from apiward.net.proxy.messages import Message, Receive, Scope, Send
from apiward.net.proxy.peers import MAX_CERTIFICATE, Peer, PeerTable, behind_door

PEER = Peer("2001:db8::7", 40_000, b"\x30\x01\x02")


def asked(table: PeerTable, scope: Scope) -> tuple[Scope | None, list[Message]]:
    """Return what the app behind saw, and what was sent."""
    seen: list[Scope] = []
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)

    async def receive() -> Message:
        raise AssertionError("nothing is read")

    async def send(message: Message) -> None:
        sent.append(message)

    async def run() -> None:
        await behind_door(app, table)(scope, receive, send)

    asyncio.run(run())
    return seen[0] if seen else None, sent


def test_another_process_reads_what_was_put(tmp_path: Path) -> None:
    PeerTable(tmp_path / "peers").put(5_000, PEER)
    other = PeerTable(tmp_path / "peers")
    assert other.get(5_000) == PEER
    assert other.get(5_001) is None
    other.drop(5_000)
    assert other.get(5_000) is None


def test_a_slot_holds_the_last_one_whole(tmp_path: Path) -> None:
    table = PeerTable(tmp_path / "peers")
    table.put(65_535, Peer("203.0.113.1", 1, b"x" * MAX_CERTIFICATE))
    table.put(65_535, Peer("203.0.113.2", 2))
    assert table.get(65_535) == Peer("203.0.113.2", 2)
    with pytest.raises(ValueError, match="too long"):
        table.put(1, Peer("203.0.113.1", 1, b"x" * 9_000))


def test_nobody_else_may_read_the_table(tmp_path: Path) -> None:
    PeerTable(tmp_path / "peers")
    assert (tmp_path / "peers").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("scheme", "secure"), [("http", "https"), ("ws", "wss")])
def test_who_came_through_the_door_is_told(tmp_path: Path, scheme: str, secure: str) -> None:
    table = PeerTable(tmp_path / "peers")
    table.put(5_000, PEER)
    scope: Scope = {"type": "http", "scheme": scheme, "client": ("127.0.0.1", 5_000)}
    seen, _ = asked(table, scope)
    assert seen is not None
    assert (seen["client"], seen["scheme"]) == (("2001:db8::7", 40_000), secure)
    assert seen["apiward.peer"] == ("127.0.0.1", 5_000)
    assert seen["apiward.certificate"] == PEER.certificate
    assert seen["apiward.add"] == [(b"client-cert", b":MAEC:")]


def test_who_showed_none_has_none(tmp_path: Path) -> None:
    table = PeerTable(tmp_path / "peers")
    table.put(5_000, Peer("203.0.113.2", 2))
    seen, _ = asked(table, {"type": "http", "scheme": "http", "client": ("127.0.0.1", 5_000)})
    assert seen is not None
    assert not {"apiward.certificate", "apiward.add"} & seen.keys()


@pytest.mark.parametrize("client", [("127.0.0.1", 5_001), ("127.0.0.2", 5_000), None])
@pytest.mark.parametrize(
    ("kind", "first"),
    [
        ("http", {"type": "http.response.start", "status": 403, "headers": [(b"content-length", b"0")]}),
        ("websocket", {"type": "websocket.close", "code": 1008}),
    ],
)
def test_who_came_past_the_door_is_turned_away(
    tmp_path: Path, client: tuple[str, int] | None, kind: str, first: Message
) -> None:
    table = PeerTable(tmp_path / "peers")
    table.put(5_000, PEER)
    seen, sent = asked(table, {"type": kind, "scheme": "http", "client": client})
    assert seen is None
    assert sent[0] == first


def test_the_life_of_the_app_goes_through(tmp_path: Path) -> None:
    seen, _ = asked(PeerTable(tmp_path / "peers"), {"type": "lifespan"})
    assert seen == {"type": "lifespan"}
