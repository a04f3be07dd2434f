"""How fast logs are watched: `python -m benchmarks.watch_speed [--lines N] [--callers N] [--log FILE] [--long N]`.

A made-up access log in combined form (or the one that is named) is read, seen by all detections, grouped and stored, on
one core. fail2ban's own filter test tool reads the same lines in the same run, with one plain filter. `--long` makes
further lines without writing them down, and prints memory as it goes. Needs fail2ban (Debian) for the comparison, of
which the time that it takes to start does not count. The parts are measured as the command runs them: with few looks
for garbage in circles, and two hundred lines at once. A yardstick (a keyed hash of 64 bytes, usually 0.7 us) says how
busy this machine was.

Exit code 1 if it is below 30,000 events a second, above 25 µs of CPU an event, below three times fail2ban, if fail2ban
did not read all lines or found none that match, or if memory grows by more than a tenth over the second half of a long
run.
"""

import argparse
import contextlib
import gc
import hashlib
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from apiward.app.guarding.place import Place
from apiward.app.watching.opening import digest_of
from apiward.app.watching.origins import origin_of
from apiward.app.watching.reading import TOGETHER
from apiward.app.watching.running import COLLECT, WatchRun, opened_once
from apiward.config.guarding import GuardConfig
from apiward.config.watching import SourceConfig, WatchConfig
from apiward.watch.correlator import Correlator
from apiward.watch.logs.making import EventMaker, Meaning
from apiward.watch.logs.model import Entry, Wishes
from apiward.watch.logs.registry import form_named
from apiward.watch.registry import DETECTIONS
from apiward.watch.settings import SeeingSettings

LEAST_A_SECOND = 30_000
MOST_US = 25.0
LEAST_RATIO = 3.0
MOST_GROWTH = 1.1
START_S = 1_796_000_000
FILTER = '[Definition]\nfailregex = ^<HOST> \\S+ \\S+ \\[[^\\]]*\\] "[A-Z]+ [^"]*" 40[134] \n'
SUMMARY = re.compile(r"^Lines: (\d+) lines, \d+ ignored, (\d+) matched, \d+ missed$", re.MULTILINE)
AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "ShopApp/4.2 (iPhone; iOS 19.1)", "okhttp/4.12.0", "curl/8.5.0", "python-requests/2.32.3",
)  # fmt: skip
PATHS = (
    "/api/me",
    "/api/orders/{}",
    "/api/orders",
    "/api/products/{}",
    "/api/carts/{}/items",
    "/login",
    "/api/search?q=x{}",
)


def lines_of(number: int, callers: int, seed: int = 1) -> Iterator[str]:
    """Yield lines of callers, of whom some call more often: they read their own things, and mistype now and then."""
    dice = random.Random(seed)
    draw, pick = dice.random, dice.choice
    stamp, shown = 0, ""
    for at in range(number):
        second = START_S + at // 40
        if second != stamp:
            stamp, shown = second, f"{datetime.fromtimestamp(second, UTC):%d/%b/%Y:%H:%M:%S +0000}"
        caller = int(draw() ** 2 * callers)
        path = pick(PATHS).format(caller * 7 + int(draw() * 20))
        method, status = ("POST", 200) if path == "/login" else ("GET", 200)
        status = 404 if draw() < 0.01 else 304 if draw() < 0.1 else status
        address = f"10.{caller >> 16 & 255}.{caller >> 8 & 255}.{caller & 255}"
        user = f"u{caller}" if caller % 3 else "-"
        size = int(draw() * 9_000)
        agent = AGENTS[caller % len(AGENTS)]
        yield f'{address} - {user} [{shown}] "{method} {path} HTTP/1.1" {status} {size} "-" "{agent}"'


def watched(log: Path, folder: Path) -> tuple[float, float, int, int]:
    """Return seconds and CPU seconds of the whole way, the events and the incidents."""
    place = Place(None, folder, folder / "data")
    run = WatchRun(place, GuardConfig(), WatchConfig(), (SourceConfig(file=str(log)),))
    with opened_once(run) as course:  # the store is made before the clock starts
        begun, cpu = time.perf_counter(), time.process_time()
        while course.watching.step():
            pass
        told = course.watching.finish()
        return time.perf_counter() - begun, time.process_time() - cpu, told.events, len(told.incidents)


def parts(lines: Sequence[str]) -> dict[str, float]:
    """Return the microseconds of CPU for one line of each part of the way but the store."""
    reader = form_named("combined").reader(Wishes())
    maker = EventMaker(Meaning("log", digest_of(b"k"), origin_of(())))
    correlator = Correlator(DETECTIONS, SeeingSettings())
    spans = [0.0, 0.0, 0.0]
    for start in range(0, len(lines), TOGETHER):
        times = [time.process_time()]
        entries = [one for one in map(reader.read, lines[start : start + TOGETHER]) if isinstance(one, Entry)]
        times.append(time.process_time())
        events = [maker.event(entry, f"{at:x}") for at, entry in enumerate(entries, start)]
        times.append(time.process_time())
        for event in events:
            correlator.see(event)
        times.append(time.process_time())
        spans = [span + after - before for span, (before, after) in zip(spans, pairwise(times), strict=True)]
    costs = [span / len(lines) * 1e6 for span in spans]
    return dict(zip(("read a line", "make the event", "see it"), costs, strict=True))


