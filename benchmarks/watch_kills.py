"""Is anything lost or told twice when writer and watcher are killed? `python -m benchmarks.watch_kills [--kills N]`.

A fortnight of a simulated business with attacks is offered as the guard offers it, by a writer that is killed with
SIGKILL again and again, while `apiward watch` reads what is stored, and is killed just as often. Then both may finish.
Every event that was accepted must be in the store exactly once, and the incidents must be those that `apiward watch`
finds in the same events when nobody disturbs it. Exit code 1 if not. `--postgresql URL` names an empty database.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any, Final

from sqlalchemy import Engine, delete, func, select

from apiward.demo.traffic.fortnight import traffic
from apiward.demo.traffic.settings import Attack, TrafficSettings
from apiward.demo.traffic.values import ATTACKS
from apiward.demo.traffic.world import World
from apiward.stores.events.database import open_database, sqlite_url
from apiward.stores.events.queue import EventQueue
from apiward.stores.events.rows import event_of, packed, unpacked
from apiward.stores.events.schema import EVENTS
from apiward.stores.events.storing import SqlEvents
from apiward.stores.record.watch_tables import DETECTIONS, INCIDENT_MOMENTS, INCIDENTS, WATCH_STATE
from apiward.stores.upkeep.copying import copy_store
from benchmarks.watching import Gate

ROOT: Final = Path(__file__).parents[1]
USERS: Final = 60
SEED: Final = 4_101
TOGETHER: Final = 20
PAUSE_S: Final = 0.15
MEAN_LIFE_S: Final = 1.5
_COMPARED: Final = ("id", "rule", "who", "severity", "first_s", "last_s", "count", "touched_count", "state")


def make(path: Path) -> int:
    """Write what the guard would say of a fortnight with every attack, ending now; return how many events."""
    settings = TrafficSettings(users=USERS, seed=SEED, attacks=tuple(Attack(kind) for kind in sorted(ATTACKS)))
    world = World(settings)
    gate = Gate(world)
    made = [gate.event(step) for step in traffic(settings, world)]
    ahead_s = time.time() - made[-1].at_s
    with path.open("wb") as file:
        for number, event in enumerate(made):
            file.write(packed(event._replace(id=f"{number:08d}", at_s=event.at_s + ahead_s)))
    return len(made)


def write(stream: Path, folder: Path, url: str, first: int) -> None:
    """Offer the events from `first` on, a few at a time, and say which was accepted last."""
    queue = EventQueue(folder / "spool", SqlEvents(open_database(url), time.time))
    queue.start()
    for number, row in enumerate(unpacked(stream.read_bytes())):
        if number < first:
            continue
        queue.offer(event_of(row))
        print(number, flush=True)
        if number % TOGETHER == 0:
            time.sleep(PAUSE_S)
    queue.close(timeout_s=300.0)


def disturbed(stream: Path, total: int, folder: Path, url: str, kills: int, rng: Random) -> int:
    """Kill writer and watcher, each half of the times, until all events are accepted; return how many kills it took."""
    settings(folder, url)
    killed = accepted = 0
    writer: subprocess.Popen[str] | None = None
    watcher: subprocess.Popen[str] | None = None
    while killed < kills or accepted < total:
        is_killing = killed < kills
        if writer is None and accepted < total:
            words = ["-m", "benchmarks.watch_kills", "--write", str(stream), str(folder), url, str(accepted)]
            writer = subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        watcher = watcher or watch(folder, "--json")
        time.sleep(rng.expovariate(1 / MEAN_LIFE_S))
        if writer is not None and (not is_killing or rng.random() < 0.5):
            if is_killing:
                writer.kill()
            accepted = max(accepted, last_of(writer) + 1)
            writer, killed = None, killed + is_killing
        elif is_killing:
            watcher.kill()
            watcher.wait()
            watcher, killed = None, killed + 1
    if watcher is not None:
        watcher.terminate()
        watcher.wait()
    settle = EventQueue(folder / "spool", SqlEvents(open_database(url), time.time))
    settle.start()
    settle.close(timeout_s=300.0)
    finish(folder)
    return killed


def last_of(writer: "subprocess.Popen[str]") -> int:
    """Return the number that a writer that ends said last."""
    assert writer.stdout
    lines = [line for line in writer.stdout.read().split("\n")[:-1] if line.isdecimal()]
    writer.wait()
    return int(lines[-1]) if lines else -1


def settings(folder: Path, url: str) -> None:
    """Write the settings of a guard with that database."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "apiward.toml").write_text(f'[guard]\ndata = "."\n\n[guard.events]\ndatabase = "{url}"\n')


