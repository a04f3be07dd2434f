"""Texts and keys that are made to cost much: twice as long takes about twice as long, whatever they hold."""

import json
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from apiward.core.call import Call
from apiward.guard.engine import Engine
from tests.guarded.engines import judged, whole_engine

pytestmark = pytest.mark.long

_SMALL: Final = 6_000
_TIMES: Final = 6
_MOST_EXPONENT: Final = 1.45
"""Square growth is 2. The room above 1 is for measuring on a busy machine."""

_TRIES: Final = 5

_UNITS: Final = {
    "quotes": "'",
    "mixed quotes": "'\"`",
    "open brackets": "(",
    "nested brackets": "((())",
    "tags": "<",
    "half tags": "<a ",
    "attributes": "<a b='",
    "comments": "/*",
    "half comments": "<!-",
    "dashes": "--",
    "percent": "%",
    "escapes": "%25",
    "double escapes": "%2525",
    "unicode escapes": "\\u0061",
    "entities": "&#x61;",
    "half entities": "&#",
    "spaces": " ",
    "spaces and a letter": "                a",
    "tabs": "\t\n",
    "dots": "../",
    "backslashes": "\\",
    "templates": "{{",
    "template parts": "{{a}}{%",
    "lookups": "${",
    "nested lookups": "${${a:-",
    "union": "union select ",
    "or": " or 1=1",
    "select": "select(select(",
    "char": "char(65)||",
    "hex": "0x41",
    "digits": "1",
    "letters": "a",
    "a and b": "ab",
    "base64": "QUFB",
    "urls": "http://a@",
    "e-mail": "a@a.",
    "pipes": "|",
    "semicolons": ";a",
    "dollars": "$(",
    "ticks": "`a`",
    "wide": "\uff1c\u017f",
    "marks": "a\u0301",
    "controls": "\u200b",
    "serialized": 'a:1:{s:1:"',
    "ldap": ")(&(a=*",
    "xpath": "'] | //*[",
    "xml": "<a><![CDATA[",
    "script": "javascript:",
    "equals": "a=b&",
    "json": '{\\"a\\":',
}
_ENDS: Final = ("", "!", "'")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    made, _ = whole_engine(tmp_path_factory.mktemp("effort"), None)
    return made


def exponent(run: Callable[[int], float]) -> float:
    """Return how time grows with size: 1 is linear, 2 square. A busy machine is given several tries."""
    least = math.inf
    for _ in range(_TRIES):
        small, large = (min(run(size) for _ in range(3)) for size in (_SMALL, _SMALL * _TIMES))
        least = min(least, math.log(max(large, 1e-4) / max(small, 1e-4), _TIMES))
        if least < _MOST_EXPONENT:
            break
    return least


def _spent(engine: Engine, body: bytes, kind: bytes) -> float:
    headers = [(b"host", b"a"), (b"content-type", kind), (b"content-length", str(len(body)).encode())]
    call = Call("POST", b"/notes", b"", headers, "192.0.2.7", started_s=time.time())
    begun_s = time.thread_time()
    judged(engine, call, body)
    spent_s = time.thread_time() - begun_s
    assert all(ruling.decision.rule != "guard.stage-failed" for ruling in call.rulings)
    return spent_s


@pytest.mark.parametrize("name", _UNITS)
def test_no_text_makes_the_inspection_slow(engine: Engine, name: str) -> None:
    unit = _UNITS[name]

    def run(size: int) -> float:
        texts = [unit * (size // len(unit)) + end for end in _ENDS]
        return _spent(
            engine, json.dumps({f"note{at}": text for at, text in enumerate(texts)}).encode(), b"application/json"
        )

    assert exponent(run) < _MOST_EXPONENT


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "application/graphql"]
)
@pytest.mark.parametrize("unit", ["{a", "<a ", "a=b&", "%41", "'\"", "((", "a:1,", '"""', "#\n"])
def test_no_body_of_another_kind_is_slow(engine: Engine, kind: str, unit: str) -> None:
    def run(size: int) -> float:
        return _spent(engine, (unit * (size // len(unit))).encode(), kind.encode())

    assert exponent(run) < _MOST_EXPONENT


@pytest.mark.parametrize(
    "form",
    [
        '{{"{0}": 1}}',
        '{{"{0}": {{"{0}": 2}}}}',
        '{{"a": 1, "b:{0}": "\\\\u003a"}}',
    ],
)
def test_many_keys_alike_are_no_more_work_than_others(engine: Engine, form: str) -> None:
    def run(size: int) -> float:
        many = ", ".join(form.format(f"key{'A' * (at % 7)}{at}") for at in range(size // 60))
        return _spent(engine, f"[{many}]".encode(), b"application/json")

    assert exponent(run) < _MOST_EXPONENT


def test_keys_that_collide_in_simple_tables_are_no_more_work(engine: Engine, tmp_path: Path) -> None:
    def colliding(size: int) -> list[str]:
        # "Aa" and "BB" have the same hash in Java and the like
        return ["".join("BB" if number >> bit & 1 else "Aa" for bit in range(12)) for number in range(size // 40)]

    def spent(keys: list[str]) -> float:
        return min(_spent(engine, json.dumps(dict.fromkeys(keys, 1)).encode(), b"application/json") for _ in range(3))

    alike = colliding(_SMALL * 4)
    other = [f"{'k' * 18}{number:06}" for number in range(len(alike))]
    assert spent(alike) < 5 * spent(other) + 0.005


@pytest.mark.parametrize("unit", [b"%41", b"a/", b"%2e", b";", b"a=b&", b"[", b"a[b]=", b"'", b"%25"])
def test_no_address_is_slow(engine: Engine, unit: bytes) -> None:
    def run(size: int) -> float:
        path, query = b"/" + unit * (size // 100), unit * (size // 100)
        call = Call(
            "GET", path, query, [(b"host", b"a"), (b"x-a", unit * (size // 100))], "192.0.2.7", started_s=time.time()
        )
        begun_s = time.thread_time()
        judged(engine, call)
        return time.thread_time() - begun_s

    assert exponent(run) < _MOST_EXPONENT
