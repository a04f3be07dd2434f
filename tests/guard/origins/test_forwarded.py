from hypothesis import given
from hypothesis import strategies as st

from apiward.guard.origins.forwarded import MOST_HOPS, client_of
from apiward.guard.origins.networks import Networks

TRUSTED = Networks(["10.0.0.0/8"], field="trusted_proxies")


@given(st.lists(st.binary(max_size=40), max_size=4), st.ip_addresses(v=6), st.integers(0, 3))
def test_nothing_left_of_the_first_stranger_matters(left: list[bytes], ip: object, proxies: int) -> None:
    right = [str(ip).encode(), *[b"10.0.0.1"] * proxies]
    alone = client_of(right, TRUSTED, is_forwarded=False)
    joined = b",".join([*left, *right])
    if joined.count(b",") < MOST_HOPS:
        assert client_of([*left, *right], TRUSTED, is_forwarded=False) == alone


@given(st.lists(st.binary(max_size=60), max_size=4), st.booleans())
def test_no_bytes_make_it_fail(values: list[bytes], is_forwarded: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    client_of(values, TRUSTED, is_forwarded=is_forwarded)
