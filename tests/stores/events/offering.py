"""A worker that offers events and says which: `-m tests.stores.events.offering FOLDER FIRST NUMBER [--stay]`.

With `--url ADDRESS` it stores them there. Every third one is a refusal, which belongs into the audit record.
"""

import signal
import sys
import time
from pathlib import Path

from apiward.stores.events.database import open_database
from apiward.stores.events.queue import EventQueue
from apiward.stores.events.storing import SqlEvents
from tests.stores.events.made import event, sql


def main(folder: Path, first: int, number: int, *, is_staying: bool, url: str = "") -> None:
    """Offer `number` events; then close, or wait to be killed."""
    keeper = SqlEvents(open_database(url), time.time) if url else sql(folder / "events.sqlite", busy_ms=2_000)
    queue = EventQueue(folder / "spool", keeper)
    queue.start()
    for at in range(first, first + number):
        queue.offer(event(at, status=403) if at % 3 == 0 else event(at))
        if queue._dropped:
            raise SystemExit("an event was dropped")
        sys.stdout.write(f"{at}\n")
        sys.stdout.flush()
    if is_staying:
        signal.pause()
    queue.close(timeout_s=20.0)


def _url(words: list[str]) -> str:
    return words[words.index("--url") + 1] if "--url" in words else ""


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), is_staying="--stay" in sys.argv, url=_url(sys.argv))
