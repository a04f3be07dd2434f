import asyncio
import time
from pathlib import Path

import pytest

from apiward.app.guarding.building import Outside, build_access, build_engine, kept_secret, read_bytes
from apiward.config.errors import ConfigError
from apiward.config.guarding import GuardConfig, parse_guard
from apiward.core.call import Answer
from apiward.core.event import Event
from apiward.net.sender import HttpSender
from apiward.stores.blocks.memory import MemoryBlocks
from apiward.stores.counters.memory import MemoryCounters
from tests.guard.calls import raw_call


class Kept:
    """Keeps events."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def offer(self, event: Event) -> None:
        """Keep it."""
        self.events.append(event)


def _outside(base: Path) -> Outside:
    return Outside(
        sender=HttpSender(clock=time.time),
        sink=Kept(),
        counters=MemoryCounters(),
        blocks=MemoryBlocks(),
        wait=asyncio.sleep,
        base=base,
        pepper=bytes(32),
        environment={"SECRET": "a secret that is long enough, and that nobody guesses"},
    )


def test_an_engine_is_built_of_settings_alone(tmp_path: Path) -> None:
    outside = _outside(tmp_path)
    engine = build_engine(GuardConfig(), None, outside, build_access(GuardConfig(), outside))
    assert asyncio.run(engine.judge_head(raw_call())) is None
    refusal = asyncio.run(engine.judge_head(raw_call("GET", b"/a/../b")))
    assert refusal is not None
    assert refusal.rule == "protocol.path-ambiguous"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[guard]\n[[guard.issuers]]\nissuer = "x"\nsecret_env = "NOTHING"\n', "guard.issuers"),
        ('[guard]\n[[guard.issuers]]\nissuer = "x"\njwks_file = "nothing.json"\n', "guard.issuers"),
        ('[guard]\n[guard.origin]\nblocked = ["not a network"]\n', "do not fit"),
    ],
)
def test_what_cannot_be_built_is_told(text: str, told: str, tmp_path: Path) -> None:
    config, problems = parse_guard(text)
    outside = _outside(tmp_path)
    with pytest.raises(ConfigError) as error:  # noqa: PT012 - either of them tells
        if problems:
            raise ConfigError(f"do not fit {problems}")
        build_engine(config, None, outside, build_access(config, outside))
    assert told in str(error.value)


def test_a_secret_stays_the_same(tmp_path: Path) -> None:
    first = kept_secret(tmp_path, "pepper")
    assert len(first) == 32
    assert kept_secret(tmp_path, "pepper") == first
    assert (tmp_path / "pepper").stat().st_mode & 0o777 == 0o600


def test_files_are_read_up_to_a_bound(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert read_bytes(tmp_path / "a") == b"abc"
    (tmp_path / "b").write_bytes(b"a" * 4_194_305)
    with pytest.raises(OSError, match="larger"):
        read_bytes(tmp_path / "b")


def test_an_event_says_where_from_and_how_many_records_were_shown(tmp_path: Path) -> None:
    (tmp_path / "ip2asn.tsv").write_text("192.0.2.0\t192.0.2.255\t64500\tDE\tX\n")
    config, problems = parse_guard('[guard.origin]\nprovider_file = "ip2asn.tsv"\n')
    assert problems == ()
    outside = _outside(tmp_path)
    engine = build_engine(config, None, outside, build_access(config, outside))
    request = raw_call(peer="192.0.2.7")

    async def judged() -> None:
        await engine.judge_head(request)
        await engine.judge_answer(
            request, Answer(200, [(b"content-type", b"application/json")], b'[{"id":1},{"id":2}]')
        )

    asyncio.run(judged())
    engine.finish(request, status=200, outcome="passed", answer_size=19)
    assert isinstance(outside.sink, Kept)
    (event,) = outside.sink.events
    assert dict(event.marks) == {"asn": "64500", "country": "DE", "records": "2"}
    with pytest.raises(ConfigError, match="do not fit") as told:
        build_engine(
            parse_guard('[guard.origin]\ncountry_file = "no.tsv"\n')[0], None, outside, build_access(config, outside)
        )
    assert "no.tsv cannot be read" in str(told.value.why)
