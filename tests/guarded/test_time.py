"""Clocks that jump: nothing fails, what has ended stays ended, and what is good stays good."""

import base64
import hmac
import json
from pathlib import Path
from typing import Final

import pytest

from apiward.core.call import Call
from apiward.guard.engine import Engine
from tests.guarded.engines import SECRET, SETTINGS, judged, whole_engine

_NOW_S: Final = 1_800_000_000.0
_DAY_S: Final = 86_400.0


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now_s = _NOW_S

    def __call__(self) -> float:
        return self.now_s


def _token(end_s: float) -> bytes:
    claims = {"iss": "https://id.shop.test", "aud": "shop", "sub": "ann", "exp": int(end_s)}
    parts = (json.dumps(one).encode() for one in ({"alg": "HS256"}, claims))
    signed = b".".join(base64.urlsafe_b64encode(one).rstrip(b"=") for one in parts)
    return signed + b"." + base64.urlsafe_b64encode(hmac.digest(SECRET.encode(), signed, "sha256")).rstrip(b"=")


def _asked(engine: Engine, clock: Clock, token: bytes = b"") -> str:
    headers = [(b"host", b"shop.test")]
    if token:
        headers.append((b"authorization", b"Bearer " + token))
    call = Call("GET", b"/orders/1", b"", headers, "192.0.2.7", started_s=clock.now_s)
    said = judged(engine, call)
    assert all(ruling.decision.rule != "guard.stage-failed" for ruling in call.rulings)
    return said.rule if said else ""


@pytest.mark.parametrize(
    "jump_s", [-10 * 365 * _DAY_S, -_DAY_S, -7_200.0, -61.0, -1.0, 1.0, 61.0, _DAY_S, 10 * 365 * _DAY_S]
)
def test_a_jump_stops_nobody_for_long(tmp_path: Path, jump_s: float) -> None:
    clock = Clock()
    settings = SETTINGS.replace("per_minute = 0", "per_minute = 5").replace(
        "address_requests = 0", "address_requests = 9"
    )
    engine, _ = whole_engine(tmp_path, None, settings=settings, clock=clock)
    assert [_asked(engine, clock) for _ in range(7)].count("") == 5
    clock.now_s += jump_s
    _asked(engine, clock)
    for _ in range(3):
        clock.now_s += 300
        assert [_asked(engine, clock) for _ in range(3)] == ["", "", ""]


def test_a_token_ends_with_the_clock(tmp_path: Path) -> None:
    clock = Clock()
    engine, _ = whole_engine(tmp_path, None, clock=clock)
    token = _token(_NOW_S + 600)
    assert _asked(engine, clock, token) == ""
    clock.now_s += _DAY_S
    assert _asked(engine, clock, token) == "authenticate.token-expired"
    clock.now_s -= _DAY_S + 600
    assert _asked(engine, clock, _token(_NOW_S)) == ""
