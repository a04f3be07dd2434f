"""All kinds of credentials joined: which one counts, when two disagree, what stands in the wrong place."""

import asyncio
from dataclasses import replace

import pytest

from apiward.access.authenticator import settle
from apiward.access.keys.ring import KeyRing
from apiward.access.keys.values import new_api_key
from apiward.access.settings import AuthenticateSettings
from apiward.core.decision import Decision
from apiward.core.exchange import Response
from apiward.core.principal import ANONYMOUS, Principal, PrincipalKind
from tests.access.making import (
    NOW_S,
    FakeSender,
    authenticator,
    bearer,
    call,
    issuer,
    jwks,
    rsa_key,
    rule,
    settled,
    token,
    who,
)

MADE = new_api_key("till", random_bytes=lambda n: bytes(range(n)), now_s=NOW_S, scopes=["GET /orders/**"])
MADE_TOO = new_api_key("pos", random_bytes=lambda n: bytes(range(9, 9 + n)), now_s=NOW_S)
KEY = MADE[0]
TEXT = MADE[1]
OTHER = MADE_TOO[0]
OTHER_TEXT = MADE_TOO[1]
RING = KeyRing([KEY, OTHER])
PASSING = replace(AuthenticateSettings(), passes_unknown_tokens=True)


def test_nothing_shown_is_nobody() -> None:
    assert authenticator(issuer(), ring=RING).authenticate(call()) is ANONYMOUS
    assert authenticator().authenticate(call(("Authorization", ""))) is ANONYMOUS
    assert authenticator(issuer()).authenticate(call(("Authorization", "Bearer "))) is ANONYMOUS


@pytest.mark.parametrize("header", [("X-API-Key", TEXT), ("Authorization", f"Bearer {TEXT}"), ("Authorization", TEXT)])
def test_a_key_counts_wherever_keys_are_shown(header: tuple[str, str]) -> None:
    assert who(authenticator(issuer(), ring=RING).authenticate(call(header))).key == f"key:{KEY.id}"


def test_a_key_is_checked_against_the_path_and_the_client() -> None:
    assert rule(authenticator(ring=RING).authenticate(call(("X-API-Key", TEXT), path="/users"))) == "key-scope"


def test_the_short_way_gives_the_same_as_the_long_one() -> None:
    guard = authenticator(issuer(), ring=RING)
    one = bearer(token())
    long_way = who(guard.authenticate(one))
    assert who(guard.authenticate(one)) is long_way
    assert long_way == authenticator(issuer(), ring=RING).authenticate(one)


def test_the_short_way_does_not_pass_by_other_credentials() -> None:
    guard = authenticator(issuer(), ring=RING)
    good = token()
    who(guard.authenticate(bearer(good)))
    both = call(("Authorization", f"Bearer {good}"), ("X-API-Key", "apw_live_wrong"))
    assert rule(guard.authenticate(both)) == "unknown-key"
    in_address = bearer(good, query=f"key={TEXT}".encode())
    assert rule(guard.authenticate(in_address)) == "key-in-address"
    twice = call(("Authorization", f"Bearer {good}"), ("Authorization", "Bearer x"))
    assert rule(guard.authenticate(twice)) == "credential-twice"


def test_a_header_that_stands_twice_is_refused_also_when_it_says_the_same() -> None:
    guard = authenticator(issuer(), ring=RING)
    assert rule(guard.authenticate(call(("X-API-Key", TEXT), ("X-API-Key", TEXT)))) == "credential-twice"
    who(guard.authenticate(call(("X-API-Key", TEXT), ("Accept", "a"), ("Accept", "b"))))


def test_a_person_comes_before_the_key_of_the_app() -> None:
    guard = authenticator(issuer(), ring=RING)
    assert who(guard.authenticate(call(("Authorization", f"Bearer {token()}"), ("X-API-Key", TEXT)))).id == "user-1"
    expired = call(("Authorization", f"Bearer {token(exp=NOW_S - 100)}"), ("X-API-Key", TEXT))
    assert rule(guard.authenticate(expired)) == "token-expired"


