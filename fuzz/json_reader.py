"""Any bytes as JSON: what the guard takes, a slow and strict reader takes as well, and finds the same in it."""

import json
import math

import atheris

with atheris.instrument_imports(include=["apiward"]):
    from apiward.guard.wire.json_text import JsonRules
    from apiward.guard.wire.unfit import UnfitError

from fuzz.running import run

_TEXTS = (
    b'"a"',
    b'"b"',
    b'"\\u0061"',
    b'"a:"',
    b'":"',
    b'"\\u003a"',
    b'"\\""',
    b'"\\\\"',
    b'"\\u0000"',
    b'"\\ud83d\\ude00"',
)
_ODD_TEXTS = (b'"\\ud800"', b'"\\x"', b'"\xff"', b'"\xc3\xa9"', b'"\xed\xa0\x80"', b'"\x00"', b'"\x1f"', b"'a'", b'"')
_VALUES = (
    *_TEXTS,
    *_ODD_TEXTS,
    *b"0 1 -0 1.5 1e5 1e400 1E-5 00 -1 12345678901234567890123 true false null NaN 1. .5".split(),
)
_RULES = JsonRules(deepest=16, most_keys=200, most_items=500, longest_text=1_000)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    assert len(found) == len(pairs), "a key that came twice was let through"
    return found


def _constant(name: str) -> object:
    raise AssertionError(f"{name} is no JSON")


def same(one: object, other: object) -> bool:
    """Compare values; a long number may be a whole one here and a float there."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(*pair) for pair in zip(one, other, strict=True))
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other)
    return one == other


def target(raw: bytes) -> None:
    """Read the bytes twice: as they are, and as choices of what to make."""
    read_twice(raw)
    read_twice(made(atheris.FuzzedDataProvider(raw), 6))


def made(data: atheris.FuzzedDataProvider, depth: int) -> bytes:
    """Return something that is nearly JSON, or JSON."""
    space: bytes = data.PickValueInList([b"", b"", b"", b" ", b"\n", b"\xef\xbb\xbf"])
    form = data.ConsumeIntInRange(0, 3) if depth else 0
    if form < 2:
        return space + bytes(data.PickValueInList(list(_VALUES if form else _TEXTS)))
    inner = [made(data, depth - 1) for _ in range(data.ConsumeIntInRange(0, 4))]
    if form == 2:
        return space + b"[" + b",".join(inner) + b"]"
    return space + b"{" + b",".join([data.PickValueInList(list(_TEXTS)) + b":" + one for one in inner]) + b"}"


def read_twice(raw: bytes) -> None:
    """Read `raw` here and with the strict reader."""
    try:
        value = _RULES.read(raw)
    except UnfitError:
        return
    assert same(value, json.loads(raw.decode(), object_pairs_hook=_unique, parse_constant=_constant)), raw


if __name__ == "__main__":
    run(target, "json_reader")
