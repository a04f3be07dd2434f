"""How fast a caller is known: a token seen before, a new token, an API key, a signature; against joserfc and PyJWT.

Run: python benchmarks/token_speed.py
"""

import hashlib
import importlib
import json
import time
from collections.abc import Callable

from joserfc import jwk, jwt

from apiward.access.building import build_authenticator
from apiward.access.keys.ring import KeyRing
from apiward.access.keys.values import new_api_key
from apiward.access.settings import AuthenticateSettings, IssuerSettings
from apiward.access.surroundings import Surroundings
from apiward.core.call import Call
from apiward.core.exchange import Exchange, Request, Response

NOW_S = 1_800_000_000.0
ISSUER = "https://login.example"
KINDS = {"HS256": ("oct", 512), "RS256": ("RSA", 2_048), "ES256": ("EC", "P-256"), "Ed25519": ("OKP", "Ed25519")}


class NoSender:
    """Nothing is sent here."""

    async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:  # noqa: ARG002
        """Answer with an empty page."""
        return Exchange(request, Response(404))


def microseconds(work: Callable[[], object], rounds: int) -> float:
    """Return the time of one call in the best of five runs."""
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(rounds):
            work()
        best = min(best, time.perf_counter() - start)
    return best / rounds * 1e6


def call(*headers: tuple[bytes, bytes]) -> Call:
    """Return a request as a browser's app would send it."""
    raw = [
        (b"host", b"shop.example"), (b"user-agent", b"app/1.0"), (b"accept", b"application/json"),
        (b"accept-encoding", b"gzip"), (b"content-type", b"application/json"), *headers,
    ]  # fmt: skip
    made = Call("GET", b"/orders/17", b"expand=items", raw, "192.0.2.7", path="/orders/17", client="192.0.2.7")
    made.header = dict(raw)
    return made


def claims() -> dict[str, object]:
    """Return the claims of an everyday access token."""
    return {
        "iss": ISSUER, "aud": "shop", "sub": "user-4711", "exp": NOW_S + 900, "iat": NOW_S, "jti": "a1b2c3d4",
        "scope": "orders:read orders:write", "roles": ["customer"], "email": "ann@example.com",
    }  # fmt: skip


def seconds_of_tokens(kind: str) -> dict[str, float]:
    """Return µs for one algorithm: a known token, a new one, joserfc's decode, PyJWT's decode where it is installed."""
    key_type, size = KINDS[kind]
    key = jwk.generate_key(key_type, size, {"kid": "k1"})  # type: ignore[call-overload]
    token = jwt.encode({"alg": kind, "kid": "k1"}, claims(), key, algorithms=[kind])
    files = {"jwks": json.dumps({"keys": [key.as_dict(private=False)]}).encode()}
    if key_type == "oct":
        files["secret"] = key.raw_value
    issuer = IssuerSettings(
        issuer=ISSUER,
        audience=("shop",),
        jwks_file="" if key_type == "oct" else "jwks",
        secret_file="secret" if key_type == "oct" else "",
    )
    outside = Surroundings(lambda: NOW_S, NoSender(), {}, files.__getitem__, hashlib.sha256(b"bench").digest())
    one = call((b"authorization", f"Bearer {token}".encode()))
    cached = build_authenticator(AuthenticateSettings(), outside, issuers=[issuer])
    fresh = build_authenticator(AuthenticateSettings(token_cache_s=0), outside, issuers=[issuer])
    registry = jwt.JWTClaimsRegistry(now=int(NOW_S), iss={"essential": True, "value": ISSUER}, exp={"essential": True})

    def plain() -> None:
        registry.validate(jwt.decode(token, key, algorithms=[kind]).claims)

    found = {
        "known": microseconds(lambda: cached.authenticate(one), 20_000),
        "new": microseconds(lambda: fresh.authenticate(one), 1_000),
        "joserfc": microseconds(plain, 1_000),
    }
    other = with_pyjwt(token, key, kind)
    return {**found, "PyJWT": microseconds(other, 1_000)} if other else found


def with_pyjwt(token: str, key: jwk.Key, kind: str) -> Callable[[], object] | None:
    """Return the same work for PyJWT, or None where it is not installed."""
    try:
        pyjwt = importlib.import_module("jwt")
    except ImportError:
        return None
    material = key.raw_value if isinstance(key, jwk.OctKey) else key.public_key
    options = {"require": ["exp", "iss"], "verify_exp": False, "verify_iat": False}
    algorithm = "EdDSA" if kind == "Ed25519" else kind
    if algorithm != kind:
        return None
    return lambda: pyjwt.decode(token, material, algorithms=[kind], audience="shop", issuer=ISSUER, options=options)


def main() -> None:
    """Measure and print."""
    print(f"{'':10}{'known':>10}{'new':>10}{'joserfc':>10}{'PyJWT':>10}   joserfc/known  joserfc/new")
    for kind in KINDS:
        us = seconds_of_tokens(kind)
        pyjwt = f"{us['PyJWT']:10.1f}" if "PyJWT" in us else f"{'-':>10}"
        ratios = f"{us['joserfc'] / us['known']:13.1f} x{us['joserfc'] / us['new']:11.2f} x"
        print(f"{kind:10}{us['known']:10.2f}{us['new']:10.1f}{us['joserfc']:10.1f}{pyjwt}{ratios}")
    key, text = new_api_key("bench", random_bytes=lambda n: bytes(range(n)), now_s=NOW_S)
    outside = Surroundings(
        lambda: NOW_S, NoSender(), {}, lambda _: b"", hashlib.sha256(b"bench").digest(), ring=KeyRing([key])
    )
    keys = build_authenticator(AuthenticateSettings(), outside)
    shown, nobody = call((b"x-api-key", text.encode())), call()
    print(f"API key {microseconds(lambda: keys.authenticate(shown), 20_000):.2f} µs")
    print(f"nothing shown {microseconds(lambda: keys.authenticate(nobody), 20_000):.2f} µs")


if __name__ == "__main__":
    main()
