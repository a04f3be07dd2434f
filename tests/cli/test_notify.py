import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from apiward.cli.exits import ExitCode
from tests.cli.conftest import Run
from tests.cli.incident_store import kept
from tests.net.senders.servers import HttpPlace, http_place

TOML = """
[notify]
gather_s = 0
[[notify.channels]]
name = "hook"
kind = "webhook"
address = "{address}/hook"
secret_env = "HOOK_SECRET"
"""


@contextmanager
def place() -> Iterator[HttpPlace]:
    """Run a server beside the command."""
    ready, ending, made = threading.Event(), threading.Event(), []

    async def run() -> None:
        async with http_place() as one:
            made.append(one)
            ready.set()
            await asyncio.to_thread(ending.wait)

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    ready.wait(10)
    try:
        yield made[0]
    finally:
        ending.set()
        thread.join()


def test_a_channel_is_tried(run: Run) -> None:
    with place() as server:
        Path("apiward.toml").write_text(TOML.format(address=server.address))
        tried = run("notify", "test", "hook", HOOK_SECRET="s3cret")
        assert (tried.exit_code, "took a test message" in tried.stderr) == (ExitCode.HOLDS, True)
        assert server.posted[0].json["type"] == "incident.test"
        server.answers = [(401, b"")]
        refused = run("notify", "test", "hook", HOOK_SECRET="s3cret")
        assert (refused.exit_code, "answered with 401" in refused.stderr) == (ExitCode.NOT_ENOUGH, True)
        assert "s3cret" not in refused.stderr
    assert "HOOK_SECRET is not set" in run("notify", "test", "hook").stderr
    assert 'Did you mean "hook"' in run("notify", "test", "hok").stderr


def test_what_is_due_is_told_once(run: Run) -> None:
    kept("user:42")
    with place() as server:
        Path("apiward.toml").write_text(TOML.format(address=server.address))
        first = run("notify", "send", HOOK_SECRET="s3cret")
        again = run("notify", "send", HOOK_SECRET="s3cret")
        assert ("taken: 1." in first.stderr, "taken: 0." in again.stderr) == (True, True)
        (posted,) = server.posted
        assert (posted.json["type"], posted.json["severity"]) == ("incident.first", "high")


def test_without_channels_nothing_is_told(run: Run) -> None:
    kept("user:42")
    assert "taken: 0." in run("notify", "send", "--data", ".apiward").stderr
    assert "There is none in [notify]." in run("notify", "test", "hook").stderr


def test_a_store_that_cannot_be_used_is_told(run: Run) -> None:
    kept("user:42")
    Path(".apiward/outbox.sqlite").unlink()
    Path(".apiward/outbox.sqlite").mkdir()
    failed = run("notify", "send")
    assert "Nothing could be told now." in failed.stderr
