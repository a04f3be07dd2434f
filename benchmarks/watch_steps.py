"""How many steps of Python's interpreter a line of a log takes in watch, by function. Noise does not change them.

Run it as `python -m benchmarks.watch_steps [--lines N] [--top N] [--log FILE]`. The lines are those of `watch_speed`:
they are read, seen by all detections, grouped and stored in a SQLite file. The first half warms up, the second half is
counted. A step is an instruction of the interpreter. What one costs differs, and what SQLite and the search in texts do
is not counted, so this tells where our own work is, and times tell how much it is.
"""

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final

from apiward.app.guarding.place import Place
from apiward.app.watching.running import Course, WatchRun, opened_once
from apiward.config.guarding import GuardConfig
from apiward.config.watching import SourceConfig, WatchConfig
from benchmarks.watch_speed import lines_of

_PARTS: Final = (
    ("read", ("watch/logs/templates", "watch/logs/formats", "watch/logs/times", "app/watching/sources")),
    ("make events", ("watch/logs/", "app/watching/reading")),
    ("see", ("watch/",)),
    ("loop and grouping", ("app/",)),
    ("store", ("stores/",)),
)
"""Parts of the way, by where their code lies: the first that fits counts."""


def counted(course: Course, lines: int) -> tuple[Counter[CodeType], int]:
    """Return the steps of each function over the second half of the lines, and how many lines that were."""
    steps: Counter[CodeType] = Counter()

    def trace(frame: FrameType, event: str, _: object) -> Any:  # noqa: ANN401 - a trace function returns itself
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        if event == "opcode":
            steps[frame.f_code] += 1
        return trace

    watching = course.watching
    while watching.told.events < lines // 2 and watching.step():
        pass
    before = watching.told.events
    sys.settrace(trace)
    while watching.step():
        pass
    sys.settrace(None)
    return steps, watching.told.events - before


def part_of(code: CodeType) -> str:
    """Return the part of the way that a function belongs to; empty where it is none of ours."""
    _, is_ours, name = code.co_filename.rpartition("/apiward/")
    if not is_ours:
        return ""
    return next((part for part, places in _PARTS if name.startswith(places)), "else")


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=40_000)
    parser.add_argument("--callers", type=int, default=2_000)
    parser.add_argument("--top", type=int, default=40, help="so many functions are shown")
    parser.add_argument("--log", type=Path, help="lines of yours, of a form that is known")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log = given.log or folder / "access.log"
        if given.log is None:
            log.write_text("".join(f"{line}\n" for line in lines_of(given.lines, given.callers)))
        lines = log.read_bytes().count(b"\n")
        place = Place(None, folder, folder / "data")
        with opened_once(WatchRun(place, GuardConfig(), WatchConfig(), (SourceConfig(file=str(log)),))) as course:
            steps, events = counted(course, lines)
    ours = {code: count for code, count in steps.items() if part_of(code)}
    print(f"{sum(ours.values()) / events:,.0f} steps for one event, over {events:,} events")
    parts: Counter[str] = Counter()
    for code, count in ours.items():
        parts[part_of(code)] += count
    for part, count in parts.most_common():
        print(f"{count / events:8.1f}  {part}")
    print()
    for code, count in Counter(ours).most_common(given.top):
        print(f"{count / events:8.1f}  {code.co_filename.rpartition('/apiward/')[2]} {code.co_qualname}")


if __name__ == "__main__":
    main()
