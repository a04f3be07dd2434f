import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from apiward.app.page.listening import PagePlace
from apiward.app.reporting.digest import Sent
from apiward.cli import starting_up
from apiward.cli.exits import ExitCode
from apiward.cli.starting_up import _ends, _of_the_guard, _page_of, _parts, _Start, _tell_weeks
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig, UpstreamConfig
from apiward.core.exchange import Request
from apiward.demo.server import free_port
from apiward.net.sender import HttpSender
from tests.cli.conftest import Run
from tests.prove.sample import report
from tests.web.made import shop


@contextmanager
def hanging_up(means: signal.Handlers) -> Iterator[None]:
    """Let a closed terminal mean this to the programs that are started meanwhile."""
    before = signal.signal(signal.SIGHUP, means)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGHUP])
def test_the_page_runs_opens_and_ends_cleanly(tmp_path: Path, end: signal.Signals) -> None:
    port = free_port()
    command = [sys.executable, "-m", "apiward"]
    env = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")}
    up = [*command, "up", "--page-only", "--page", f"127.0.0.1:{port}"]
    pipe = subprocess.PIPE
    with (
        hanging_up(signal.SIG_DFL),
        subprocess.Popen(up, stdout=pipe, stderr=pipe, text=True, cwd=tmp_path, env=env) as one,
    ):
        assert one.stdout is not None
        link = one.stdout.readline().split()[-1]
        assert link.startswith(f"http://127.0.0.1:{port}/open/")
        assert "You are in" in _got(link)
        again = subprocess.run([*command, "open"], check=True, capture_output=True, text=True, cwd=tmp_path, env=env)
        assert "You are in" in _got(again.stdout.strip())
        assert "This link does not work any more" in _got(link)
        one.send_signal(end)
        _, said = one.communicate(timeout=60)
    assert (one.returncode, "All has ended." in said) == (ExitCode.HOLDS, True)
    assert not (tmp_path / ".apiward" / "page" / "address").exists()


def test_a_closed_terminal_ends_all_unless_it_was_said_to_be_ignored() -> None:
    for means, ends in ((signal.SIG_DFL, True), (signal.SIG_IGN, False)):
        with hanging_up(means):
            assert {signal.SIGINT, signal.SIGTERM} <= set(_ends())
            assert (signal.SIGHUP in _ends()) is ends


def _got(url: str) -> str:
    async def get() -> str:
        async with HttpSender(clock=lambda: 0.0) as sender:
            exchange = await sender.send(Request("GET", url))
        return exchange.response.body.decode() if exchange.response else ""

    return asyncio.run(get())


def test_beyond_this_computer_nothing_is_started(run: Run) -> None:
    refused = run("up", "http://localhost:8000", "--page", "0.0.0.0:8181")
    assert (refused.exit_code, "passwords would go unprotected" in refused.stderr) == (ExitCode.USAGE, True)
    assert not Path("apiward.toml").exists()


def test_the_page_is_where_the_option_says_or_else_the_settings(tmp_path: Path) -> None:
    file, port = tmp_path / "apiward.toml", free_port()
    named = {"config": str(file)}
    assert _page_of({**named, "page": f"127.0.0.1:{port}"}).address == f"http://127.0.0.1:{port}"
    file.write_text(f'[page]\nlisten = "127.0.0.1:{port}"\nnames = ["page.example"]\nproxies = ["127.0.0.1"]\n')
    assert _page_of(named).public == "https://page.example"


def test_without_a_page_there_is_no_link(run: Run) -> None:
    refused = run("open")
    assert (refused.exit_code, "Start it: apiward up" in refused.stderr) == (ExitCode.USAGE, True)


def test_what_is_started_depends_on_what_is_named_and_how_near_it_is(tmp_path: Path) -> None:
    def names(upstream: str, **given: object) -> list[str]:
        config = GuardConfig(upstream=upstream)
        return [one.name for one in _parts(given, here.source.place, config, here.source)]

    with shop(tmp_path) as here:
        assert names("") == ["watch"]
        assert names("http://api.example") == ["guard", "watch"]
        assert names("http://localhost:8000", no_scan=True) == ["guard", "watch"]
        assert names("http://localhost:8000") == ["guard", "watch", "scan"]
        (guard, watch, look) = _parts(
            {"url": "x", "data": "d"}, here.source.place, GuardConfig(upstream="http://127.0.0.1:8000"), here.source
        )
        assert guard.command[3:5] == ("guard", "http://127.0.0.1:8000")
        assert [one.command[-2] for one in (guard, watch)] == ["--data", "--data"]
        assert (look.is_once, look.command[look.command.index("--level") + 1]) == (True, "read")
        here.scan(report())
        assert names("http://[::1]:8000") == ["guard", "watch"]
        tmp_path.joinpath("apiward.accepted.json").write_text("{")
        assert names("http://localhost:8000") == ["guard", "watch"]


def test_what_is_said_of_the_guard_is_what_is_started(tmp_path: Path) -> None:
    def said(config: GuardConfig) -> str:
        parts = tuple(_parts({"no_scan": True}, here.source.place, config, here.source))
        return _of_the_guard(_Start(here.source.place, config, PagePlace("127.0.0.1", 8181), parts))

    api = UpstreamConfig(("http://localhost:8000",))
    with shop(tmp_path) as here:
        assert "No guard is started" in said(GuardConfig())
        assert "before http://localhost:8000." in said(GuardConfig(upstream="http://localhost:8000"))
        assert "before 1 upstream." in said(GuardConfig(upstreams=(api,)))
        assert "before 2 upstreams." in said(GuardConfig(upstreams=(api, api)))


def test_a_week_that_no_channel_took_is_told_and_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class OverError(Exception):
        """The hour is over."""

    async def wait(_: float) -> None:
        raise OverError

    def told(sent: Sent | AdvisedError | None) -> list[str]:
        def send(*_: object) -> Sent | None:
            if isinstance(sent, AdvisedError):
                raise sent
            return sent

        said: list[str] = []
        monkeypatch.setattr(starting_up, "send_if_due", send)
        with pytest.raises(OverError):
            asyncio.run(_tell_weeks(here.source, said.append))
        return said

    monkeypatch.setattr(asyncio, "sleep", wait)
    with shop(tmp_path) as here:
        assert told(None) == told(Sent(("phone",), {})) == []
        (said,) = told(Sent((), {"phone": "It is away."}))
        assert "on the channel phone: It is away. It is tried again" in said
        (said,) = told(AdvisedError("The store is away.", "", ""))
        assert "The store is away." in said
