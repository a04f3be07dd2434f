"""Asking about tokens: the answer decides, is remembered for a while, and a service that is away lets nobody in."""

import asyncio
import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from apiward.access.authenticator import CredentialAuthenticator
from apiward.access.revocations import RevocationList, mark
from apiward.access.settings import AuthenticateSettings
from apiward.core.exchange import Failure, Response
from tests.access.making import NOW_S, Clock, FakeSender, authenticator, bearer, issuer, rule, settled, token, who

URL = "https://login.example/introspect"
SETTINGS = replace(
    AuthenticateSettings(), introspection_url=URL, introspection_client="guard:1", introspection_secret_env="SECRET"
)


def guard_with(
    sender: FakeSender,
    *,
    clock: Clock | None = None,
    revocations: RevocationList | None = None,
    **changed: Any,  # noqa: ANN401
) -> CredentialAuthenticator:
    return authenticator(
        settings=replace(SETTINGS, **changed), sender=sender, clock=clock, revocations=revocations,
        environment={"SECRET": "s/cret"},
    )  # fmt: skip


def active(**changed: object) -> Response:
    claims = {
        "active": True,
        "sub": "user-1",
        "username": "ann",
        "scope": "a b",
        "roles": ["staff"],
        "exp": NOW_S + 600,
    }
    return Response(200, body=json.dumps(claims | changed).encode())


def ask(guard: CredentialAuthenticator, value: str = "opaque-token-1") -> object:
    return asyncio.run(settled_of(guard, value))


async def settled_of(guard: CredentialAuthenticator, value: str) -> object:
    return await settled(guard.authenticate(bearer(value)))


def test_an_active_token_is_who_the_service_says() -> None:
    sender = FakeSender(active())
    principal = who(ask(guard_with(sender)))
    assert (principal.id, principal.name, principal.issuer) == ("user-1", "ann", URL)
    assert principal.scopes == {"a", "b"}
    assert principal.roles == {"staff"}
    assert principal.is_verified
    request = sender.sent[0]
    assert (request.method, request.url) == ("POST", URL)
    assert request.body == b"token=opaque-token-1&token_type_hint=access_token"
    expected = base64.b64encode(b"guard%3A1:s%2Fcret").decode()
    assert request.header("authorization") == f"Basic {expected}"


@pytest.mark.parametrize("changed", [{"active": False}, {"active": "true"}, {"active": 1}])
def test_only_true_is_active(changed: dict[str, object]) -> None:
    assert rule(ask(guard_with(FakeSender(active(**changed))))) == "token-inactive"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"exp": NOW_S - 31}, "token-expired"),
        ({"nbf": NOW_S + 31}, "token-early"),
        ({"aud": "other"}, "token-audience"),
        ({"aud": ["other", "shop"]}, ""),
        ({"sub": None, "username": None}, "token-nobody"),
        ({"token_use": "refresh"}, "token-use"),
        ({"token_type": "Bearer"}, ""),
    ],
)
def test_claims_of_the_answer_count(changed: dict[str, object], expected: str) -> None:
    said = ask(guard_with(FakeSender(active(**{"aud": "shop"} | changed)), introspection_audience=("shop",)))
    assert (rule(said) if expected else who(said).id) == (expected or "user-1")


@pytest.mark.parametrize(
    "answer",
    [
        Failure.TIMEOUT, Failure.UNREACHABLE, Response(500), Response(401), Response(302),
        Response(200, body=b"<html>"),
        Response(200, body=b'{"active": true, "active": false}'), Response(200, body=b"[]"),
        Response(200, body=b'{"active": true}', is_cut=True), Response(200, body=b" " * 70_000),
    ],
)  # fmt: skip
def test_without_an_answer_nobody_comes_in(answer: Response | Failure) -> None:
    said = ask(guard_with(FakeSender(answer)))
    assert rule(said) == "service-away"


def test_a_service_that_is_away_is_left_alone_for_a_moment() -> None:
    async def scene() -> None:
        clock, sender = Clock(), FakeSender(Failure.TIMEOUT)
        guard = guard_with(sender, clock=clock)
        for number in range(20):
            assert rule(await settled(guard.authenticate(bearer(f"opaque-{number}")))) == "service-away"
        assert len(sender.sent) == 1
        clock.now_s += 5
        sender.answer = active()
        who(await settled(guard.authenticate(bearer("opaque-1"))))

    asyncio.run(scene())


def test_answers_are_remembered_within_their_time() -> None:
    async def scene() -> None:
        clock, sender = Clock(), FakeSender(active(exp=NOW_S + 20))
        guard = guard_with(sender, clock=clock)
        who(await settled(guard.authenticate(bearer("opaque"))))
        who(guard.authenticate(bearer("opaque")))
        clock.now_s += 19
        who(guard.authenticate(bearer("opaque")))
        assert len(sender.sent) == 1
        clock.now_s += 1
        sender.answer = active(active=False)
        assert rule(await settled(guard.authenticate(bearer("opaque")))) == "token-inactive"
        assert rule(guard.authenticate(bearer("opaque"))) == "token-inactive"
        assert len(sender.sent) == 2

    asyncio.run(scene())


def test_one_question_for_many_calls_and_few_at_once() -> None:
    async def scene() -> None:
        sender = FakeSender(active())
        sender.gate = asyncio.Event()
        guard = guard_with(sender, introspection_concurrency=2)
        same = [asyncio.ensure_future(settled(guard.authenticate(bearer("one")))) for _ in range(5)]
        await asyncio.sleep(0)
        second = asyncio.ensure_future(settled(guard.authenticate(bearer("two"))))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert len(sender.sent) == 2
        assert rule(guard.authenticate(bearer("three"))) == "service-busy"
        sender.gate.set()
        for one in [*same, second]:
            who(await one)
        assert len(sender.sent) == 2

    asyncio.run(scene())


def test_revocation_holds_for_remembered_answers() -> None:
    async def scene() -> None:
        revoked = RevocationList()
        guard = guard_with(FakeSender(active(iat=NOW_S - 5)), revocations=revoked)
        who(await settled(guard.authenticate(bearer("opaque"))))
        revoked.revoke(mark("sub", URL, "user-1"), now_s=NOW_S, until_s=NOW_S + 60)
        assert rule(guard.authenticate(bearer("opaque"))) == "token-revoked"

    asyncio.run(scene())


def test_a_very_long_token_is_not_asked_about() -> None:
    sender = FakeSender(active())
    assert rule(ask(guard_with(sender), "x" * 9_000)) == "token-too-large"
    assert sender.sent == []


def test_tokens_that_can_be_read_are_not_asked_about_where_an_issuer_is_set() -> None:
    sender = FakeSender(active())
    guard = authenticator(issuer(), settings=SETTINGS, sender=sender, environment={"SECRET": "s"})
    assert who(guard.authenticate(bearer(token()))).issuer != URL
    assert sender.sent == []
    assert who(ask(guard)).issuer == URL