def yardstick_us(many: int = 50_000) -> float:
    """Return what a keyed hash costs now."""
    text = bytes(64)
    begun = time.process_time()
    for _ in range(many):
        hashlib.blake2b(text, key=b"k", digest_size=8).hexdigest()
    return (time.process_time() - begun) / many * 1e6


def fail2ban(log: Path, folder: Path, lines: int) -> float | None:
    """Return the seconds of CPU of fail2ban's filter test tool on the same lines, without those of its start.

    None where it is not installed, or did not do the same work: it must say that it read all lines and that some match.
    """
    program = shutil.which("fail2ban-regex")
    if program is None:
        print("  fail2ban is not installed (Debian: apt install fail2ban)")
        return None
    rule, one = folder / "filter.conf", folder / "one.log"
    rule.write_text(FILTER)
    with log.open("rb") as file:
        one.write_bytes(file.readline())
    start_s, _ = _ran([program, "--print-no-missed", str(one), str(rule)])
    whole_s, said = _ran([program, "--print-no-missed", str(log.absolute()), str(rule)])
    summary = SUMMARY.search(said)
    print(f"  fail2ban says: {summary[0] if summary else said[-300:]!r}")
    if summary is None or int(summary[1]) < lines or not int(summary[2]):
        print("  that is not the work that it was to do: nothing can be compared")
        return None
    return whole_s - start_s


def _ran(command: Sequence[str]) -> tuple[float, str]:
    """Return the seconds of CPU of a program, and what it said."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout + done.stderr


def memory_mb() -> float:
    """Return the memory of this process."""
    with open("/proc/self/statm") as file:  # noqa: PTH123 - a file of the kernel
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def long_run(number: int, callers: int) -> list[float]:
    """Return the memory at each tenth of a run over that many events, without a store."""
    reader = form_named("combined").reader(Wishes())
    maker = EventMaker(Meaning("log", digest_of(b"k"), origin_of(())))
    correlator = Correlator(DETECTIONS, SeeingSettings())
    begun, used = time.process_time(), [memory_mb()]
    for seen, line in enumerate(lines_of(number, callers), 1):
        entry = reader.read(line)
        if isinstance(entry, Entry):
            correlator.see(maker.event(entry, f"{seen:x}"))
        if seen % max(number // 10, 1) == 0:
            used.append(memory_mb())
            rate = seen / (time.process_time() - begun)
            print(f"  {seen:>12,} events: {used[-1]:7.1f} MB, {rate:,.0f} a second (with making the lines)", flush=True)
    return used


def main() -> int:
    """Measure, print, and say whether the bars are met."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--lines", type=int, default=200_000)
    options.add_argument("--callers", type=int, default=2_000)
    options.add_argument("--log", type=Path)
    options.add_argument("--long", type=int, default=0)
    given = options.parse_args()
    missed = []
    with contextlib.suppress(OSError):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log = given.log or folder / "access.log"
        if given.log is None:
            log.write_text("".join(f"{line}\n" for line in lines_of(given.lines, given.callers)))
        wall, cpu, events, incidents = watched(log, folder)
        rate, each = events / wall, cpu / events * 1e6
        print(f"read, seen by {len(DETECTIONS)} detections, stored: {events:,} events in {wall:.2f} s")
        print(f"  {rate:,.0f} a second, {each:.1f} µs of CPU an event, {incidents} incidents")
        print(f"  yardstick {yardstick_us():.2f} µs")
        gc.set_threshold(*COLLECT)  # as the command does
        with log.open(encoding="utf-8", errors="backslashreplace") as file:
            lines = [line for line in file.read().split("\n") if line]
        shares = parts(lines)
        for part, cost in shares.items():
            print(f"  {part}: {cost:.1f} µs")
        print(f"  group and store: {each - sum(shares.values()):.1f} µs")
        peer = fail2ban(log, folder, len(lines))
        missed += ["rate"] * (rate < LEAST_A_SECOND) + ["µs an event"] * (each > MOST_US)
        if peer is None:
            missed.append("a comparison with fail2ban")
        else:
            ratio = peer / cpu
            print(
                f"fail2ban-regex, one filter, no store: {peer / events * 1e6:.1f} µs of CPU a line; ratio {ratio:.1f}"
            )
            missed += ["three times fail2ban"] * (ratio < LEAST_RATIO)
    if given.long:
        used = long_run(given.long, given.callers)
        growth = used[-1] / used[len(used) // 2]
        print(f"memory over the second half: {growth:.2f} times")
        missed += ["flat memory"] * (growth > MOST_GROWTH)
    print("missed: " + ", ".join(missed) if missed else "all bars are met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
