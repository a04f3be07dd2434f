"""What an event costs the correlator with all detections, and whether that depends on how many callers there are.

    python -m benchmarks.correlate_speed [--events 200000] [--svg docs/images/correlate-cost.svg]

Events are made first, as a guard makes them: five of six read or list, one writes, each with session, program and
customer. Then they are seen, and only that is timed, in CPU time. Callers are drawn so that few do much and many
little. The same is done for 100 to 1,000,000 callers, in turns, so that a busy machine slows all of them down alike. A
yardstick (a keyed hash of 64 bytes) is timed beside it: its usual 0.7 us say how busy this machine was.

Exit code 1 where an event costs more than 12 yardsticks of a microsecond, where 1,000,000 callers cost more than twice
as much as 1,000, or where memory grows after the first half by more than 5 percent.
"""

import argparse
import gc
import hashlib
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median
from typing import Final

from apiward.core.event import Event
from apiward.watch.correlator import Correlator
from apiward.watch.registry import DETECTIONS
from apiward.watch.settings import SeeingSettings

CALLERS: Final = (100, 1_000, 10_000, 100_000, 1_000_000)
OPERATIONS: Final = (
    ("GET", "/api/notes/{id}"), ("GET", "/api/notes"), ("GET", "/api/orders/{id}"), ("GET", "/api/me"),
    ("GET", "/api/invoices/{id}"), ("PUT", "/api/notes/{id}"),
)  # fmt: skip
MOST_US: Final = 12.0
MOST_GROWTH: Final = 2.0
MOST_MEMORY: Final = 1.05
YARDSTICK_US: Final = 0.7
_TURNS: Final = 5


@dataclass
class Course:
    """One number of callers: its correlator, the time that goes on, and what its turns cost."""

    callers: int
    correlator: Correlator = field(default_factory=lambda: Correlator(DETECTIONS, SeeingSettings()))
    at_s: float = 1_799_064_000.0
    costs_us: list[float] = field(default_factory=list)


def events(course: Course, many: int, rng: Random) -> list[Event]:
    """Return the next events of a course: a caller sends one every few minutes of its own, however many there are."""
    found = []
    for number in range(many):
        course.at_s += 20.0 / course.callers
        method, template = OPERATIONS[int(rng.random() * len(OPERATIONS))]
        who = int(rng.random() ** 2 * course.callers)
        path = template.replace("{id}", str(who * 13 + int(rng.random() ** 2 * 40)))
        client = f"198.{18 + (who >> 16 & 1)}.{who >> 8 & 255}.{who & 255}"
        marks = (("session", f"s{who:x}"), ("agent", "firefox"), ("tenant", str(who // 5)))
        found.append(
            Event(f"{number:x}", course.at_s, method, f"{method} {template}", path, 200, "passed", client,
                  f"user:{who}", answer_size=900, marks=marks)
        )  # fmt: skip
    return found


def cost_us(correlator: Correlator, seen: Sequence[Event]) -> float:
    """Return what one event costs, in microseconds of CPU."""
    see = correlator.see
    begun = time.process_time()
    for event in seen:
        see(event)
    return (time.process_time() - begun) / len(seen) * 1e6


def yardstick_us(many: int = 20_000) -> float:
    """Return what a keyed hash costs now."""
    text = bytes(64)
    begun = time.process_time()
    for _ in range(many):
        hashlib.blake2b(text, key=b"k", digest_size=8).hexdigest()
    return (time.process_time() - begun) / many * 1e6


def memory_mb() -> float:
    """Return the most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def drawn(costs: dict[int, float]) -> str:
    """Return the plot: what an event costs, over the number of callers."""
    high = max(costs.values()) * 1.2
    points = [
        (60 + 100 * at, 200 - 170 * cost / high, callers, cost) for at, (callers, cost) in enumerate(costs.items())
    ]
    line = " ".join(f"{x},{y:.0f}" for x, y, _, _ in points)
    texts = "".join(
        f'<circle cx="{x}" cy="{y:.0f}" r="3"/><text x="{x}" y="{y - 8:.0f}">{cost:.1f}</text>'
        f'<text x="{x}" y="218">{callers:,}</text>'
        for x, y, callers, cost in points
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 520 240" font-family="sans-serif" font-size="11" '
        f'text-anchor="middle"><rect width="520" height="240" fill="#fff"/><path d="M40 200H500" stroke="#888"/>'
        f'<polyline points="{line}" fill="none" stroke="#2457a6" stroke-width="2"/>{texts}'
        '<text x="260" y="236">callers; microseconds of CPU for one event</text></svg>\n'
    )


def main() -> int:
    """Measure, print, compare with the bars."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=200_000, help="for each number of callers")
    parser.add_argument("--svg", type=Path, help="where the plot is drawn")
    given = parser.parse_args()
    gc.set_threshold(100_000, 50, 1_000)  # the events that are kept here would be looked through again and again
    rng = Random(1)
    courses = [Course(callers) for callers in CALLERS]
    for course in courses:  # as many as are remembered, so that what is timed is the usual state
        cost_us(course.correlator, events(course, given.events // 2, rng))
    half_mb, yards = 0.0, list[float]()
    for turn in range(_TURNS):
        half_mb = memory_mb() if turn == _TURNS // 2 else half_mb
        for course in courses:
            seen = events(course, given.events // _TURNS, rng)
            yards.append(yardstick_us())
            course.costs_us.append(cost_us(course.correlator, seen))
    yard, grown = median(yards), memory_mb() / half_mb
    costs = {course.callers: median(course.costs_us) for course in courses}
    for callers, cost in costs.items():
        print(
            f"{callers:>9,} callers: {cost:5.1f} us an event, {cost / yard * YARDSTICK_US:5.1f} as on a quiet machine"
        )
    state = courses[2].correlator.state()
    print(f"yardstick {yard:.2f} us; memory {memory_mb():.0f} MB, {grown:.2f} times that of the first half; "
          f"checkpoint of 10,000 callers {len(state) / 1e6:.1f} MB")  # fmt: skip
    if given.svg:
        given.svg.write_text(drawn(costs), "utf-8")
    quiet = max(costs.values()) / yard * YARDSTICK_US
    is_missed = quiet > MOST_US or costs[1_000_000] > MOST_GROWTH * costs[1_000] or grown > MOST_MEMORY
    print("A bar is missed." if is_missed else "All bars hold.")
    return 1 if is_missed else 0


if __name__ == "__main__":
    sys.exit(main())
