"""The public key of an API's tokens: where it is published, and how programs write it down (RFC 7517, RFC 7468)."""

import base64
import json
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from cryptography.x509 import load_der_x509_certificate, load_pem_x509_certificate

from apiward.core.exchange import Exchange, Request
from apiward.core.jsonvalue import Json, NotJson, walk
from apiward.scan.proofs.trials.tokens import decoded
from apiward.scan.scene import Scene
from apiward.spec.meaning import spoken

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey
MAX_KEYS: Final = 3
_CURVES: Final[dict[str, ec.EllipticCurve]] = {
    "P-256": ec.SECP256R1(),
    "P-384": ec.SECP384R1(),
    "P-521": ec.SECP521R1(),
}
_PLACES: Final = (
    "/.well-known/jwks.json", "/.well-known/openid-configuration", "/jwks.json", "/.well-known/jwks", "/jwks",
    "/oauth/jwks", "/oauth2/jwks", "/oauth/.well-known/jwks.json", "/oauth/discovery/keys", "/auth/jwks", "/api/jwks",
    "/api/jwks.json", "/public-key", "/public.pem",
)  # fmt: skip
_WORDS: Final = ("jwk", "public-key", "certs", "openid", "keys")


async def published_keys(scene: Scene, key_id: Json) -> tuple[list[tuple[PublicKey, str]], list[Exchange]]:
    """Return the public keys that the target shows, each with the text it was shown as, the token's first."""
    found: dict[str, tuple[bool, PublicKey]] = {}
    shown = []
    for url in _addresses(scene):
        exchange = await scene.send(Request("GET", url, (("Accept", "application/json, */*;q=0.5"),)))
        keys = list(keys_in(exchange))
        elsewhere = _jwks_uri(exchange, scene.caller.origin)
        if not keys and elsewhere:
            exchange = await scene.send(Request("GET", elsewhere, (("Accept", "application/json"),)))
            keys = list(keys_in(exchange))
        for own_id, key, text in keys:
            found.setdefault(text, (own_id == key_id, key))
        if keys:
            shown.append(exchange)
            break
    ranked = sorted(found.items(), key=lambda item: not item[1][0])[:MAX_KEYS]
    return [(key, text) for text, (_, key) in ranked], shown


def renderings(key: PublicKey, text: str) -> list[bytes]:
    """Return the ways in which a program may hold the key, the likeliest first, without repetition."""
    ways = [key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)]
    ways.append(ways[0].rstrip(b"\n"))
    if isinstance(key, rsa.RSAPublicKey):
        pkcs1 = key.public_bytes(Encoding.PEM, PublicFormat.PKCS1)
        ways += [pkcs1, pkcs1.rstrip(b"\n")]
    ways += [text.encode(), text.strip().encode(), key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)]
    return list(dict.fromkeys(ways))


def _addresses(scene: Scene) -> list[str]:
    origin = scene.caller.origin
    described = [
        f"{origin}{op.base_path}{op.path}"
        for op in scene.operations
        if op.has_address
        and op.method == "GET"
        and "{" not in op.path
        and any(word in spoken.spoken_path(op) for word in _WORDS)
    ]
    bases = dict.fromkeys(["", *(op.base_path for op in scene.operations[:1])])
    return list(dict.fromkeys([*described[:4], *(f"{origin}{base}{place}" for base in bases for place in _PLACES)]))


def _jwks_uri(exchange: Exchange, origin: str) -> str | None:
    """Return the address of the key set that a discovery document names, if it is the target's own."""
    body = exchange.response.json() if exchange.response and exchange.is_success else None
    uri = body.get("jwks_uri") if isinstance(body, dict) else None
    if not isinstance(uri, str):
        return None
    try:
        is_own = urlsplit(uri)[:2] == urlsplit(origin)[:2]
    except ValueError:  # the target may name anything
        return None
    return uri if is_own else None


def keys_in(exchange: Exchange) -> Iterator[tuple[Json, PublicKey, str]]:
    """Yield the public keys in an answer, each with its name (`kid`) and the text that it was shown as."""
    if exchange.response is None or not exchange.is_success:
        return
    body = exchange.response.json()
    if isinstance(body, NotJson):
        key = _from_pem(exchange.text)
        if key is not None:
            yield None, key, exchange.text
        return
    for _, node in walk(body):
        key = None
        if isinstance(node, dict) and "kty" in node:
            key = _from_jwk(node)
        elif isinstance(node, str) and "-----BEGIN" in node:
            key = _from_pem(node)
        if key is not None:
            named = node.get("kid") if isinstance(node, dict) else None
            yield named, key, node if isinstance(node, str) else json.dumps(node, separators=(",", ":"))


def _from_pem(text: str) -> PublicKey | None:
    try:
        raw = text.strip().encode()
        key = load_pem_x509_certificate(raw).public_key() if "CERTIFICATE" in text else load_pem_public_key(raw)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, PublicKey) else None


def _from_jwk(jwk: dict[str, Json]) -> PublicKey | None:
    try:
        if jwk["kty"] == "RSA":
            return rsa.RSAPublicNumbers(_number(jwk["e"]), _number(jwk["n"])).public_key()
        if jwk["kty"] == "EC":
            curve = _CURVES[str(jwk["crv"])]
            return ec.EllipticCurvePublicNumbers(_number(jwk["x"]), _number(jwk["y"]), curve).public_key()
        if jwk["kty"] == "OKP" and jwk.get("crv") == "Ed25519":
            return ed25519.Ed25519PublicKey.from_public_bytes(decoded(str(jwk["x"])))
        return _from_chain(jwk)
    except (KeyError, ValueError, UnsupportedAlgorithm):
        return None


def _from_chain(jwk: dict[str, Json]) -> PublicKey | None:
    chain = jwk.get("x5c")
    if not isinstance(chain, list) or not chain:
        return None
    key = load_der_x509_certificate(base64.b64decode(str(chain[0]))).public_key()
    return key if isinstance(key, PublicKey) else None


def _number(value: Json) -> int:
    return int.from_bytes(decoded(str(value)), "big")
