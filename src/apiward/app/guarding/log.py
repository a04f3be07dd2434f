"""The guard's own words for who runs it: JSON lines, where no value can begin a line of its own; text on a terminal."""

import json
import sys
import time
from collections.abc import Mapping
from typing import Final, TextIO

MAX_TEXT: Final = 2_000


def log(what: str, *, level: str = "info", stream: TextIO | None = None, **facts: object) -> None:
    """Write one line: when, how grave ("info", "warning", "error"), what, and facts. A closed stream is passed over."""
    stream = stream or sys.stderr
    told = {name: fact if isinstance(fact, int | float) else str(fact)[:MAX_TEXT] for name, fact in facts.items()}
    try:
        line = _text(what, level, told) if stream.isatty() else _json(what, level, told)
        print(line, file=stream, flush=True)
    except (OSError, ValueError):
        return


def _json(what: str, level: str, told: Mapping[str, object]) -> str:
    return json.dumps({"at": round(time.time(), 3), "level": level, "what": what[:MAX_TEXT], **told})


def _text(what: str, level: str, told: Mapping[str, object]) -> str:
    """Return a line for a person who looks on; what could steer the terminal is shown as an escape."""
    lead = "" if level == "info" else f"{level.capitalize()}: "
    facts = ", ".join(f"{name} {fact}" for name, fact in told.items() if fact not in ("", None))
    return _harmless(f"{lead}{what}" + (f" ({facts})" if facts else ""))


def _harmless(text: str) -> str:
    """Return `text` without signs that could steer a terminal; other letters stay."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)
