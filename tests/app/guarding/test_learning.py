import asyncio
from pathlib import Path

import orjson
import pytest

from apiward.app.guarding.building import kept_secret
from apiward.app.guarding.learning import (
    LOOK_S,
    MOST_LOOK_S,
    REFRESH_S,
    Learning,
    joined,
    read_learned,
)
from apiward.app.guarding.place import Overrides, Place
from apiward.app.guarding.source import ConfigSource
from apiward.app.learners import new_learner
from apiward.config.guarding import GuardConfig, parse_guard
from apiward.core.call import Answer, Call
from apiward.core.ports import Gate
from apiward.spec.learning import room
from apiward.stores.learned import folder
from tests.guard.calls import raw_call
from tests.spec.learning.seeing import often

KEY = bytes(32)


class Watch:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def learn(learning: Learning, target: str = "GET /a", times: int = 40) -> None:
    for one in often(target, times):
        learning.learner.learn(one)


def test_what_was_learned_is_there_after_a_restart(tmp_path: Path) -> None:
    async def live(times: int) -> str:
        learning = Learning(tmp_path, KEY)
        learning.start()
        known = "" if learning.api is None else learning.api.operations[0].key
        learn(learning, times=times)
        await learning.stop()
        return known

    assert asyncio.run(live(25)) == ""
    assert asyncio.run(live(0)) == "GET /a"
    (found,) = read_learned(tmp_path, KEY).learned().operations
    assert found.sureness.requests == 25, "nothing is counted twice"


def test_workers_know_together_what_none_knows_alone(tmp_path: Path) -> None:
    async def live() -> None:
        one, other = Learning(tmp_path, KEY), Learning(tmp_path, KEY)
        one.start()
        other.start()
        learn(one, times=12)
        learn(other, times=12)
        await one.stop()
        assert await other.look_again(None)
        assert other.api is not None
        assert not await other.look_again(None), "the same is no news"
        await other.stop()

    asyncio.run(live())


def test_looks_become_rarer_while_nothing_new_is_sure(tmp_path: Path) -> None:
    watch = Watch()
    learning = Learning(tmp_path, KEY, timer=watch)
    learning.start()

    async def looks() -> list[bool]:
        found = []
        for wait_s in (LOOK_S + 1, LOOK_S * 2 + 1, LOOK_S * 2 + 1):
            watch.now_s += wait_s
            found.append(learning.is_due())
            if learning.is_due():
                await learning.look_again(None)
        return found

    assert asyncio.run(looks()) == [True, True, False]
    assert MOST_LOOK_S > LOOK_S
    asyncio.run(learning.stop())


def test_what_was_disproved_since_is_let_go_within_the_hour_and_not_at_each_look(tmp_path: Path) -> None:
    watch = Watch()

    async def live() -> list[tuple[bool, tuple[str, ...]]]:
        learning = Learning(tmp_path, KEY, timer=watch)
        learning.start()
        found = []
        for count, wait_s in ((1, LOOK_S + 1), ("many", LOOK_S + 1), (1, REFRESH_S), (1, REFRESH_S + 1)):
            for one in often("POST /a", 40, body={"count": count}):
                learning.learner.learn(one)
            watch.now_s += wait_s
            is_new = await learning.look_again(None)
            assert learning.api is not None
            (body, *_) = learning.api.operations[0].bodies
            found.append((is_new, body.schema.properties["count"].types))
        await learning.stop()
        return found

    first, second, third, fourth = asyncio.run(live())
    assert first[0]
    assert "string" not in first[1]
    assert second == (False, first[1]), "it waits"
    assert third[0]
    assert third[1] != first[1]
    assert fourth == (False, third[1]), "the same is no news"


def test_a_state_that_cannot_be_read_is_told_and_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    good = new_learner(KEY)
    for one in often("GET /a", 8):
        good.learn(one)
    made = joined([b"no json", b'{"form": "x"}', orjson.dumps(good.state())], KEY)
    assert [one.operation.key for one in made.learned().operations] == ["GET /a"]
    assert capsys.readouterr().err.count("cannot be read") == 2


def test_saving_that_fails_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def live() -> None:
        learning = Learning(tmp_path, KEY)
        learning.start()
        learn(learning)
        for file in (tmp_path / "learned").iterdir():
            file.unlink()
        (tmp_path / "learned").rmdir()
        await learning.stop()

    asyncio.run(live())
    assert "cannot be written down" in capsys.readouterr().err