def watch(folder: Path, *words: str) -> "subprocess.Popen[str]":
    """Start `apiward watch` on the guard's own events."""
    command = [sys.executable, "-m", "apiward", "watch", "--config", str(folder / "apiward.toml"), "--quiet", *words]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)


def finish(folder: Path) -> None:
    """Watch until all that is stored was seen."""
    code = watch(folder, "--once", "--fail-on", "never").wait()
    assert code == 0, f"apiward watch ended with {code}"


def undisturbed(engine: Engine, folder: Path) -> list[Any]:
    """Return the incidents in the same events when nobody disturbs the watcher."""
    url = sqlite_url(folder / "events.sqlite")
    settings(folder, url)
    copy = open_database(url)
    copy_store(engine, copy)
    with copy.begin() as connection:
        for table in (DETECTIONS, INCIDENTS, INCIDENT_MOMENTS, WATCH_STATE):
            connection.execute(delete(table))
    copy.dispose()
    finish(folder)
    return incidents(open_database(url))


def incidents(engine: Engine) -> list[Any]:
    """Return all incidents as they are compared: how they stand, and how many moments they have."""
    moments = select(INCIDENT_MOMENTS.c.incident, func.count()).group_by(INCIDENT_MOMENTS.c.incident)
    wanted = select(*(INCIDENTS.c[name] for name in _COMPARED)).order_by(INCIDENTS.c.id)
    with engine.connect() as connection:
        counts = {str(id_): int(count) for id_, count in connection.execute(moments)}
        return [(*row, counts.get(row.id, 0)) for row in connection.execute(wanted)]


def trial(name: str, url: str, folder: Path, kills: int, seed: int) -> list[str]:
    """Kill that many times, let both finish, and judge."""
    stream = folder / "stream"
    folder.mkdir(parents=True)
    total = make(stream)
    took = disturbed(stream, total, folder / "guard", url, kills, Random(seed))
    engine = open_database(url)
    with engine.connect() as connection:
        asked = select(EVENTS.c.id).where(EVENTS.c.kind == "request").order_by(EVENTS.c.seq)
        ids = [int(id_) for (id_,) in connection.execute(asked)]
    found, wanted = incidents(engine), undisturbed(engine, folder / "undisturbed")
    engine.dispose()
    print(f"{name}: {total:,} events, {len(ids):,} stored, {took} kills")
    print(f"  {len(found)} incidents; without any kill {len(wanted)}")
    problems = [f"{total - len(set(ids))} events are lost"] * (len(set(ids)) != total)
    problems += [f"{len(ids) - len(set(ids))} events are there twice"] * (len(set(ids)) != len(ids))
    problems += [f"an incident differs: {one}" for one in sorted(set(found) ^ set(wanted), key=str)]
    problems += ["there is no incident at all"] * (not wanted)
    for problem in problems:
        print(f"  MISSED: {problem}")
    return problems


def main() -> int:
    """Kill, settle, judge."""
    if sys.argv[1:2] == ["--write"]:
        write(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4], int(sys.argv[5]))
        return 0
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgresql", metavar="URL", help="an empty database")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = sqlite_url(folder / "sqlite" / "guard" / "events.sqlite")
        problems = trial("SQLite", url, folder / "sqlite", arguments.kills, arguments.seed)
        if arguments.postgresql:
            problems += trial("PostgreSQL", arguments.postgresql, folder / "pg", arguments.kills, arguments.seed)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
