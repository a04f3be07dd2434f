"""Values of log lines: sizes, seconds, request lines, and texts in which a server has escaped what is dangerous."""

import re
from typing import Final

from apiward.watch.logs.model import MAX_VALUE

_ESCAPE: Final = re.compile(r"((?:\\x[0-9A-Fa-f]{2})+)|\\u([0-9A-Fa-f]{4})|\\(.)", re.DOTALL)
_SIMPLE: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "v": "\v", "f": "\f"}
_USUAL: Final = frozenset({"GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"})
_METHOD: Final = re.compile(r"[A-Za-z][A-Za-z_-]{0,19}")
STATUSES: Final = {"-": 0, "": 0, "0": 0, "000": 0, **{str(code): code for code in range(100, 1_000)}}
_MOST_SIZE: Final = 2**53
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def size_of(value: object) -> int:
    """Return a number of bytes; 0 for `-` and for what is none."""
    if value == "-":
        return 0
    try:
        return min(max(int(value), 0), _MOST_SIZE)  # type: ignore[call-overload, no-any-return]  # the point of trying
    except (TypeError, ValueError, OverflowError):
        return 0


def seconds_of(value: object, unit_s: float = 1.0) -> float:
    """Return how long something took; 0 for `-` and for what is no number."""
    try:
        seconds = float(value) * unit_s  # type: ignore[arg-type]  # the same
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return seconds if 0 <= seconds < 1e9 else 0.0


def status_of(value: object) -> int | None:
    """Return a status code, 0 for `-` (the client was gone), None where it is none."""
    if isinstance(value, str):
        known = STATUSES.get(value)
        if known is not None:
            return known
    elif value in (0, -1):
        return 0
    try:
        number = int(value)  # type: ignore[call-overload]  # the same
    except (TypeError, ValueError, OverflowError):
        return None
    return number if 100 <= number <= 999 else None


def request_of(line: str) -> tuple[str, str]:
    """Return method and target of a request line; both empty where it is none, as when a scanner sends bytes."""
    method, _, rest = line[:MAX_VALUE].partition(" ")
    target, _, version = rest.rpartition(" ")
    if not version.startswith("HTTP/"):
        target = rest
    if not target or (method not in _USUAL and not _METHOD.fullmatch(method)):
        return "", ""
    return method, target


def unescaped(text: str) -> str:
    r"""Return a text in which nginx wrote `\x22` or Apache `\"`, as it was sent. Escaped bytes are read as UTF-8."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(_sign, text[:MAX_VALUE])


def _sign(found: re.Match[str]) -> str:
    if found[1]:
        return bytes.fromhex(found[1].replace("\\x", "")).decode("utf-8", "replace")
    if found[2]:
        number = int(found[2], 16)
        return "\ufffd" if 0xD800 <= number <= 0xDFFF else chr(number)
    return _SIMPLE.get(found[3], found[3])


def text_of(value: object) -> str:
    """Return a value of JSON as a text: the first of a list, empty for what is none."""
    if isinstance(value, str):
        return value[:MAX_VALUE]
    if isinstance(value, list):
        return text_of(value[0]) if value and not isinstance(value[0], list) else ""
    if isinstance(value, bool) or value is None or isinstance(value, dict):
        return ""
    return str(value)[:MAX_VALUE]


def harmless(text: str) -> str:
    """Return a text without what steers a terminal or turns the direction of reading."""
    return text if text.isascii() and text.isprintable() else _CONTROL.sub("\ufffd", text)