def test_a_file_that_is_too_large_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def live() -> None:
        learning = Learning(tmp_path, KEY)
        learning.start()
        learn(learning)
        await learning.stop()

    asyncio.run(live())
    assert read_learned(tmp_path, KEY).learned().operations
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(folder, "MAX_FILE", 10)
    assert not read_learned(tmp_path, KEY).learned().operations
    told = capsys.readouterr().err
    assert "It is left out" in told
    assert "worker-" in told


def test_a_state_that_is_too_large_to_be_kept_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(folder, "MAX_FILE", 10)

    async def live() -> None:
        learning = Learning(tmp_path, KEY)
        learning.start()
        learn(learning)
        await learning.stop()

    asyncio.run(live())
    assert "cannot be written down" in capsys.readouterr().err


@pytest.mark.parametrize(("most", "count"), [(30, 1), (30_000, 0)])
def test_that_there_is_no_room_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], most: int, count: int
) -> None:
    monkeypatch.setattr(room, "MOST_PLACES", most)

    async def live() -> None:
        learning = Learning(tmp_path, KEY)
        learning.start()
        for path in ("/a", "/b", "/c", "/d"):
            learn(learning, f"GET {path}")
            learning._save()
        await learning.stop()

    asyncio.run(live())
    assert capsys.readouterr().err.count("no room to learn more") == count


async def exchange(gate: Gate, path: bytes, client: str, method: str = "GET") -> Call:
    made = raw_call(method, path)
    made.peer = client
    refusal = await gate.judge_head(made) or await gate.judge_body(made)
    assert refusal is None, refusal
    answer = Answer(200, [(b"content-type", b"application/json")], b'{"id": 1, "name": "x"}')
    assert await gate.judge_answer(made, answer) is None
    gate.finish(made, status=200, outcome="passed", answer_size=22)
    return made


def guarded(tmp_path: Path, settings: str) -> tuple[list[str], list[str]]:
    """Use an API through a guard that knows nothing, until it has learned; return what it says of strange calls."""
    config, problems = parse_guard(settings)
    assert not problems

    async def live() -> tuple[list[str], list[str]]:
        source = ConfigSource(Place(None, tmp_path, tmp_path / "data"), Overrides(), config=config)
        gate = await source.start()
        for number in range(48):
            await exchange(gate, b"/items/%d" % number, f"127.0.0.{number % 8 + 1}")
        learning = source._learning
        assert learning is not None
        learning._looked_s -= LOOK_S + 1
        assert source.is_changed()
        renewed = await source.renew()
        assert renewed is not None
        known = await exchange(renewed, b"/items/7", "127.0.0.1")
        strange = await exchange(renewed, b"/other", "127.0.0.1")
        await source.stop()
        said = [f"{ruling.decision.rule} {ruling.decision.effect}" for ruling in strange.rulings]
        return [known.operation_key], said

    return asyncio.run(live())


def test_a_guard_without_a_description_uses_what_it_has_learned_and_refuses_nothing_for_it(tmp_path: Path) -> None:
    keys, said = guarded(tmp_path, '[guard]\nmode = "enforce"\n')
    assert keys == ["GET /items/{item_id}"]
    assert said == ["route.undescribed note"]


def test_where_the_settings_want_it_it_is_held_against_requests(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"route\.undescribed"):
        guarded(tmp_path, '[guard]\n[guard.learn]\nuse = "enforce"\n')


def test_nothing_is_learned_where_it_is_off(tmp_path: Path) -> None:
    async def live() -> None:
        config, _ = parse_guard("[guard]\n[guard.learn]\non = false\n")
        source = ConfigSource(Place(None, tmp_path, tmp_path / "data"), Overrides(), config=config)
        gate = await source.start()
        await exchange(gate, b"/items/1", "127.0.0.1")
        await source.stop()

    asyncio.run(live())
    assert not (tmp_path / "data" / "learned").exists()


def test_a_folder_that_cannot_be_used_stops_no_guard(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "learned").write_text("")
    kept_secret(tmp_path / "data", "pepper")

    async def live() -> None:
        source = ConfigSource(Place(None, tmp_path, tmp_path / "data"), Overrides(), config=GuardConfig())
        await exchange(await source.start(), b"/items/1", "127.0.0.1")
        await source.stop()

    asyncio.run(live())
    assert "Nothing is learned" in capsys.readouterr().err
