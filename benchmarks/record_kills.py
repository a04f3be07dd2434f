"""Is anything lost when the writer is killed? `python -m benchmarks.record_kills [--kills N] [--postgresql URL]`.

A worker offers events without a pause and says which; after a random time it is killed with SIGKILL, again and again,
in the same folder. What it left is then stored. Every event that was accepted must be in the store exactly once, every
third one (a refusal) in the audit record exactly once, in the order of storing; the record must verify against its
checkpoints, and the counts must add up. Exit code 1 if anything of that is missed. The database named by
`--postgresql` should be empty.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from sqlalchemy import Engine, func, select

from apiward.stores.events.database import open_database, snapshot, sqlite_url
from apiward.stores.events.queue import EventQueue
from apiward.stores.events.schema import EVENTS
from apiward.stores.events.storing import SqlEvents
from apiward.stores.record.checkpoints import Checkpoint, CheckpointFile, read_checkpoints
from apiward.stores.record.schema import AUDIT, ROLLUPS
from apiward.stores.record.signing import Signer
from apiward.stores.record.verifying import Verified, verify
from apiward.stores.upkeep.anchoring import Anchoring

ROOT = Path(__file__).parents[1]
SIGNER = Signer(bytes(range(32)))
SETTLE_EVERY = 10


def kill_one(folder: Path, url: str, first: int, life_s: float) -> int:
    """Let a worker live for so long; return the last number that it said."""
    words = ["-m", "tests.stores.events.offering", str(folder), str(first), "100000000", "--url", url]
    with subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE, text=True, cwd=ROOT) as worker:
        assert worker.stdout
        said = worker.stdout.readline()
        end_s = time.monotonic() + life_s
        while time.monotonic() < end_s:
            said = worker.stdout.readline() or said
        worker.kill()
        rest = worker.stdout.read().splitlines()
    return int(rest[-1] if rest else said)


def settle(folder: Path, engine: Engine, checkpoints: Path) -> None:
    """Store what was left, and sign."""
    keeper = SqlEvents(engine, time.time)
    upkeep = Anchoring(engine, SIGNER, [CheckpointFile(checkpoints)])
    queue = EventQueue(folder / "spool", keeper, upkeep=[upkeep])
    queue.start()
    queue.close(timeout_s=300.0)


def missed(engine: Engine, lives: list[tuple[int, int]], checkpoints: Path) -> list[str]:
    """Return what is wrong."""
    problems = []
    with snapshot(engine) as connection:
        asked = select(EVENTS.c.id).where(EVENTS.c.kind == "request").order_by(EVENTS.c.seq)
        ids = [int(id_) for (id_,) in connection.execute(asked)]
        own = select(EVENTS.c.id, EVENTS.c.said).where(EVENTS.c.kind != "request")
        words = {str(id_): str(said) for id_, said in connection.execute(own)}
        every = connection.execute(select(AUDIT.c.id).order_by(AUDIT.c.seq)).scalars()
        audit = [int(id_) for id_ in every if id_ not in words]
        counted = connection.execute(select(func.sum(ROLLUPS.c.requests))).scalar_one()
        found = [one for one in read_checkpoints(checkpoints.read_text(), SIGNER.public) if isinstance(one, Checkpoint)]
        *_, verified = verify(connection, found, now_s=time.time(), keep_s=86_400.0)
    accepted = {number for first, last in lives for number in range(first, last + 1)}
    lost = accepted - set(ids)
    problems += [f"{len(lost)} accepted events are lost"] * bool(lost)
    problems += [f"{len(ids) - len(set(ids))} events are there twice"] * (len(ids) != len(set(ids)))
    problems += ["the audit record has other entries than there are refusals"] * (
        audit != [n for n in ids if n % 3 == 0]
    )
    problems += [f"{counted} requests are counted, {len(ids)} stored"] * (counted != len(ids))
    assert isinstance(verified, Verified)
    problems += [f"the record: {flaw}" for flaw in verified.flaws]
    problems += ["no checkpoint agrees"] * (not verified.held)
    for said in sorted(set(words.values())):
        print(f"  the store says: {said}")
    print(f"  {len(accepted):,} accepted, {len(ids):,} stored, {len(audit):,} in the audit record, {len(lives)} kills")
    return problems


def trial(name: str, url: str, folder: Path, kills: int, seed: int) -> list[str]:
    """Kill that many workers, and judge."""
    print(name)
    rng = Random(seed)
    lives: list[tuple[int, int]] = []
    engine = open_database(url)
    for number in range(kills):
        if (
            number % SETTLE_EVERY == SETTLE_EVERY - 1
        ):  # else the waiting room fills: nobody lives long enough to empty it
            settle(folder, engine, folder / "checkpoints")
        first = number * 10_000_000
        lives.append((first, kill_one(folder, url, first, rng.expovariate(1 / 0.4))))
    settle(folder, engine, folder / "checkpoints")
    problems = missed(engine, lives, folder / "checkpoints")
    engine.dispose()
    for problem in problems:
        print(f"  MISSED: {problem}")
    return problems


def main() -> int:
    """Kill, settle, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgresql", metavar="URL", help="an empty database")
    arguments = parser.parse_args()
    problems: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "sqlite"
        folder.mkdir()
        problems += trial("SQLite", sqlite_url(folder / "events.sqlite"), folder, arguments.kills, arguments.seed)
        if arguments.postgresql:
            folder = Path(name) / "postgresql"
            folder.mkdir()
            problems += trial("PostgreSQL", arguments.postgresql, folder, arguments.kills, arguments.seed)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
