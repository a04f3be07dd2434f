"""A worker that offers events and says which: `-m tests.stores.events.offering FOLDER FIRST NUMBER [--stay]`."""

import signal
import sys
from pathlib import Path

from apiward.stores.events.queue import EventQueue
from tests.stores.events.made import event, sql


def main(folder: Path, first: int, number: int, *, is_staying: bool) -> None:
    """Offer `number` events; then close, or wait to be killed."""
    queue = EventQueue(folder / "spool", sql(folder / "events.sqlite", busy_ms=2_000))
    queue.start()
    for at in range(first, first + number):
        queue.offer(event(at))
        if queue._dropped:
            raise SystemExit("an event was dropped")
        sys.stdout.write(f"{at}\n")
        sys.stdout.flush()
    if is_staying:
        signal.pause()
    queue.close(timeout_s=20.0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), is_staying="--stay" in sys.argv)
