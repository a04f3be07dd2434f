import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from apiward.app.guarding.blocks_in_use import blocks_in_use
from apiward.app.guarding.place import Overrides, Place
from apiward.app.guarding.shut_keys import Own
from apiward.app.guarding.shutting import ShutDesk
from apiward.app.guarding.source import ConfigSource
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig
from apiward.core.call import Answer, Call
from apiward.core.ports import Gate
from tests.app.guarding.stored import stored_events
from tests.guard.calls import raw_call

LOG_IN = {"username": {"type": "string"}, "password": {"type": "string"}}
PATHS = {
    "/a": {"get": {"responses": {"200": {"description": "ok"}}}},
    "/login": {
        "post": {
            "requestBody": {"content": {"application/json": {"schema": {"type": "object", "properties": LOG_IN}}}},
            "responses": {"200": {"description": "ok"}},
        }
    },
}
DOCUMENT = {"openapi": "3.1.0", "info": {"title": "shop", "version": "1"}, "paths": PATHS}
HOST = (b"host", b"shop.example")
SETTINGS = '[guard]\nupstream = "http://127.0.0.1:1"\ndescription = "openapi.json"\n'


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "openapi.json").write_text(json.dumps(DOCUMENT))
    file = tmp_path / "apiward.toml"
    file.write_text(SETTINGS)
    return Place.of(file, GuardConfig())


def desk(place: Place, own: Own = Own(), **environment: str) -> ShutDesk:  # noqa: B008 - frozen
    return ShutDesk(place.data, own, by="owner:ada", pause=lambda _: None, environment=environment)


def guarded(place: Place, use: Callable[[Gate], Awaitable[None]], mode: str = "enforce", more: str = "") -> None:
    """Run a worker of a guard, as a server would, while `use` works with its gate."""
    assert place.file is not None
    place.file.write_text(SETTINGS + f'mode = "{mode}"\n{more}')

    async def run() -> None:
        source = ConfigSource(place, Overrides())
        gate = await source.start()
        source.settled(gate)
        try:
            await use(gate)
        finally:
            await source.stop()

    asyncio.run(run())


def asked(path: bytes = b"/a", peer: str = "192.0.2.7", token: str = "") -> Call:
    shown = ((b"authorization", f"Bearer {token}".encode()),) if token else ()
    return raw_call("GET", path, headers=(HOST, *shown), peer=peer, started_s=time.time())


async def refused(gate: Gate, call: Call) -> str:
    decision = await gate.judge_head(call)
    return decision.rule if decision is not None else ""


async def log_in(gate: Gate, name: str, token: str) -> None:
    body = json.dumps({"username": name, "password": "correct horse"}).encode()
    call = raw_call(
        "POST",
        b"/login",
        headers=(HOST, (b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())),
        started_s=time.time(),
    )
    assert await gate.judge_head(call) is None
    call.body = body
    assert await gate.judge_body(call) is None
    text = json.dumps({"access_token": token}).encode()
    answer = Answer(200, [(b"content-type", b"application/json")], text)
    assert gate.wants_answer(call, answer)
    await gate.judge_answer(call, answer)


@pytest.mark.parametrize("mode", ["enforce", "watch"])
def test_a_running_guard_takes_a_block_and_its_end_at_once(place: Place, mode: str) -> None:
    async def use(gate: Gate) -> None:
        shut = desk(place)
        for key, rule in (("address:192.0.2.7", "origin.shut-out"), ("operation:GET /a", "origin.operation-shut")):
            assert await refused(gate, asked()) == ""
            made = shut.shut(key, reason="guessed", for_s=3600)
            assert await refused(gate, asked()) == rule
            assert (made.by, made.reason, made.until_s - made.since_s) == ("owner:ada", "guessed", 3600)
            assert [one.key for one in shut.listed()] == [key]
            assert shut.undo(key) == (made,)
            assert await refused(gate, asked()) == ""
        shut.shut("address:192.0.2.7", reason="", for_s=60)
        assert await refused(gate, asked(peer="192.0.2.8")) == ""

    guarded(place, use, mode)


def test_the_guard_is_asked_whether_it_is_so(place: Place) -> None:
    async def use(gate: Gate) -> None:
        shut = desk(place)
        made = shut.shut("address:192.0.2.7", reason="guessed", for_s=3600)
        assert "1 of 1 workers" in shut.standing([made.key]).why  # its loop had no turn yet
        await asyncio.sleep(0.6)
        assert shut.standing([made.key]).is_so
        assert not shut.standing([made.key], is_out=False).is_so
        assert not shut.standing(["address:192.0.2.9"]).is_so
        made = shut.shut("operation:GET /b", reason="x", for_s=3600)
        await asyncio.sleep(0.6)
        assert "knows no GET /b" in shut.standing([made.key]).why

    guarded(place, use)
    assert blocks_in_use(place.data) == ()
    assert "No guard runs" in desk(place).standing(["address:192.0.2.7"]).why


def test_a_file_of_countries_tells_nobody_who_is_in_a_network(place: Place) -> None:
    (place.base / "countries.csv").write_text("192.0.2.0,192.0.2.255,DE\n")

    async def use(gate: Gate) -> None:
        shut = desk(place)
        made = shut.shut("asn:64500", reason="a crowd", for_s=3600)
        await asyncio.sleep(0.6)
        assert "cannot tell who is in asn:64500" in shut.standing([made.key]).why
        assert await refused(gate, asked()) == ""

    guarded(place, use, more='[guard.origin]\ncountry_file = "countries.csv"\n')


