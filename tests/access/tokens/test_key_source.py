"""Keys from an address: rotation, cool-down, single flight, an address that is away, a clock that jumps."""

import asyncio
import json

import pytest

from apiward.access.authenticator import CredentialAuthenticator
from apiward.access.settings import IssuerSettings
from apiward.access.tokens.key_source import FetchedKeys
from apiward.core.exchange import Failure, Response
from tests.access.making import (
    NOW_S,
    Clock,
    FakeSender,
    authenticator,
    bearer,
    claims,
    ec_key,
    issuer,
    jwks,
    rsa_key,
    rule,
    settled,
    signed,
    token,
    who,
)

URL = "https://login.example/jwks"


def fetched() -> IssuerSettings:
    return issuer(jwks_file="", jwks_url=URL)


def published(*keys: object, headers: tuple[tuple[str, str], ...] = ()) -> Response:
    return Response(200, headers, jwks(*keys))  # type: ignore[arg-type]


def guard_with(sender: FakeSender, clock: Clock) -> CredentialAuthenticator:
    return authenticator(fetched(), sender=sender, clock=clock)


def test_keys_are_fetched_once_and_then_known_at_once() -> None:
    async def scene() -> None:
        sender = FakeSender(published(rsa_key()))
        guard = guard_with(sender, Clock())
        who(await settled(guard.authenticate(bearer(token()))))
        who(guard.authenticate(bearer(token(jti="another"))))
        assert [request.url for request in sender.sent] == [URL]

    asyncio.run(scene())


def test_many_at_once_wait_for_one_look() -> None:
    async def scene() -> None:
        sender = FakeSender(published(rsa_key()))
        sender.gate = asyncio.Event()
        guard = guard_with(sender, Clock())
        waiting = [asyncio.ensure_future(settled(guard.authenticate(bearer(token(jti=str(n)))))) for n in range(50)]
        await asyncio.sleep(0)
        sender.gate.set()
        for one in await asyncio.gather(*waiting):
            who(one)
        assert len(sender.sent) == 1

    asyncio.run(scene())


def test_a_waiter_that_leaves_does_not_stop_the_look() -> None:
    async def scene() -> None:
        sender = FakeSender(published(rsa_key()))
        sender.gate = asyncio.Event()
        guard = guard_with(sender, Clock())
        first, second = (asyncio.ensure_future(settled(guard.authenticate(bearer(token(jti=n))))) for n in "ab")
        await asyncio.sleep(0)
        first.cancel()
        sender.gate.set()
        who(await second)
        assert len(sender.sent) == 1

    asyncio.run(scene())


def test_a_new_key_is_found_after_rotation() -> None:
    async def scene() -> None:
        clock, sender = Clock(), FakeSender(published(rsa_key("old")))
        guard = guard_with(sender, clock)
        who(await settled(guard.authenticate(bearer(token(rsa_key("old"))))))
        sender.answer = published(rsa_key("old"), rsa_key("new"))
        clock.now_s += 31
        who(await settled(guard.authenticate(bearer(token(rsa_key("new"))))))
        assert len(sender.sent) == 2

    asyncio.run(scene())


def test_rotation_is_noticed_also_without_key_ids() -> None:
    async def scene() -> None:
        clock, sender = Clock(), FakeSender(published(rsa_key("old")))
        guard = guard_with(sender, clock)
        who(await settled(guard.authenticate(bearer(signed(rsa_key("old"), {"alg": "RS256"}, claims())))))
        sender.answer = published(rsa_key("new"))
        clock.now_s += 31
        who(await settled(guard.authenticate(bearer(signed(rsa_key("new"), {"alg": "RS256"}, claims())))))

    asyncio.run(scene())


