"""What all tests share: how many examples they try, what coverage traces, and a PostgreSQL of our own."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import text

from apiward.stores.events.database import open_database

# How fast examples are drawn tells of the machine's load, not of our code.
_ANY_SPEED = (HealthCheck.too_slow,)
# The same examples at each run: what failed fails again. Others are tried by `make thorough`.
settings.register_profile("usual", max_examples=20, deadline=None, derandomize=True, suppress_health_check=_ANY_SPEED)
settings.register_profile("thorough", max_examples=1_000, deadline=None, suppress_health_check=_ANY_SPEED)
settings.load_profile(os.environ.get("APIWARD_EXAMPLES", "usual"))


# Whole ways through real processes, and long series of examples: they run at the speed at which they are used. Coverage
# counts what the tests beside the code reach; to trace these as well would double the time of `make test`.
UNTRACED = (
    "tests/app/forwarding/test_running.py",
    "tests/app/incidents/test_once.py",
    "tests/cli/test_scan.py",
    "tests/cli/test_try.py",
    "tests/demo/test_shapes.py",
    "tests/demo/test_twins.py",
    "tests/demo/test_weaknesses.py",
    "tests/demo/traffic/test_attacks.py",
    "tests/demo/traffic/test_truth.py",
    "tests/docs/test_examples.py",
    "tests/frameworks/",
    "tests/guard/permission/test_cedar.py",
    "tests/guarded/",
    "tests/net/proxy/test_serving.py",
    "tests/scan/test_hostile_targets.py",
    "tests/simulated/",
    "tests/stores/events/test_faults.py",
    "tests/test_tree.py",
    "tests/watch/logs/test_making.py",
    "tests/watch/logs/test_registry.py",
    "tests/watch/sigma/test_agreement.py",
    "tests/watch/test_incidents.py",
)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Trace nothing of what stands above and of what tries many examples, from their fixtures to their end.

    The marker `no_cover` would still trace the fixtures, in which most of their work is done.
    """
    coverage = getattr(item.config.pluginmanager.getplugin("_cov"), "cov_controller", None)
    is_property = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    if coverage is None or not (is_property or item.nodeid.startswith(UNTRACED)):
        return (yield)
    coverage.pause()
    try:
        return (yield)
    finally:
        coverage.resume()


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL that listens on a socket file only. It refuses to run as root."""

    programs: Path
    folder: Path
    user: str | None

    @property
    def url(self) -> str:
        """The address of its usual database."""
        return self.address("postgres")

    def address(self, database: str) -> str:
        """Return the address of a database."""
        return f"postgresql+psycopg://apiward@/{database}?host={self.folder}"

    def make(self) -> None:
        """Make its files."""
        if self.user:
            shutil.chown(self.folder, self.user)
        self._run("initdb", "-U", "apiward", "-A", "trust", "-E", "UTF8", "--no-sync")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-c listen_addresses='' -k {self.folder} -c fsync=off"
        self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        """End it as a crash would."""
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def _run(self, program: str, *words: str) -> None:
        command: list[str | Path] = [self.programs / program, "-D", self.folder / "data", *words]
        subprocess.run(command, check=True, capture_output=True, user=self.user, cwd=self.folder)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """Give a running server."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL's initdb and postgres are not installed")
    pytest.importorskip("psycopg")
    user = "postgres" if os.geteuid() == 0 else None
    server = Server(programs, Path(tempfile.mkdtemp(prefix="apiward-pg-")), user)
    server.make()
    server.start()
    yield server
    server.stop()
    shutil.rmtree(server.folder)


@pytest.fixture
def empty_postgresql(postgresql: Server) -> str:
    """Give the address of an empty database."""
    engine = open_database(postgresql.url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return postgresql.url


def _programs() -> Path | None:
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)
