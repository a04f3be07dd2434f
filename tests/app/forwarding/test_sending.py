import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from apiward.app.forwarding.sending import AWAY_S, Forwarder
from apiward.core.outgoing import NotSentError, RefusedError
from apiward.stores.events.database import bring_up_to_date, open_database, sqlite_url
from tests.app.forwarding.made import ALL, Receiver, Told, away, fill, refusing, store


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Give an empty store."""
    made = open_database(sqlite_url(tmp_path / "events.sqlite"))
    bring_up_to_date(made)
    yield made
    made.dispose()


def run(forwarder: Forwarder) -> None:
    """Send until nothing is left."""
    asyncio.run(forwarder.run(asyncio.Event(), follow=False))


def test_everything_is_sent_once_in_order_and_goes_on_after_a_start(engine: Engine) -> None:
    fill(engine)
    receiver, told = Receiver(), Told()
    run(told.forwarder(engine, receiver, batch=2))
    assert sorted(one.kind for one in receiver.got) == sorted(ALL)
    assert [one.id for one in receiver.got if one.kind == "event"] == ["00000000", "00000001", "00000002"]
    assert len(set(receiver.ids)) == len(ALL)
    store(engine, 7)
    again = Receiver()
    run(told.forwarder(engine, again, batch=2))
    assert again.ids == ["00000007"]
    assert (receiver.is_closed, told.said) == (True, [])


def test_who_wants_only_what_is_new_begins_at_the_end(engine: Engine) -> None:
    fill(engine)
    receiver, told = Receiver(), Told()
    run(told.forwarder(engine, receiver, sends_old=False))
    assert receiver.got == []
    store(engine, 7)
    run(told.forwarder(engine, receiver, sends_old=False))
    assert receiver.ids == ["00000007"]


def test_nothing_is_lost_while_a_receiver_is_away_and_that_is_told_once(engine: Engine) -> None:
    fill(engine)
    receiver, told = Receiver(away), Told()
    forwarder = told.forwarder(engine, receiver)

    async def main() -> None:
        for _ in range(4):
            await forwarder.step()
            told.now_s += AWAY_S
        assert forwarder.sent.problem == "nobody is there"
        receiver.problem = lambda _: None
        await forwarder.step()

    asyncio.run(main())
    assert len(receiver.got) == len(ALL)
    assert [said.partition(" since ")[0] for said in told.said] == [
        "Nothing reaches https://logs.example",
        "Records reach https://logs.example again. They waited",
    ]
    assert (forwarder.sent.problem, forwarder.sent.records, forwarder.sent.behind) == ("", len(ALL), 0)


def test_what_waits_is_counted_while_it_cannot_leave(engine: Engine) -> None:
    told, receiver = Told(), Receiver()
    forwarder = told.forwarder(engine, receiver, batch=1)
    store(engine, 1, 2, 3)

    async def main() -> None:
        assert await forwarder.step()
        assert forwarder.sent.behind == 2

    asyncio.run(main())


def test_it_waits_longer_each_time_and_as_long_as_it_is_asked_to(engine: Engine) -> None:
    store(engine, 1)
    told, receiver = Told(), Receiver(away)
    forwarder = told.forwarder(engine, receiver)
    pauses = []

    async def main() -> None:
        for _ in range(9):
            await forwarder.step()
            pauses.append(forwarder._pause_s)
        receiver.problem = lambda _: NotSentError("later", wait_s=300.0)
        await forwarder.step()

    asyncio.run(main())
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert forwarder._pause_s == 300.0


def test_what_a_receiver_refuses_is_left_out_alone_and_told(engine: Engine) -> None:
    store(engine, *range(20))
    told, receiver = Told(), Receiver(refusing(13))
    forwarder = told.forwarder(engine, receiver)
    run(forwarder)
    assert receiver.ids == [f"{number:08d}" for number in range(20) if number != 13]
    assert told.said == ["https://logs.example refused 1 of 20 records: 400."]
    assert (forwarder.sent.records, forwarder.sent.refused) == (19, 1)


def test_a_receiver_that_has_refused_everything_so_far_gets_it_again(engine: Engine) -> None:
    store(engine, *range(20))
    told, receiver = Told(), Receiver(lambda _: RefusedError("400"))
    forwarder = told.forwarder(engine, receiver)
    asyncio.run(forwarder.step())
    assert forwarder.sent.problem == "400"
    receiver.problem = lambda _: None
    asyncio.run(forwarder.step())
    assert len(receiver.got) == 20


def test_a_kill_between_sending_and_noting_it_sends_again_what_has_the_same_ids(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(engine, *range(5))
    told, receiver = Told(), Receiver()
    forwarder = told.forwarder(engine, receiver)

    def fail(*_: object) -> None:
        raise OSError("killed")

    monkeypatch.setattr(forwarder._records.changes, "keep_place", fail)
    asyncio.run(forwarder.step())
    run(told.forwarder(engine, receiver))
    assert receiver.ids == [f"{number:08d}" for number in range(5)] * 2


def test_what_a_receiver_says_of_what_it_took_is_told(engine: Engine) -> None:
    store(engine, 1)
    told, receiver = Told(), Receiver()
    receiver.note = "1 records were not taken: too old"
    run(told.forwarder(engine, receiver))
    assert told.said == ["https://logs.example: 1 records were not taken: too old"]


def test_a_store_that_is_away_is_no_end(engine: Engine, tmp_path: Path) -> None:
    store(engine, 1)
    told, receiver = Told(), Receiver()
    forwarder = told.forwarder(engine, receiver)
    path = tmp_path / "events.sqlite"
    engine.dispose()
    good = path.read_bytes()
    path.write_bytes(b"no database" * 1_000)
    asyncio.run(forwarder.step())
    assert "database" in forwarder.sent.problem
    path.write_bytes(good)
    engine.dispose()
    asyncio.run(forwarder.step())
    assert (receiver.ids, forwarder.sent.problem) == (["00000001"], "")


def test_it_ends_when_it_is_asked_to(engine: Engine) -> None:
    told, receiver = Told(), Receiver()

    async def main() -> None:
        ending = asyncio.Event()
        task = asyncio.create_task(told.forwarder(engine, receiver).run(ending))
        while not receiver.got:
            store(engine, 1)
            await asyncio.sleep(0.01)
        ending.set()
        await task

    asyncio.run(main())
    assert receiver.is_closed
