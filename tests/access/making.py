"""Calls, keys, tokens, a clock and a sender for the tests of `access`."""

import asyncio
import base64
import json
from collections.abc import Awaitable, Mapping
from functools import cache
from typing import Any, cast

from joserfc import jwk
from joserfc.jws import JWSRegistry

from apiward.access.authenticator import CredentialAuthenticator
from apiward.access.building import build_authenticator
from apiward.access.keys.ring import KeyRing
from apiward.access.nonces import Nonces
from apiward.access.revocations import RevocationList
from apiward.access.settings import AuthenticateSettings, IssuerSettings, SignerSettings
from apiward.access.surroundings import Surroundings
from apiward.core.call import Call
from apiward.core.decision import Decision
from apiward.core.exchange import Exchange, Failure, Request, Response
from apiward.core.principal import Principal

NOW_S = 1_800_000_000.0
ISSUER = "https://login.example/"
AUDIENCE = "https://api.shop.example"
PEPPER = bytes(range(32))


class Clock:
    """A clock that stands until it is set on."""

    def __init__(self, now_s: float = NOW_S) -> None:
        self.now_s = now_s

    def __call__(self) -> float:
        return self.now_s


class FakeSender:
    """Answers as told; counts what was sent. `gate` holds answers back until it is set."""

    def __init__(self, answer: Response | Failure | None = None) -> None:
        self.answer: Response | Failure = answer or Response(404)
        self.sent: list[Request] = []
        self.gate: asyncio.Event | None = None

    async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
        self.sent.append(request)
        if self.gate is not None:
            await self.gate.wait()
        if isinstance(self.answer, Failure):
            return Exchange(request, failure=self.answer)
        return Exchange(request, self.answer)


def call(
    *headers: tuple[str, str],
    method: str = "GET",
    path: str = "/orders/1",
    query: bytes = b"",
    scheme: str = "https",
    peer: str = "192.0.2.7",
    client: str = "192.0.2.7",
    certificate: bytes | None = None,
    body: bytes = b"",
) -> Call:
    """Return a request with these headers, as the earlier stages leave it."""
    raw = [(name.lower().encode(), value.encode()) for name, value in (("Host", "api.shop.example"), *headers)]
    made = Call(method, path.encode(), query, raw, peer, scheme=scheme, certificate=certificate)
    made.header = dict(reversed(raw))
    made.path, made.client, made.body = path, client, body
    return made


def bearer(token: str, **more: Any) -> Call:  # noqa: ANN401 - whatever `call` takes
    """Return a request with a bearer token."""
    return call(("Authorization", f"Bearer {token}"), **more)


@cache
def rsa_key(kid: str = "rsa-1") -> jwk.RSAKey:
    """Return an RSA key, made once."""
    return jwk.RSAKey.generate_key(2_048, {"kid": kid})


@cache
def ec_key(kid: str = "ec-1", curve: str = "P-256") -> jwk.ECKey:
    """Return an EC key, made once."""
    return jwk.ECKey.generate_key(curve, {"kid": kid})


@cache
def okp_key(kid: str = "ed-1") -> jwk.OKPKey:
    """Return an Ed25519 key, made once."""
    return jwk.OKPKey.generate_key("Ed25519", {"kid": kid})


SECRET = b"a-shared-secret-that-nobody-could-guess-0123456789"


def secret_key() -> jwk.OctKey:
    """Return the shared secret as a key."""
    return jwk.OctKey.import_key(SECRET)


def jwks(*keys: jwk.Key) -> bytes:
    """Return a published key set."""
    return json.dumps({"keys": [key.as_dict(private=False) for key in keys]}).encode()


def claims(**changed: object) -> dict[str, object]:
    """Return everyday claims with changes; a value of `...` takes a claim out."""
    base: dict[str, object] = {
        "iss": ISSUER, "aud": AUDIENCE, "sub": "user-1", "iat": NOW_S - 10, "nbf": NOW_S - 10, "exp": NOW_S + 600,
        "jti": "j-1", "sid": "s-1", "email": "ann@example.com", "roles": ["customer"], "scope": "orders:read",
    }  # fmt: skip
    base |= changed
    return {name: value for name, value in base.items() if value is not ...}


def b64(data: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(key: jwk.Key, header: Mapping[str, object], payload: bytes | Mapping[str, object]) -> str:
    """Return a token with any header, signed with the algorithm that its header names."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    start = f"{b64(json.dumps(dict(header)).encode())}.{b64(body)}"
    algorithm = JWSRegistry.algorithms[cast("str", header["alg"])]
    return f"{start}.{b64(algorithm.sign(start.encode(), key))}"


def token(key: jwk.Key | None = None, /, alg: str = "RS256", **changed: object) -> str:
    """Return an everyday token of `key` with changed claims."""
    own = key if key is not None else rsa_key()
    return signed(own, {"alg": alg, "typ": "JWT", "kid": own.kid or "none"}, claims(**changed))


def issuer(**changed: Any) -> IssuerSettings:  # noqa: ANN401 - whatever the settings take
    """Return the settings of an issuer with its keys in a file."""
    return IssuerSettings(**({"issuer": ISSUER, "audience": (AUDIENCE,), "jwks_file": "jwks.json"} | changed))


def authenticator(
    *issuers: IssuerSettings,
    files: Mapping[str, bytes] | None = None,
    settings: AuthenticateSettings | None = None,
    clock: Clock | None = None,
    sender: FakeSender | None = None,
    environment: Mapping[str, str] | None = None,
    signers: tuple[SignerSettings, ...] = (),
    ring: KeyRing | None = None,
    revocations: RevocationList | None = None,
    nonces: Nonces | None = None,
) -> CredentialAuthenticator:
    """Return an authenticator; the file jwks.json holds the keys of this module unless said otherwise."""
    held = {"jwks.json": jwks(rsa_key(), ec_key(), okp_key()), **(files or {})}
    outside = Surroundings(
        clock=clock or Clock(),
        sender=sender or FakeSender(),
        environment=environment or {},
        read_file=lambda path: held[path],
        pepper=PEPPER,
        ring=ring or KeyRing(),
        revocations=revocations or RevocationList(),
        nonces=nonces,
    )
    return build_authenticator(settings or AuthenticateSettings(), outside, issuers=issuers, signers=signers)


def who(authenticated: object) -> Principal:
    """Return the principal, or fail with the refusal."""
    assert isinstance(authenticated, Principal), authenticated
    return authenticated


def rule(authenticated: object) -> str:
    """Return the short rule of a refusal, or fail."""
    assert isinstance(authenticated, Decision), authenticated
    return authenticated.rule.removeprefix("authenticate.")


async def settled(outcome: Principal | Decision | Awaitable[Principal | Decision]) -> Principal | Decision:
    """Return the outcome, awaited where it must be."""
    return outcome if isinstance(outcome, Principal | Decision) else await outcome
