"""Key pairs of our own, which sign tokens that no sound server takes (RFC 7515, RFC 7517, RFC 7518)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from apiward.core.jsonvalue import Json
from apiward.scan.proofs.trials.tokens import Jwt, encoded, unsigned

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key pair: RSA or on the curve P-256."""

    private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

    def token(self, header: dict[str, Json], claims: dict[str, Json]) -> str:
        """Return a token with this header and these claims, signed with the key."""
        if isinstance(self.private, rsa.RSAPrivateKey):
            body = unsigned({**header, "alg": "RS256"}, claims)
            signature = self.private.sign(body.encode(), PKCS1v15(), SHA256())
        else:
            body = unsigned({**header, "alg": "ES256"}, claims)
            signature = _raw(self.private.sign(body.encode(), ec.ECDSA(SHA256())))
        return f"{body}.{encoded(signature)}"

    def jwk(self, kid: str) -> dict[str, Json]:
        """Return the public half as a JSON Web Key of that name."""
        shown: dict[str, Json] = {"kid": kid, "use": "sig"}
        if isinstance(self.private, rsa.RSAPrivateKey):
            modulus = self.private.public_key().public_numbers().n
            return {"kty": "RSA", "n": _number(modulus, 256), "e": "AQAB", "alg": "RS256", **shown}
        numbers = self.private.public_key().public_numbers()
        return {"kty": "EC", "crv": "P-256", "x": _number(numbers.x, 32), "y": _number(numbers.y, 32), **shown}

    def certificate(self, now_s: float) -> bytes:
        """Return a certificate that the key has signed for itself, good for this day, in PEM."""
        name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "apiward")]), datetime.fromtimestamp(now_s, UTC)
        made = x509.CertificateBuilder(name, name, self.private.public_key(), x509.random_serial_number())
        dated = made.not_valid_before(now - _DAY).not_valid_after(now + _DAY)
        return dated.sign(self.private, SHA256()).public_bytes(Encoding.PEM)


def pair_for(token: Jwt) -> tuple[SigningKey, SigningKey]:
    """Return two keys of the kind that signs such tokens: one to be named, and another."""
    return _elliptic() if token.algorithm.startswith("ES") else _rsa()


@cache
def _rsa() -> tuple[SigningKey, SigningKey]:
    """Return two key pairs, which are made once: they protect nothing."""
    one, other = (SigningKey(rsa.generate_private_key(public_exponent=65537, key_size=2048)) for _ in range(2))
    return one, other


@cache
def _elliptic() -> tuple[SigningKey, SigningKey]:
    one, other = (SigningKey(ec.generate_private_key(ec.SECP256R1())) for _ in range(2))
    return one, other


def _raw(signature: bytes) -> bytes:
    """Return an elliptic signature as tokens hold it (RFC 7518, section 3.4)."""
    return b"".join(number.to_bytes(32, "big") for number in decode_dss_signature(signature))


def _number(value: int, size: int) -> str:
    return encoded(value.to_bytes(size, "big"))
