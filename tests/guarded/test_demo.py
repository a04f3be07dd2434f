"""The demo business behind the guard: what the stages claim is held, what is sound works on.

`benchmarks/guard_demo.py` does the same weakness by weakness, and directly as well.
"""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from apiward.config.errors import ConfigError
from apiward.demo.app import create_app
from apiward.demo.weaknesses import WEAKNESSES
from tests.demo.tour import whole_tour
from tests.demo.visitor import Visitor
from tests.guarded.demo_claims import CLAIMED, NEVER_SERVED, REMAINS
from tests.guarded.demo_guard import API, SETTINGS, behind_guard
from tests.guarded.demo_trial import attack_through, scan_guarded, scan_through
from tests.guarded.guards import RunningGuard, guarding

ENDLESS = "shop-token-without-end"
"""Behind the guard nobody can use the shop then, so that nothing else in it would be tried."""


def test_every_weakness_is_claimed_by_a_stage_or_said_to_remain() -> None:
    assert CLAIMED.keys() | REMAINS.keys() == WEAKNESSES.keys()
    assert not CLAIMED.keys() & REMAINS.keys()


@pytest.mark.parametrize("name", CLAIMED)
def test_an_attack_by_hand_is_held(name: str) -> None:
    tried = attack_through(name)
    assert not tried.is_weak, tried.rules
    assert tried.is_served == (name != NEVER_SERVED)


@pytest.mark.long
def test_a_scan_names_nothing_that_is_claimed() -> None:
    weak = CLAIMED.keys() - {NEVER_SERVED, ENDLESS}
    twin, heard = scan_guarded(weak, seed=17)
    assert twin.found() == set()
    assert twin.resets == 0
    assert "guard.stage-failed" not in heard.rules()


@pytest.mark.long
@pytest.mark.parametrize("name", [ENDLESS, "jwt-unverified", "sql-injection-article", "sql-injection-booking-search"])
def test_a_scan_does_not_name_one_that_others_might_hide(name: str) -> None:
    assert not scan_through(name, seed=sum(map(ord, name))).is_weak


@pytest.mark.parametrize("name", ["object-read-note", "reset-names-account", "answer-drift"])
def test_a_scan_still_names_what_remains(name: str) -> None:
    assert scan_through(name, seed=29).is_weak


@pytest.mark.long
def test_a_scan_of_the_sound_business_finds_nothing() -> None:
    twin, heard = scan_guarded((), seed=23)
    assert twin.found() == set()
    assert twin.resets == 0
    assert "guard.stage-failed" not in heard.rules()


def test_the_guard_does_not_start_with_a_secret_that_anybody_guesses(tmp_path: Path) -> None:
    app = create_app({NEVER_SERVED}, data_dir=tmp_path)
    with pytest.raises(ConfigError, match="guessable"):
        behind_guard(app, tmp_path, lambda: 0.0)
    app.state.desk.storage.close()


def test_every_operation_works_over_real_http(tmp_path: Path) -> None:
    with _demo(tmp_path) as address, guarding(tmp_path, address, _settings(address)) as running:
        visitor = _Customer(running)
        stops = whole_tour(visitor)
        visitor.close()
        assert [stop.operation for stop in stops if not 200 <= stop.reply.status < 400] == []
        assert {stop.operation for stop in stops} == {operation.key for operation in API.operations}
        running.await_events(len(stops))
        refused = [row["operation"] for row in running.rows("outcome != 'passed'")]
        assert refused == []
        assert running.stray_words() == []


class _Customer(Visitor):
    """Speaks to a guard that runs in processes of its own."""

    def __init__(self, running: RunningGuard) -> None:
        self._client = httpx2.Client(base_url=f"http://127.0.0.1:{running.port}", timeout=20)
        self.now = time.time()
        self._http = self._client  # type: ignore[assignment]  # a test client is one of these

    def close(self) -> None:
        self._client.close()


@contextmanager
def _demo(folder: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "apiward.demo", "--weak", "none", "--token-life", "600"]
    command += ["--data-dir", str(folder), "--keys", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def _settings(address: str) -> str:
    """Return the owner's settings without the keys that `guarding` writes itself."""
    text = SETTINGS.read_text("utf-8").partition("[guard]\n")[2]
    text = re.sub(r"^upstream = .*\n", "", text)
    return text.replace("http://127.0.0.1:8000", address)
