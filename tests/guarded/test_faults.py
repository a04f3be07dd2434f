"""What goes wrong around a guard: it goes on, says so, and what it has accepted is all there afterwards."""

import base64
import json
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.guarded.conftest import SETTINGS
from tests.guarded.guards import RunningGuard, guarding, is_listening, until
from tests.guarded.recording import plain, recording
from tests.guarded.speaking import body_of, get, status_of

pytestmark = pytest.mark.long

_CLIENTS: Final = 4


class Load:
    """Clients that ask in turn for something that passes and something that is refused."""

    def __init__(self, port: int) -> None:
        self.statuses: list[int] = []
        self.incidents: list[str] = []
        self.lost = 0
        self._port = port
        self._ends = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(number,)) for number in range(_CLIENTS)]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Stop, and wait for what is under way."""
        self._ends.set()
        for thread in self._threads:
            thread.join()

    def count(self, status: int) -> int:
        """Return how many answers had that status."""
        return self.statuses.count(status)

    def more(self, status: int, most: int = 30) -> None:
        """Wait for so many more answers of that status."""
        wanted = self.count(status) + most
        until(lambda: self.count(status) >= wanted)

    def _run(self, number: int) -> None:
        while not self._ends.is_set():
            for target in (f"/load-{number}", "/load/%2f"):
                try:
                    said = get(self._port, target)
                except OSError:
                    said = b""
                self.statuses.append(status_of(said))
                if not said:
                    self.lost += 1
                elif status_of(said) == 400:
                    self.incidents.append(json.loads(body_of(said))["incident"])


@contextmanager
def loaded(port: int) -> Iterator[Load]:
    """Keep clients busy."""
    load = Load(port)
    try:
        yield load
    finally:
        load.end()


def stored_ids(guard: RunningGuard) -> set[str]:
    """Return the ids of stored events."""
    return {row["id"] for row in guard.rows()}


def test_a_worker_that_is_killed_takes_no_accepted_event_with_it(tmp_path: Path) -> None:
    with recording() as api, guarding(tmp_path, api.address, "workers = 2\n" + SETTINGS) as guard:
        until(lambda: guard.ready() == 2)
        first = set(guard.workers())
        with loaded(guard.port) as load:
            load.more(200)
            os.kill(min(first), signal.SIGKILL)
            load.more(200, 100)
            until(lambda: len(guard.workers()) == 2)
            load.more(200)
        # what was under way in the killed worker is lost, and may have been told without being kept
        assert load.lost <= 2 * _CLIENTS
        until(lambda: len(set(load.incidents) - stored_ids(guard)) <= 2 * _CLIENTS)
        until(lambda: len(guard.rows("path LIKE '/load-%' AND outcome = 'passed'")) >= load.count(200) - 2 * _CLIENTS)
        assert set(load.statuses) <= {200, 400, 0}
        assert set(guard.workers()) != first


def test_the_api_restarts_under_load(tmp_path: Path) -> None:
    with recording() as api:
        port = api.port
        guard_settings = "workers = 1\n" + SETTINGS
        with guarding(tmp_path, api.address, guard_settings) as guard, loaded(guard.port) as load:
            load.more(200)
            api.close()
            until(lambda: load.count(502) + load.count(503) > 0)
            with recording(port):
                until(lambda: status_of(get(guard.port, "/back")) == 200)
                load.more(200)
            assert set(load.statuses) <= {200, 400, 502, 503}


def test_a_locked_store_keeps_nobody_waiting_and_loses_nothing(tmp_path: Path) -> None:
    with recording() as api, guarding(tmp_path, api.address, SETTINGS) as guard:
        get(guard.port, "/first")
        guard.await_events(1)
        path = tmp_path / ".apiward" / "events.sqlite"
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            with loaded(guard.port) as load:
                load.more(200, 60)
            other.execute("ROLLBACK")
        until(lambda: set(load.incidents) <= stored_ids(guard))
        until(lambda: len(guard.rows("path LIKE '/load-%'")) == load.count(200))
        assert set(load.statuses) == {200, 400}


def test_a_full_disk_keeps_nobody_waiting(tmp_path: Path) -> None:
    data = tmp_path / "small"
    data.mkdir()
    if os.geteuid() != 0 or os.system(f"mount -t tmpfs -o size=40m tmpfs {data} 2>/dev/null") != 0:
        pytest.skip("only who may mount can make a small disk")
    counted = SETTINGS.replace("per_minute = 0", "per_minute = 1000000")
    try:
        with recording() as api, guarding(tmp_path, api.address, f'data = "{data}"\n' + counted) as guard:
            get(guard.port, "/first")
            (worker,) = guard.workers()
            filler = data / "filler"
            _fill(filler)
            with loaded(guard.port) as load:
                load.more(200, 200)
            assert set(load.statuses) == {200, 400}
            for number in range(2, 200):  # each has a counter of its own, somewhere in the file
                assert status_of(get(guard.port, "/of-another", source=f"127.0.3.{number}")) == 200
            assert guard.workers() == [worker]
            filler.unlink()
            assert status_of(get(guard.port, "/again")) == 200
            assert guard.stray_words() == []
    finally:
        os.system(f"umount {data}")


def _fill(path: Path) -> None:
    piece = bytes(65_536)
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while True:
            file.write(piece)


def test_settings_change_while_it_runs_and_broken_ones_are_left_alone(tmp_path: Path) -> None:
    with recording() as api, guarding(tmp_path, api.address, SETTINGS) as guard:
        good = guard.config.read_text("utf-8")
        guard.config.write_text(good + "[guard.protocol", "utf-8")
        until(lambda: _said(guard, "cannot be used"))
        assert {word["level"] for word in guard.words() if "cannot be used" in word["what"]} == {"error"}
        assert status_of(get(guard.port, "/1/2/3/4/5")) == 200
        assert status_of(get(guard.port, "/one/%2f")) == 400

        guard.config.write_text(good.replace("[guard.protocol]", "[guard.protocol]\nmost_segments = 4"), "utf-8")
        until(lambda: _said(guard, "new settings are in use"))
        until(lambda: status_of(get(guard.port, "/1/2/3/4/5")) in {400, 414})
        assert status_of(get(guard.port, "/one/two")) == 200


def test_a_new_worker_takes_the_last_good_settings_where_those_of_now_are_broken(tmp_path: Path) -> None:
    with recording() as api, guarding(tmp_path, api.address, SETTINGS) as guard:
        guard.config.write_text("[guard", "utf-8")
        until(lambda: _said(guard, "The last good ones stay"))
        (first,) = guard.workers()
        os.kill(first, signal.SIGKILL)
        until(lambda: guard.workers() not in ([], [first]))
        until(lambda: is_listening(guard.port) and status_of(get(guard.port, "/")) == 200)
        assert status_of(get(guard.port, "/one/%2f")) == 400
        assert _said(guard, "The last good ones hold")


def test_tokens_stay_good_while_the_keys_are_away(tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    with recording() as api:
        api.answers["/keys"] = plain(json.dumps({"keys": [_public(key)]}).encode())
        issuer = (
            f'[[guard.issuers]]\nissuer = "https://id.test"\naudience = ["shop"]\njwks_url = "{api.address}/keys"\n'
        )
        with guarding(tmp_path, api.address, SETTINGS + issuer) as guard:
            assert status_of(get(guard.port, "/me", f"Authorization: Bearer {_signed(key, 'ann')}")) == 200
            api.answers["/keys"] = plain(b"away", "503 Away", "text/plain")
            for name in ("ann", "bob", "cid"):
                assert status_of(get(guard.port, "/me", f"Authorization: Bearer {_signed(key, name)}")) == 200
            forged = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
            for kid in ("one", "two"):
                shown = f"Authorization: Bearer {_signed(forged, 'eve', kid)}"
                assert status_of(get(guard.port, "/me", shown)) == 401
            assert len(api.at("/keys")) <= 3


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _public(key: rsa.RSAPrivateKey) -> dict[str, str]:
    numbers = key.public_key().public_numbers()
    e, n = (_b64(number.to_bytes((number.bit_length() + 7) // 8, "big")) for number in (numbers.e, numbers.n))
    return {"kty": "RSA", "kid": "one", "use": "sig", "alg": "RS256", "e": e, "n": n}


def _signed(key: rsa.RSAPrivateKey, name: str, kid: str = "one") -> str:
    claims = {"iss": "https://id.test", "aud": "shop", "sub": name, "exp": int(time.time()) + 300}
    signed = ".".join(_b64(json.dumps(part).encode()) for part in ({"alg": "RS256", "kid": kid}, claims))
    return f"{signed}.{_b64(key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def test_what_is_under_way_is_ended_in_order(tmp_path: Path) -> None:
    with recording() as api, guarding(tmp_path, api.address, SETTINGS) as guard:
        said: list[bytes] = []
        asks = [threading.Thread(target=lambda: said.append(get(guard.port, "/held"))) for _ in range(5)]
        for ask in asks:
            ask.start()
        until(lambda: len(api.at("/held")) == 5)
        guard.process.send_signal(signal.SIGTERM)
        until(lambda: not _takes_more(guard.port))
        api.hold.set()
        for ask in asks:
            ask.join()
        assert [status_of(one) for one in said] == [200] * 5
        assert guard.process.wait(10) == 0
        assert len(guard.rows("path = '/held' AND outcome = 'passed'")) == 5
        assert guard.stray_words() == []


def _takes_more(port: int) -> bool:
    try:
        return status_of(get(port, "/more")) == 200
    except OSError:
        return False


def _said(guard: RunningGuard, what: str) -> bool:
    return any(what in word["what"] for word in guard.words())
