"""Access logs of nginx and Apache (common and combined form) as requests: method, path, query, status, who called.

They hold no bodies and no answers, so only paths, methods, query names and status codes are learned from them.
"""

import base64
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from apiward.app.guarding.cases import MAX_CASES, Case, WrittenAnswer, read_text
from apiward.config.errors import AdvisedError

_LINE: Final = re.compile(
    r'(?P<client>\S{1,60}) \S{1,200} (?P<user>\S{1,200}|"[^"]{0,200}") \[(?P<time>[^\]]{1,40})\] '
    r'"(?P<method>[A-Z]{1,20}) (?P<target>[^ "]{1,8000})(?: HTTP/(?P<version>[0-9.]{1,4}))?" (?P<status>[0-9]{3}) '
)
_TIME: Final = "%d/%b/%Y:%H:%M:%S %z"
_LEAST_SHARE: Final = 0.5
"""The share of lines that must be readable; with less it is no such log."""


def read_access_log(path: Path) -> tuple[Case, ...]:
    """Return the requests of a log, in its order; lines that cannot be read are left out. Raises AdvisedError."""
    lines = [line for line in read_text(path).split("\n") if line.strip()]
    found = list(_cases(lines))
    if not found or len(found) < _LEAST_SHARE * len(lines[:MAX_CASES]):
        raise AdvisedError(
            f"{path} cannot be read as an access log.",
            f"{len(found)} of {len(lines)} lines are in the common or combined form.",
            "Give a log of nginx or Apache in that form, a HAR file, or JSON lines.",
        )
    return tuple(found)


def _cases(lines: list[str]) -> Iterator[Case]:
    for number, line in enumerate(lines[:MAX_CASES], 1):
        found = _LINE.match(line)
        if found is None or not found["target"].startswith("/") or not found["target"].isascii():
            continue
        status = int(found["status"])
        answer = WrittenAnswer(status, [], b"") if 200 <= status < 600 else None
        yield Case(
            number,
            found["method"],
            found["target"],
            [(b"host", b"localhost"), *_shown(found["user"].strip('"'))],
            client=found["client"],
            started_s=_time(found["time"]),
            answer=answer,
        )


def _shown(user: str) -> Iterator[tuple[bytes, bytes]]:
    """Yield the header that a server takes this name from: such logs know callers by Basic log-in alone."""
    if user and user != "-":
        yield b"authorization", b"Basic " + base64.b64encode(f"{user}:".encode())


def _time(text: str) -> float | None:
    try:
        return datetime.strptime(text, _TIME).timestamp()  # noqa: DTZ007 - the form tells the zone
    except (ValueError, OverflowError):
        return None
