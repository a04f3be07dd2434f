"""Digest access against the examples of RFC 7616, section 3.9."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.exchange import Request
from apiward.net.digest_access import authorization, challenge_of

NONCE = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
OPAQUE = "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"
OWN = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
ASKED = (
    f'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={{}}, nonce="{NONCE}", opaque="{OPAQUE}"'
)
PAGE = Request("GET", "http://www.example.org/dir/index.html")
MD5 = "8ca523f5e9506fed4657c9700eebdbec"
SHA_256 = "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"


def _answered(*asked: str) -> str:
    challenge = challenge_of([("WWW-Authenticate", one) for one in asked])
    assert challenge is not None
    return authorization(challenge, PAGE, "Mufasa", "Circle of Life", count=1, own_nonce=OWN)


@pytest.mark.parametrize(("algorithm", "response"), [("MD5", MD5), ("SHA-256", SHA_256)])
def test_answers_are_those_of_the_standard(algorithm: str, response: str) -> None:
    value = _answered(ASKED.format(algorithm))
    assert f'response="{response}"' in value
    for part in ('username="Mufasa"', 'uri="/dir/index.html"', "qop=auth", "nc=00000001", f'opaque="{OPAQUE}"'):
        assert part in value


def test_the_strongest_of_several_challenges_is_answered_wherever_it_stands() -> None:
    md5, strong = ASKED.format("MD5"), ASKED.format("SHA-256")
    for asked in ([md5, strong], [f"{md5}, {strong}"], [f'Basic realm="x", {strong}', md5]):
        assert f'response="{SHA_256}"' in _answered(*asked)


def test_old_servers_offer_no_quality_of_protection() -> None:
    value = _answered('Digest realm="a \\"b\\"", nonce="n"')
    assert "nc=" not in value
    assert 'realm="a \\"b\\""' in value


@pytest.mark.parametrize(
    "asked",
    ["Basic realm=x", "", "Digest realm=x", 'Digest nonce="n", algorithm=ROT13', 'Digest nonce="n", qop="mystery"'],
)
def test_what_cannot_be_met_is_no_challenge(asked: str) -> None:
    assert challenge_of([("www-authenticate", asked), ("server", "Digest nonce=n")]) is None


@given(st.text(max_size=200))
def test_any_header_gives_a_challenge_that_can_be_answered_or_none(text: str) -> None:
    challenge = challenge_of([("www-authenticate", f"Digest {text}")])
    if challenge is not None:
        value = authorization(challenge, PAGE, "ann", "pw", count=1, own_nonce="0")
        assert value.isprintable()
        assert value.isascii()
