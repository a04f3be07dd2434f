"""How many attacks are seen and how many ordinary requests are taken for attacks, with no description of the API.

Run: python benchmarks/detection.py REQUESTS.jsonl [--half dev|other] [--list] [--source NAME]

Each line of the file is one request: id, source, expected (block or allow), method, target, headers, body_b64. The two
halves are split by a hash of the id: rules are made with an eye on `dev` alone.
"""

import argparse
import base64
import hashlib
import json
import os
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from apiward.inspection.model import Hit
from apiward.inspection.requests import inspect_request

ATTACKS_SEEN: Final = 0.92
ALARMS: Final = 0.003
ALARMS_NEAR_MISS: Final = 0.01
NEAR_MISSES: Final = "libinjection-fp"


@dataclass
class Tally:
    """The figures of one source."""

    total: int = 0
    blocked: int = 0
    is_attack: bool = False
    classes: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Return the share that was taken for an attack."""
        return self.blocked / self.total

    def meets(self, source: str) -> bool:
        """Return whether the bar for this source is met."""
        if self.is_attack:
            return self.rate >= ATTACKS_SEEN
        return self.rate <= (ALARMS_NEAR_MISS if source == NEAR_MISSES else ALARMS)


def half_of(name: str) -> str:
    """Return which half an id belongs to."""
    return "dev" if hashlib.sha256(name.encode()).digest()[0] % 2 == 0 else "other"


def judged(request: dict[str, Any]) -> Hit | None:
    """Return what is seen in one request."""
    headers = [(name, value) for name, value in request["headers"]]
    found = inspect_request(request["target"], headers, base64.b64decode(request["body_b64"] or ""))
    return found[1] if found is not None else None


def tallied(path: Path, half: str | None, source: str | None) -> dict[str, Tally]:
    """Judge every request of the file that belongs to the half and source asked for."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            request = json.loads(line)
            if half in {None, half_of(request["id"])} and source in {None, request["source"]}:
                _count(tallies[request["source"]], request, judged(request))
    return tallies


def _count(tally: Tally, request: dict[str, Any], hit: Hit | None) -> None:
    tally.total += 1
    tally.is_attack = request["expected"] == "block"
    if hit is not None:
        tally.blocked += 1
        tally.classes[hit.attack] += 1
    if (hit is not None) is not tally.is_attack:
        tally.wrong.append(f"{request['id']} {hit.rule if hit else '-'}")


def show(tallies: dict[str, Tally], *, with_ids: bool) -> bool:
    """Print the table; return whether every bar is met."""
    ordered = sorted(tallies.items(), key=lambda item: (not item[1].is_attack, item[0]))
    for source, tally in ordered:
        classes = " ".join(f"{name}={count}" for name, count in tally.classes.most_common())
        mark = "ok" if tally.meets(source) else "MISSED"
        kind = "seen" if tally.is_attack else "false alarms"
        print(f"{source:28} {kind:12} {tally.blocked:5}/{tally.total:<5} {tally.rate:7.2%} {mark:6} {classes}")
        if with_ids:
            print("\n".join(f"    {one}" for one in tally.wrong))
    for is_attack, words in ((True, "attacks seen, worst source"), (False, "false alarms, worst source")):
        kind_of = [item for item in ordered if item[1].is_attack is is_attack]
        if kind_of:
            worst = (min if is_attack else max)(kind_of, key=lambda item: item[1].rate)
            total = sum(tally.blocked for _, tally in kind_of) / sum(tally.total for _, tally in kind_of)
            print(f"all: {total:.2%}; {words}: {worst[0]} {worst[1].rate:.2%}")
    return all(tally.meets(source) for source, tally in ordered)


def main() -> int:
    """Judge, print, and end with 1 where a bar is missed."""
    reader = argparse.ArgumentParser(description="Detection without a description")
    reader.add_argument("file", nargs="?", default=os.environ.get("APIWARD_DETECTION_DATA"))
    reader.add_argument("--half", choices=("dev", "other"))
    reader.add_argument("--source")
    reader.add_argument("--list", action="store_true", help="show the ids that were judged wrongly")
    asked = reader.parse_args()
    if not asked.file:
        reader.error("name the file of requests, or set APIWARD_DETECTION_DATA")
    return 0 if show(tallied(Path(asked.file), asked.half, asked.source), with_ids=asked.list) else 1


if __name__ == "__main__":
    sys.exit(main())
