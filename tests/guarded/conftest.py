"""One API that keeps what it is sent, and one guard before it, for all tests of this folder that need no other."""

from collections.abc import Iterator

import pytest

from tests.guarded.guards import RunningGuard, guarding
from tests.guarded.recording import Recorder, recording

SETTINGS = """max_body = 65536
budget_ms = 2000
[guard.protocol]
body_timeout_s = 2
[guard.flood]
address_at_once = 0
[guard.quota]
per_minute = 0
concurrency = 0
"""


@pytest.fixture(scope="session")
def api() -> Iterator[Recorder]:
    with recording() as recorder:
        yield recorder


@pytest.fixture(scope="session")
def guard(api: Recorder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGuard]:
    """A guard without a description."""
    with guarding(tmp_path_factory.mktemp("guard"), api.address, SETTINGS) as running:
        yield running
        assert running.process.poll() is None, "the guard has ended"
        assert running.stray_words() == []
        assert "guard.stage-failed" not in running.rules()
