"""How a scan grows with the number of operations: `python -m benchmarks.scan_scale [--plot FILE]`.

Describes made-up businesses of 125, 250, 500 and 1,000 operations, answers for them in the same
process, and scans each with every check at level full, in a process of its own. Prints operations,
requests, seconds and peak memory (which hold the made-up business as well), and the exponents by
which they grow: 1.0 is "twice the operations, twice the cost".

Exit code 1 if the peak at 1,000 operations reaches 300 MB, or if seconds grow with an exponent of
more than 1.25 over the whole range. The growth is linear by design; the quarter is for noise.
"""

import argparse
import asyncio
import json
import math
import resource
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Final

from apiward.catalogue.loading import load_catalogue
from apiward.net.asgi import asgi_sender
from apiward.scan.calling.traffic import Budget
from apiward.scan.engine import Scan, ScanSettings
from apiward.scan.level import Level
from apiward.scan.registry import CHECKS
from apiward.spec.reading import read_description
from benchmarks.business import Business, description

ROOT: Final = Path(__file__).parent.parent
SIZES: Final = (125, 250, 500, 1_000)
MAX_PEAK_MB: Final = 300.0
MAX_SLOPE: Final = 1.25
ORIGIN: Final = "http://business.test"
MEASURES: Final = ("seconds", "requests", "peak_mb")


async def _scan(size: int) -> dict[str, float]:
    document = description(size)
    before_mb = _peak_mb()
    api = read_description(json.dumps(document).encode(), source=f"{ORIGIN}/openapi.json")
    settings = ScanSettings(level=Level.FULL, budget=Budget(requests=10_000_000), seed=1)
    began_s = time.perf_counter()
    async with asgi_sender(Business(size), clock=time.time) as sender:
        scan = Scan(
            api,
            ORIGIN,
            CHECKS,
            settings,
            sender=sender,
            catalogue=load_catalogue(),
            clock=time.time,
            wait=asyncio.sleep,
        )
        report = await scan.run()
    return {
        "operations": len(api.operations),
        "answered": len(report.operations_answered),
        "items": len(report.items),
        "findings": len(report.findings),
        "requests": report.request_count,
        "seconds": time.perf_counter() - began_s,
        "peak_mb": _peak_mb(),
        "before_mb": before_mb,
    }


def _peak_mb() -> float:
    """Return the most memory that this process has held (Linux counts kilobytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000


def _measured(size: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.scan_scale", "--one", str(size)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def slope(one: dict[str, float], other: dict[str, float], measure: str) -> float:
    """Return the exponent by which a measure grows with the operations."""
    return math.log(other[measure] / one[measure]) / math.log(other["operations"] / one["operations"])


def _print_row(row: dict[str, float]) -> None:
    print(
        f"{row['operations']:10.0f} {row['answered']:9.0f} {row['items']:7.0f} {row['findings']:8.0f} "
        f"{row['requests']:9.0f} {row['seconds']:8.1f} {row['peak_mb']:8.0f}   "
        f"{row['before_mb']:.0f} MB before the scan, {row['requests'] / row['seconds']:.0f} requests/s",
        flush=True,
    )


def _print_growth(rows: list[dict[str, float]]) -> None:
    for one, other in [*pairwise(rows), (rows[0], rows[-1])]:
        found = ", ".join(f"{measure} {slope(one, other, measure):.2f}" for measure in MEASURES)
        print(f"exponents from {one['operations']:.0f} to {other['operations']:.0f}: {found}")


def plot(rows: list[dict[str, float]]) -> str:
    """Return an SVG picture: seconds (left) and peak memory (right) over operations, from zero."""
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 680 260" font-family="sans-serif" font-size="11">']
    for left, measure, unit in ((50, "seconds", "s"), (390, "peak_mb", "MB")):
        top = max(row[measure] for row in rows) * 1.1
        widest = max(row["operations"] for row in rows)
        points = [(left + 250 * row["operations"] / widest, 220 - 190 * row[measure] / top) for row in rows]
        line = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
        parts.append(f'<path d="M{left} 20V220H{left + 260}" fill="none" stroke="#777"/>')
        parts.append(f'<polyline points="{line}" fill="none" stroke="#0a6" stroke-width="2"/>')
        for (x, y), row in zip(points, rows, strict=True):
            parts.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3" fill="#0a6"/>')
            parts.append(f'<text x="{x:.0f}" y="{y - 8:.0f}" text-anchor="end">{row[measure]:.0f} {unit}</text>')
            parts.append(f'<text x="{x:.0f}" y="236" text-anchor="middle">{row["operations"]:.0f}</text>')
        parts.append(f'<text x="{left}" y="254">{measure.split("_")[0]} of a whole scan, by operations</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _failures(rows: list[dict[str, float]]) -> list[str]:
    grown = slope(rows[0], rows[-1], "seconds")
    slow = [f"seconds grow with an exponent of {grown:.2f}, more than {MAX_SLOPE}"] if grown > MAX_SLOPE else []
    peak = rows[-1]["peak_mb"]
    return slow + ([f"the peak is {peak:.0f} MB, not below {MAX_PEAK_MB:.0f}"] if peak >= MAX_PEAK_MB else [])


def main() -> int:
    """Measure every size, print and plot, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plot", type=Path, default=None, help="file for the picture (SVG)")
    parser.add_argument("--one", type=int, default=0, help="scan this size alone, in this process, and print JSON")
    given = parser.parse_args()
    if given.one:
        print(json.dumps(asyncio.run(_scan(given.one))))
        return 0
    print("operations  answered   items findings  requests  seconds  peak MB")
    rows = []
    for size in SIZES:
        rows.append(_measured(size))
        _print_row(rows[-1])
    _print_growth(rows)
    if given.plot:
        given.plot.write_text(plot(rows), "utf-8")
    failures = _failures(rows)
    for failure in failures:
        print(f"MISSED: {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
