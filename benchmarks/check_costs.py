"""How many requests each check needs for one operation of the sound demo business; writes `catalogue/costs.toml`.

    python benchmarks/check_costs.py [--print]

One check at a time is run, so that each request has its check. `apiward scan --dry-run` guesses with these figures.
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections import Counter
from pathlib import Path

from apiward.app.planning import plan_scan
from apiward.app.scanning import describe
from apiward.catalogue.costs import FILE
from apiward.catalogue.loading import load_catalogue
from apiward.demo.app import create_app
from apiward.net.asgi import asgi_sender
from apiward.net.call_listener import OwnListener
from apiward.net.sender import HttpSender
from apiward.scan.calling.traffic import Budget
from apiward.scan.engine import Scan, ScanSettings
from apiward.scan.events import Event, ItemDone, PhaseBegan
from apiward.scan.level import Level
from apiward.scan.registry import CHECKS

PLACE = Path(__file__).parents[1] / "src" / "apiward" / "catalogue" / FILE
ORIGIN = "http://localhost"


class Counting:
    """Listens to a scan that runs one item after another."""

    def __init__(self, sender: HttpSender) -> None:
        self._sender = sender
        self._described = sender.sent_count
        self.before = self.sent = 0
        self.requests: Counter[str] = Counter()
        self.items: Counter[str] = Counter()
        self.late: list[str] = []

    def listen(self, event: Event) -> None:
        """Give what was sent since the last item to the check that has ended."""
        if isinstance(event, PhaseBegan) and not self.items:
            self.before = self.sent = self._sender.sent_count - self._described
        if isinstance(event, ItemDone):
            self.requests[event.verdict.check] += event.sent_count - self.sent
            self.items[event.verdict.check] += 1
            self.sent = event.sent_count


async def _measured(level: Level) -> tuple[Counting, int]:
    with tempfile.TemporaryDirectory() as folder, OwnListener(clock=time.time) as ear:
        app = create_app(frozenset(), data_dir=Path(folder))
        async with asgi_sender(app, clock=time.time) as sender:
            described = await describe(sender, ORIGIN)
            count = len(described.api.operations)
            settings = ScanSettings(level=level, seed=1, budget=Budget(at_a_time=1))
            counting = Counting(sender)
            scan = Scan(
                described.api,
                described.origin,
                CHECKS,
                settings,
                sender=sender,
                catalogue=load_catalogue(),
                clock=time.time,
                wait=asyncio.sleep,
                listen=counting.listen,
                listener=ear,
            )
            planned = plan_scan(described, CHECKS, settings, sender=sender).items.keys()
            await scan.run()
    counting.late = sorted(counting.items.keys() - planned)
    return counting, count


def main() -> None:
    """Measure, and write or print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--print", action="store_true", dest="is_shown", help="change no file")
    is_shown = parser.parse_args().is_shown
    looked, _ = asyncio.run(_measured(Level.READ))
    whole, count = asyncio.run(_measured(Level.FULL))
    lines = [
        "# Requests that scans of the sound demo business needed: python benchmarks/check_costs.py",
        f"operations = {count}",
        f"looking = {looked.before / count:.1f}",
        f"making = {whole.before / count:.1f}",
        "# chose where to look when they had seen answers",
        f"late = {json.dumps(whole.late)}",
        "",
        "[checks]",
        *(f"{code} = {whole.requests[code] / whole.items[code]:.1f}" for code in sorted(whole.items)),
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    if not is_shown:
        PLACE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
