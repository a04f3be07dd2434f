import asyncio
import base64
from collections.abc import Callable

import pytest

from apiward.scan.proofs.trials.keys import BATCH, TIME_LIMIT_S, guess_key, search
from apiward.scan.proofs.trials.tokens import Jwt, read_jwt, signed


def token(key: bytes, algorithm: str = "HS256") -> Jwt:
    found = read_jwt(signed({"typ": "JWT"}, {"sub": "ann"}, key, algorithm))
    assert found is not None
    return found


def still() -> float:
    return 0.0


def ticking(step_s: float) -> Callable[[], float]:
    times = iter(range(1_000_000))
    return lambda: next(times) * step_s


@pytest.mark.parametrize(
    "key",
    [
        b"",
        b"secret",
        b"SECRET",
        b"Changeme123",
        b"jwt_secret!",
        b"abc",
        b"zz",
        b"99999",
        b"0",
        b"acme_shop-key",
    ],
)
def test_guesses_common_varied_and_short_keys(key: bytes) -> None:
    assert asyncio.run(guess_key(token(key), ("Acme Shop",), still)) == key


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_guesses_for_longer_hashes(algorithm: str) -> None:
    assert asyncio.run(guess_key(token(b"password", algorithm), (), still)) == b"password"


def test_guesses_the_bytes_that_a_word_stands_for_in_base64() -> None:
    key = base64.b64decode("changeme")
    assert asyncio.run(guess_key(token(key), (), still)) == key


def test_a_good_key_is_not_found() -> None:
    assert asyncio.run(guess_key(token(b"k8v!Rz_0pQx-72hGmEa4Lw9TbYc3Nd6u"), ("Acme Shop",), still)) is None


def test_a_key_pair_is_not_guessed() -> None:
    rs256 = read_jwt("eyJhbGciOiJSUzI1NiJ9.e30.AAAA")
    assert rs256 is not None
    assert asyncio.run(guess_key(rs256, (), still)) is None


def test_gives_up_when_time_is_over() -> None:
    keys = (b"%d" % i for i in range(10 * BATCH))
    assert search(token(b"never"), keys, ticking(TIME_LIMIT_S / 3)) is None
    assert next(keys, None) is not None
