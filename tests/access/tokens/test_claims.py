"""Our reading of the time and audience claims agrees with joserfc's claims registry, an independent one."""

from hypothesis import example, given
from hypothesis import strategies as st
from joserfc.errors import JoseError
from joserfc.jwt import JWTClaimsRegistry

from apiward.access.tokens.claims import ClaimRules
from tests.access.making import NOW_S

times = st.none() | st.integers(int(NOW_S) - 100, int(NOW_S) + 100) | st.sampled_from([True, "1", [], 10**40, -1, 1.5])
audiences = st.none() | st.sampled_from(["a", "b", "", ["a"], ["b", "a"], ["b"], []])
issuers = st.none() | st.sampled_from(["https://i.example", "https://i.example/", "", "x"])


@given(times, times, times, audiences, issuers)
@example(int(NOW_S) - 30, None, None, "a", "https://i.example")
def test_agrees_with_joserfc(exp: object, nbf: object, iat: object, aud: object, iss: object) -> None:
    claims = {
        name: value
        for name, value in (("exp", exp), ("nbf", nbf), ("iat", iat), ("aud", aud), ("iss", iss))
        if value is not None
    }
    registry = JWTClaimsRegistry(
        now=int(NOW_S),
        leeway=30,
        exp={"essential": True},
        aud={"essential": True, "values": ["a", "c"]},
        iss={"essential": True, "value": "https://i.example"},
    )
    try:
        registry.validate(dict(claims))
        theirs = True
    except JoseError:
        theirs = False
    rules = ClaimRules("https://i.example", frozenset({"a", "c"}))
    assert (rules.refusal(None, claims, NOW_S) is None) == theirs  # type: ignore[arg-type]
