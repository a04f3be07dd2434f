"""Keys that verify tokens, each bound to its algorithms when loaded: a token cannot choose (RFC 8725, 3.1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey, import_key
from joserfc.jws import JWSRegistry

from apiward.access.errors import AccessError
from apiward.access.pem import load_public_key
from apiward.catalogue.words import load_words
from apiward.core.jsonvalue import Json, parse_json

MIN_RSA_BITS: Final = 2_048
MAX_RSA_BITS: Final = 8_192
MIN_SECRET_BYTES: Final = 32
MAX_KEYS: Final = 100

_RSA: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
_SECRET: Final = ("HS256", "HS384", "HS512")
_CURVES: Final = {
    "P-256": ("ES256",), "P-384": ("ES384",), "P-521": ("ES512",),
    "Ed25519": ("EdDSA", "Ed25519"), "Ed448": ("EdDSA", "Ed448"),
}  # fmt: skip
ALGORITHMS: Final = frozenset((*_RSA, *_SECRET, *(name for names in _CURVES.values() for name in names)))
"""All algorithms that an issuer may be allowed."""


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """One key with the algorithms that it may be used with, and no others."""

    kid: str | None
    algorithms: frozenset[str]
    key: Key = field(repr=False)

    def verifies(self, algorithm: str, signing_input: bytes, signature: bytes) -> bool:
        """Return whether the signature is right. Never raises."""
        if algorithm not in self.algorithms:
            return False
        try:
            return JWSRegistry.algorithms[algorithm].verify(signing_input, signature, self.key)
        except (ValueError, JoseError):
            return False


def keys_from_jwks(text: bytes, allowed: Iterable[str] = ()) -> tuple[VerifyingKey, ...]:
    """Return the usable public keys of a key set (RFC 7517); what cannot be used is left out.

    A shared secret has no place in a published set and is left out. Raises ValueError where `text` is no key set.
    """
    document = parse_json(text)
    entries = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise ValueError("no JSON object with a list `keys`")  # noqa: TRY004 - it is data, not an argument
    found = (_from_jwk(entry, frozenset(allowed)) for entry in entries[:MAX_KEYS] if isinstance(entry, dict))
    return tuple(key for key in found if key is not None)


def key_from_pem(text: bytes, allowed: Iterable[str] = (), *, setting: str = "pem_file") -> VerifyingKey:
    """Return the public key of a PEM text or of the certificate in it. Raises AccessError."""
    public = load_public_key(text, setting=setting)
    if isinstance(public, rsa.RSAPublicKey) and public.key_size < MIN_RSA_BITS:
        raise AccessError(setting, f"the RSA key has {public.key_size} bits; it needs {MIN_RSA_BITS}")
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    kind = _joserfc_kind(public)
    if kind is None:
        raise AccessError(setting, "this kind of key signs no tokens; use RSA, EC (P-256, P-384, P-521) or Ed25519")
    return _bound(kind.import_key(pem), None, frozenset(allowed), setting)


def key_from_secret(secret: bytes, allowed: Iterable[str] = (), *, setting: str = "secret_env") -> VerifyingKey:
    """Return the key of a shared secret. Raises AccessError where it is short or guessable."""
    if secret.strip().startswith(b"-----BEGIN"):
        raise AccessError(setting, "this is a key file, not a shared secret; name it in pem_file")
    if secret.decode("utf-8", "replace") in load_words("weak_keys"):
        raise AccessError(setting, "the shared secret stands in lists of guessable keys; make a new one at the issuer")
    if len(secret) < MIN_SECRET_BYTES:
        raise AccessError(setting, f"the shared secret has {len(secret)} bytes; it needs {MIN_SECRET_BYTES} (RFC 7518)")
    return _bound(OctKey.import_key(secret), None, frozenset(allowed), setting)


def _bound(key: Key, kid: str | None, allowed: frozenset[str], setting: str) -> VerifyingKey:
    fitting = algorithms_of(key)
    if not fitting:
        raise AccessError(setting, f"the key is too weak or of an unknown kind; RSA keys need {MIN_RSA_BITS} bits")
    if allowed and not fitting & allowed:
        raise AccessError("algorithms", f"none of {', '.join(sorted(allowed))} fits the key in {setting}")
    return VerifyingKey(kid, fitting & allowed if allowed else fitting, key)


def _from_jwk(entry: Mapping[str, Json], allowed: frozenset[str]) -> VerifyingKey | None:
    if entry.get("kty") == "oct" or entry.get("use", "sig") != "sig" or not _may_verify(entry) or _is_short(entry):
        return None
    try:
        key = import_key({name: value for name, value in entry.items() if isinstance(value, str)})
        fitting = algorithms_of(key)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        return None  # one bad key of a set must not take the others with it
    own = entry.get("alg")
    fitting = fitting & {own} if isinstance(own, str) else fitting
    fitting = fitting & allowed if allowed else fitting
    kid = entry.get("kid")
    return VerifyingKey(kid if isinstance(kid, str) else None, fitting, key) if fitting else None


def _is_short(entry: Mapping[str, Json]) -> bool:
    """Whether an RSA key is too short, judged by its text: joserfc would warn of it."""
    modulus = entry.get("n")
    return entry.get("kty") == "RSA" and isinstance(modulus, str) and len(modulus) * 6 < MIN_RSA_BITS


def _may_verify(entry: Mapping[str, Json]) -> bool:
    uses = entry.get("key_ops")
    return not isinstance(uses, list) or "verify" in uses


def algorithms_of(key: Key) -> frozenset[str]:
    """Return the algorithms that fit the key; none where it is too weak."""
    if isinstance(key, OctKey):
        return frozenset(_SECRET)
    if isinstance(key, RSAKey):
        return frozenset(_RSA) if MIN_RSA_BITS <= key.public_key.key_size <= MAX_RSA_BITS else frozenset()
    return frozenset(_CURVES.get(key.curve_name, ()))


def _joserfc_kind(public: object) -> type[RSAKey] | type[ECKey] | type[OKPKey] | None:
    if isinstance(public, rsa.RSAPublicKey):
        return RSAKey
    if isinstance(public, ec.EllipticCurvePublicKey):
        return ECKey
    return OKPKey if isinstance(public, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey) else None