def test_two_people_or_two_keys_disagree() -> None:
    guard = authenticator(issuer(), ring=RING)
    two = call(("Authorization", f"Bearer {token()}"), ("X-Access-Token", token(sub="user-2")))
    assert rule(guard.authenticate(two)) == "credential-twice"
    keys = call(("Authorization", f"Bearer {TEXT}"), ("X-API-Key", OTHER_TEXT))
    assert rule(guard.authenticate(keys)) == "credential-twice"
    same = call(("Authorization", f"Bearer {token()}"), ("X-Access-Token", token(jti="other")))
    assert who(guard.authenticate(same)).id == "user-1"


def test_settling() -> None:
    user = Principal(PrincipalKind.USER, "1", is_verified=True)
    session = Principal(PrincipalKind.USER, "ann")
    stranger, other = Principal(PrincipalKind.TOKEN, "a"), Principal(PrincipalKind.TOKEN, "b")
    assert settle([]) is ANONYMOUS
    assert settle([session, user]) is user
    assert settle([stranger, session]) is session
    assert settle([stranger, other]) is stranger
    assert isinstance(settle([user, Principal(PrincipalKind.USER, "2", is_verified=True)]), Decision)
    ambiguous = who(settle([session, Principal(PrincipalKind.USER, "bob")]))
    assert (ambiguous.kind, ambiguous.name) == (PrincipalKind.TOKEN, "")


@pytest.mark.parametrize("query", [f"api_key={TEXT}", f"a=1&k={TEXT}&b=2"])
def test_a_key_in_the_address_is_refused(query: str) -> None:
    assert rule(authenticator(ring=RING).authenticate(call(query=query.encode()))) == "key-in-address"
    lenient = replace(AuthenticateSettings(), refuses_keys_in_address=False)
    assert authenticator(ring=RING, settings=lenient).authenticate(call(query=query.encode())) is ANONYMOUS
    assert authenticator().authenticate(call(query=query.encode())) is ANONYMOUS


def test_other_words_in_the_address_are_no_key() -> None:
    assert authenticator(ring=RING).authenticate(call(query=b"q=apw_live_song&x=apw_")) is ANONYMOUS


def test_named_session_cookies_are_shown_as_strangers_until_learned() -> None:
    guard = authenticator(settings=replace(AuthenticateSettings(), session_cookies=("PHPSESSID",)))
    principal = who(guard.authenticate(call(("Cookie", 'a=b; PHPSESSID="abc123"'))))
    assert principal.kind is PrincipalKind.TOKEN
    assert guard.authenticate(call(("Cookie", "a=b"))) is ANONYMOUS


def test_a_refusal_closes_what_would_have_been_asked() -> None:
    """No coroutine may be left behind: that is a warning, and warnings are errors here."""

    async def scene() -> None:
        sender = FakeSender(Response(200, body=jwks(rsa_key())))
        guard = authenticator(issuer(jwks_file="", jwks_url="https://login.example/jwks"), sender=sender, ring=RING)
        made = call(("Authorization", f"Bearer {token()}"), ("X-Access-Token", "garbage"))
        assert rule(await settled(guard.authenticate(made))) == "token-unreadable"
        two = call(("Authorization", f"Bearer {token()}"), ("X-Access-Token", token(sub="user-2")))
        assert rule(await settled(guard.authenticate(two))) == "credential-twice"
        both = call(("Authorization", f"Bearer {token(jti='1')}"), ("X-API-Key", TEXT))
        assert who(await settled(guard.authenticate(both))).id == "user-1"

    asyncio.run(scene())


def test_challenges() -> None:
    guard = authenticator(issuer(), ring=RING)
    bad_token = guard.authenticate(bearer("garbage"))
    assert isinstance(bad_token, Decision)
    assert bad_token.headers == ((b"www-authenticate", b'Bearer error="invalid_token"'),)
    bad_key = guard.authenticate(call(("X-API-Key", "x")))
    assert isinstance(bad_key, Decision)
    assert bad_key.headers == ((b"www-authenticate", b"Bearer"),)
    bad_scope = guard.authenticate(call(("X-API-Key", TEXT), path="/users"))
    assert isinstance(bad_scope, Decision)
    assert bad_scope.headers == ()


def test_no_refusal_holds_the_credential() -> None:
    guard = authenticator(issuer(), ring=RING)
    for made in (bearer(token(exp=1)), bearer(token()[:-4]), call(("X-API-Key", OTHER_TEXT[:-1]))):
        said = repr(guard.authenticate(made))
        value = (made.header.get(b"authorization") or made.header[b"x-api-key"]).decode().split()[-1]
        assert value[-20:] not in said
        assert value[:40] not in said