def test_unknown_keys_ask_the_address_once_in_the_cool_down() -> None:
    async def scene() -> None:
        clock, sender = Clock(), FakeSender(published(rsa_key()))
        guard = guard_with(sender, clock)
        who(await settled(guard.authenticate(bearer(token()))))
        for number in range(100):
            made = signed(rsa_key(), {"alg": "RS256", "kid": f"made-up-{number}"}, claims(jti=str(number)))
            assert rule(await settled(guard.authenticate(bearer(made)))) == "token-key-unknown"
        assert len(sender.sent) == 1
        clock.now_s += 31
        for number in range(100):
            made = signed(rsa_key(), {"alg": "RS256", "kid": f"made-up-{number}"}, claims(jti=str(number)))
            assert rule(await settled(guard.authenticate(bearer(made)))) == "token-key-unknown"
        assert len(sender.sent) == 2

    asyncio.run(scene())


@pytest.mark.parametrize(
    "answer",
    [
        Failure.UNREACHABLE,
        Failure.TIMEOUT,
        Response(500),
        Response(200, body=b"<html>"),
        Response(200, body=b'{"keys": []}'),
        Response(200, body=b'{"keys": 7}'),
        Response(302, (("location", "https://evil.example"),)),
        Response(200, body=jwks(ec_key("cut")), is_cut=True),
    ],
)
def test_old_keys_serve_for_a_bounded_time_while_the_address_is_away(answer: Response | Failure) -> None:
    async def scene() -> None:
        clock, sender = Clock(), FakeSender(published(rsa_key()))
        guard = guard_with(sender, clock)
        who(await settled(guard.authenticate(bearer(token()))))
        sender.answer = answer
        clock.now_s += 700
        who(await settled(guard.authenticate(bearer(token(exp=clock.now_s + 60)))))
        await asyncio.sleep(0)
        assert len(sender.sent) == 2
        clock.now_s += 86_400
        said = guard.authenticate(bearer(token(exp=clock.now_s + 60)))
        refusal = await settled(said)
        assert rule(refusal) == "service-away"
        assert refusal.retry_after_s  # type: ignore[union-attr]

    asyncio.run(scene())


def test_without_any_keys_the_service_is_away_and_asked_seldom() -> None:
    async def scene() -> None:
        clock, sender = Clock(), FakeSender(Failure.UNREACHABLE)
        guard = guard_with(sender, clock)
        for number in range(20):
            assert rule(await settled(guard.authenticate(bearer(token(jti=str(number)))))) == "service-away"
        assert len(sender.sent) == 1
        sender.answer = published(rsa_key())
        clock.now_s += 31
        who(await settled(guard.authenticate(bearer(token()))))

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("header", "age_s"),
    [("max-age=120", 120), ("public, Max-Age=300, immutable", 300), ("max-age=1", 60), ("max-age=99999999", 86_400)],
)
def test_the_age_of_keys_follows_the_address_within_bounds(header: str, age_s: int) -> None:
    async def scene() -> None:
        clock, sender = Clock(), FakeSender(published(rsa_key(), headers=(("Cache-Control", header),)))
        source = FetchedKeys(URL, sender, clock)
        assert await source.look()
        source.renew_in_time(NOW_S + age_s - 1)
        await asyncio.sleep(0)
        assert len(sender.sent) == 1
        clock.now_s = NOW_S + age_s
        source.renew_in_time(clock.now_s)
        await asyncio.sleep(0)
        assert len(sender.sent) == 2

    asyncio.run(scene())


def test_a_clock_that_jumps_back_does_not_stop_the_looks() -> None:
    async def scene() -> None:
        clock, sender = Clock(), FakeSender(published(rsa_key("old")))
        source = FetchedKeys(URL, sender, clock)
        assert await source.look()
        clock.now_s -= 7_200
        assert source.can_look(clock.now_s)
        assert source.is_usable(clock.now_s)

    asyncio.run(scene())


def test_the_reason_why_keys_cannot_be_had_is_told() -> None:
    async def scene() -> None:
        source = FetchedKeys(URL, FakeSender(Response(503)), Clock())
        assert not await source.look()
        assert source.last_problem == "status 503"

    asyncio.run(scene())


def test_a_shared_secret_in_a_published_set_is_left_out() -> None:
    async def scene() -> None:
        leaked = json.dumps({"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "rsa-1"}]}).encode()
        source = FetchedKeys(URL, FakeSender(Response(200, body=leaked)), Clock())
        assert not await source.look()
        assert source.last_problem == "the answer holds no usable key"

    asyncio.run(scene())
