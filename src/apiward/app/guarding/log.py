"""The guard's own words for who runs it: one JSON object a line, where no value can begin a line of its own."""

import json
import sys
import time
from typing import Final, TextIO

MAX_TEXT: Final = 2_000


def log(what: str, *, level: str = "info", stream: TextIO | None = None, **facts: object) -> None:
    """Write one line: when, how grave ("info", "error"), what, and facts. A closed stream is passed over."""
    line = {"at": round(time.time(), 3), "level": level, "what": what[:MAX_TEXT]}
    line.update({name: fact if isinstance(fact, int | float) else str(fact)[:MAX_TEXT] for name, fact in facts.items()})
    try:
        print(json.dumps(line), file=stream or sys.stderr, flush=True)
    except (OSError, ValueError):
        return