def test_a_guard_that_is_off_says_that_nobody_is_held_off(place: Place) -> None:
    async def use(gate: Gate) -> None:
        shut = desk(place)
        made = shut.shut("address:192.0.2.7", reason="guessed", for_s=3600)
        await asyncio.sleep(0.6)
        assert "its stage authenticate is off" in shut.standing([made.key]).why
        assert await refused(gate, asked()) == ""

    guarded(place, use, "off")


def test_a_user_is_out_with_all_log_ins_and_a_new_one_is_good_after_the_end(place: Place) -> None:
    async def use(gate: Gate) -> None:
        shut = desk(place)
        await log_in(gate, "eve", "first-token-of-eve-0123456789")
        await log_in(gate, "ada", "first-token-of-ada-0123456789")
        call = asked(token="first-token-of-eve-0123456789")
        assert (await refused(gate, call), call.principal.key) == ("", "user:eve")
        shut.shut("user:eve", reason="took over", for_s=3600)
        assert await refused(gate, asked(token="first-token-of-eve-0123456789")) == "authenticate.shut-out"
        assert await refused(gate, asked(token="first-token-of-ada-0123456789")) == ""
        shut.undo("user:eve")
        assert await refused(gate, asked(token="first-token-of-eve-0123456789")) == ""
        assert shut.end_log_ins("user:eve", reason="took over", for_s=3600) == 1
        assert await refused(gate, asked(token="first-token-of-eve-0123456789")) == "authenticate.shut-out"
        await log_in(gate, "eve", "second-token-of-eve-012345678")
        assert await refused(gate, asked(token="second-token-of-eve-012345678")) == ""
        assert len(shut.undo("user:eve")) == 1
        assert await refused(gate, asked(token="first-token-of-eve-0123456789")) == ""

    guarded(place, use)


def test_tokens_of_a_log_in_service_end_too(place: Place) -> None:
    place.data.mkdir()
    shut = desk(place)
    assert shut.end_log_ins("user:https://id.example|42", reason="x", for_s=60) == 1
    assert [one.key for one in shut.listed()] == ["ended:sub|https://id.example|42"]
    assert len(shut.undo("user:https://id.example|42")) == 1


@pytest.mark.parametrize(
    ("key", "own"),
    [
        ("address:127.0.0.1", Own()),
        ("address:::1", Own()),
        ("address:198.51.100.9", Own()),
        ("address:203.0.113.5", Own(networks=("203.0.113.0/24",))),
        ("address:2001:db8:0:1::99", Own(networks=("2001:db8:0:1::7",))),
        ("user:1", Own(callers=("user:1",))),
    ],
)
def test_the_owner_is_never_shut_out(place: Place, key: str, own: Own) -> None:
    place.data.mkdir()
    shut = desk(place, own, SSH_CONNECTION="198.51.100.9 50000 192.0.2.1 22")
    with pytest.raises(AdvisedError, match="your own"):
        shut.shut(key, reason="x", for_s=60)
    assert shut.listed() == ()


def test_the_same_kinds_of_others_are_shut_out(place: Place) -> None:
    place.data.mkdir()
    shut = desk(place, Own(("203.0.113.0/24", "2001:db8:0:1::7"), ("user:1",)), SSH_CONNECTION="198.51.100.9 1 2 3")
    keys = ["address:203.0.114.5", "address:2001:db8:0:2::99", "user:2", "address:198.51.100.10", "key:1", "device:x"]
    made = [shut.shut(key, reason="x", for_s=60 + number) for number, key in enumerate(keys)]
    assert made[1].key == "address:2001:db8:0:2::/64"
    assert [one.key for one in shut.listed()] == [one.key for one in made]


def test_an_incident_is_undone_in_one_step(place: Place) -> None:
    place.data.mkdir()
    shut = desk(place)
    shut.shut("user:2", reason="x", for_s=60, incident="4f2a")
    shut.shut("address:192.0.2.7", reason="x", for_s=60, incident="4f2a")
    shut.shut("user:3", reason="x", for_s=60)
    assert {one.key for one in shut.undo_incident("4f2a")} == {"user:2", "address:192.0.2.7"}
    assert [one.key for one in shut.listed()] == ["user:3"]
    assert shut.undo_incident("4f2a") == ()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("42", "Did you mean|Allowed are"),
        ("usr:42", 'Did you mean "user"'),
        ("user:", "nothing after the colon"),
        ("address:1.2.3", "is no address"),
        ("operation:/a", "is no operation"),
        ("user:\n", "cannot be shut out"),
        ("user:" + "x" * 500, "cannot be shut out"),
    ],
)
def test_a_slip_is_told(place: Place, typed: str, words: str) -> None:
    place.data.mkdir()
    with pytest.raises(AdvisedError, match=words):
        desk(place).shut(typed, reason="x", for_s=60)


def test_what_is_not_shut_out_cannot_be_let_in(place: Place) -> None:
    with pytest.raises(AdvisedError, match="no guard's data"):
        desk(place).undo("user:42")
    place.data.mkdir()
    desk(place).shut("user:42", reason="x", for_s=60)
    with pytest.raises(AdvisedError, match='Did you mean "user:42"'):
        desk(place).undo("user:43")


def test_every_step_is_in_the_record(place: Place) -> None:
    async def use(gate: Gate) -> None:
        shut = desk(place)
        shut.shut("user:42", reason="guessed passwords", for_s=3600)
        shut.undo("user:42")

    guarded(place, use)
    said = [event.said for event in stored_events(place) if event.kind == "block"]
    assert said == ["user:42 was shut out for 60 minutes: guessed passwords", "user:42 may come in again."]


def test_a_file_that_cannot_be_used_is_told(place: Place) -> None:
    place.data.mkdir()
    (place.data / "blocks").mkdir()
    with pytest.raises(AdvisedError, match="cannot be used"):
        desk(place).listed()
