"""Whether session ids can be guessed: counted up, made of the time or of known names, or of too few signs."""

import base64
import binascii
import hashlib
import math
import re
import string
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

MAX_STEP: Final = 1_000
LEAST_BITS: Final = 64.0
NEAR_S: Final = 5.0
_GROUPS: Final = re.compile(r"\d+|\D+")
_UNITS: Final = (1, 1_000, 1_000_000, 1_000_000_000)
_ALPHABETS: Final = (
    string.digits, string.hexdigits[:16], string.ascii_lowercase, string.digits + string.ascii_lowercase,
    string.ascii_letters, string.digits + string.ascii_letters,
)  # fmt: skip


def successor(values: Sequence[str]) -> str | None:
    """Return the value that should come next, where the values are counted up in equal steps; None where not."""
    numbers = _counted(values)
    if numbers is None:
        return None
    before, counted, after, base = numbers
    steps = {later - earlier for earlier, later in pairwise(counted)}
    if len(steps) != 1 or not 0 < next(iter(steps)) <= MAX_STEP:
        return None
    value, width = counted[-1] + next(iter(steps)), len(values[-1]) - len(before) - len(after)
    return f"{before}{value:0{width}{'x' if base == 16 else 'd'}}{after}"


def is_time(values: Sequence[str], times_s: Sequence[float]) -> bool:
    """Whether all that varies in each value is the time at which it was made."""
    numbers = _counted(values)
    if numbers is None:
        return False
    _, counted, _, _ = numbers
    return any(
        all(abs(number / unit - now_s) < NEAR_S for number, now_s in zip(counted, times_s, strict=True))
        for unit in _UNITS
    )


def made_of(value: str, facts: Iterable[str]) -> str | None:
    """Return in words what a value was made of, where it is a plain rendering of one of the facts."""
    for fact in facts:
        for words, text in _renderings(fact):
            if fact and value.lower() == text.lower():
                return words
    return None


def most_bits(values: Sequence[str]) -> float:
    """Return the bits that such a value can hold at most: its length times what one of its signs can tell."""
    signs = set("".join(values))
    size = next((len(one) for one in _ALPHABETS if signs <= set(one)), 94)
    return max(map(len, values)) * math.log2(size)


def _counted(values: Sequence[str]) -> tuple[str, list[int], str, int] | None:
    """Return what stands before the one number that varies, the numbers, what stands behind, and their base."""
    groups = [_GROUPS.findall(value) for value in values]
    if len({len(one) for one in groups}) == 1 and groups[0]:
        varying = [at for at in range(len(groups[0])) if len({one[at] for one in groups}) > 1]
        if len(varying) == 1 and all(one[varying[0]].isdecimal() for one in groups):
            at = varying[0]
            counted = [int(one[at]) for one in groups]
            return "".join(groups[0][:at]), counted, "".join(groups[0][at + 1 :]), 10
    if all(re.fullmatch(r"[0-9a-f]+", value) for value in values) and len(set(values)) > 1:
        return "", [int(value, 16) for value in values], "", 16
    return None


def _renderings(fact: str) -> Iterator[tuple[str, str]]:
    raw = fact.encode()
    yield "base64 of something that others know", base64.b64encode(raw).decode()
    yield "base64 of something that others know", base64.urlsafe_b64encode(raw).decode().rstrip("=")
    yield "hexadecimal digits of something that others know", binascii.hexlify(raw).decode()
    for name in ("md5", "sha1", "sha256"):
        made = hashlib.new(name, raw, usedforsecurity=False)
        yield f"{name} of something that others know", made.hexdigest()
        yield f"{name} of something that others know", base64.b64encode(made.digest()).decode()
