"""How fast texts are judged: microseconds for each kind of value, and how time grows with the length of hostile text.

Run: python benchmarks/inspection_speed.py
"""

import math
import sys
import time
from collections.abc import Callable
from typing import Final

from apiward.inspection.api import inspect_text
from apiward.inspection.bodies import inspect_field, inspect_json

ROUNDS: Final = 7
HARMLESS_US: Final = 0.3
ORDINARY_US: Final = 2.0
PROSE_US: Final = 15.0
GROWTH: Final = 1.2
MEGABYTE_S: Final = 2.0

PROSE: Final = (
    "Please leave the parcel with the neighbour at number 12, or behind the shed if nobody is in. We're usually back "
    "by six and the dog doesn't bite (much). Last time the driver couldn't find the entrance; it's the green door on "
    "the left, next to the bakery. Thanks a lot & have a nice day! Order no. 4711-B"
)
HARMLESS: Final = ("Springfield", "EUR", "12345", "shipped", "true", "ann42")
ORDINARY: Final = (
    "Anna-Maria O'Brien", "12 High St., Flat 3", "ann.example@example.com", "2024-05-01T12:30:00Z", "+49 151 1234567",
    "550e8400-e29b-41d4-a716-446655440000", "Blue cotton shirt, long sleeves", "cus_9s6XKzkNRiz8i3",
    "Hauptstraße 5 a", "19.99",
)  # fmt: skip
ADDRESS: Final = "https://cdn.example.com/img/4711/1.webp?w=300&h=200"
ATTACKS: Final = (
    "1' OR '1'='1' -- ",
    "<svg/onload=alert(1)>",
    "; cat /etc/hosts",
    "../../../etc/hosts",
    "{{7*7}}",
    "${jndi:ldap://x/a}",
)
HOSTILE: Final = {
    "quotes": "' or ", "open brackets": "((", "tags": "<a b='", "percent": "%25", "entities": "&amp;",
    "subqueries": "(select ", "separators": ";cat x ", "dots": "../ ",
    "templates": "{{a", "urls": "http://a ", "comments": "/* */ and ", "line breaks": "\r\nx: ", "plus": "+a-",
    "escapes": "\\u0041\\", "strings": "\"'`", "zeros": "0x2e", "quote words": "'a and b=c ", "letters": "a",
}  # fmt: skip


def best_us(work: Callable[[], object], times: int, rounds: int = ROUNDS) -> float:
    """Return the shortest of `rounds` means, in microseconds."""
    means = []
    for _ in range(rounds):
        start = time.process_time()
        for _ in range(times):
            work()
        means.append((time.process_time() - start) / times)
    return min(means) * 1e6


def shown(name: str, us: float, bar: float | None = None) -> bool:
    """Print one figure; return whether it is within its bar."""
    is_met = bar is None or us <= bar
    print(f"{name:44} {us:9.2f} µs {'' if bar is None else f'(bar {bar})':12} {'' if is_met else 'MISSED'}")
    return is_met


def mean_us(texts: tuple[str, ...]) -> float:
    """Return the mean time for one of `texts`."""
    return sum(best_us(lambda text=text: inspect_text(text), 3_000) for text in texts) / len(texts)  # type: ignore[misc]


def growth(piece: str) -> tuple[float, float]:
    """Return (exponent from 64 KB to 512 KB, seconds for 1 MB) of text made of `piece`."""
    seconds = []
    for size in (65_536, 524_288, 1_048_576):
        text = "x" + piece * (size // len(piece))
        seconds.append(best_us(lambda text=text: inspect_text(text), 1, rounds=3) / 1e6)  # type: ignore[misc]
    return math.log(seconds[1] / seconds[0]) / math.log(8), seconds[2]


def main() -> int:
    """Measure, print, and end with 1 where a bar is missed."""
    met = [
        shown("harmless word", mean_us(HARMLESS), HARMLESS_US),
        shown("ordinary value", mean_us(ORDINARY), ORDINARY_US),
        shown(
            f"English prose, {len(PROSE)} characters", best_us(lambda: inspect_field("note", PROSE), 1_000), PROSE_US
        ),
        shown("web address", mean_us((ADDRESS,))),
        shown("attack", mean_us(ATTACKS)),
    ]
    record = {str(number): text for number, text in enumerate((*HARMLESS, *ORDINARY, PROSE))}
    shown(f"JSON object, {len(record)} members", best_us(lambda: inspect_json(record), 500))  # type: ignore[arg-type]
    for name, piece in HOSTILE.items():
        exponent, second = growth(piece)
        is_met = exponent <= GROWTH and second <= MEGABYTE_S
        met.append(is_met)
        print(f"hostile: {name:20} exponent {exponent:5.2f}   1 MB {second * 1e3:8.1f} ms {'' if is_met else 'MISSED'}")
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
