"""Proof of possession (DPoP, RFC 9449): the caller holds the key that its token is bound to, for this one request."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import Key, import_key
from joserfc.util import urlsafe_b64decode

from apiward.access.nonces import Nonces, Taken
from apiward.access.refusals import refused, shown
from apiward.access.tokens.claims import seconds
from apiward.access.tokens.signing_keys import VerifyingKey, algorithms_of
from apiward.access.tokens.strict_json import UnsafeJsonError, read_object
from apiward.core.call import Call
from apiward.core.decision import Decision
from apiward.core.jsonvalue import Json

MAX_PROOF: Final = 4_096
MAX_JTI: Final = 256
_PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof that fits its request: the thumbprint (RFC 7638) of the key, and what makes it count once."""

    thumbprint: str
    jti: str
    until_s: float


class ProofCheck:
    """Checks the DPoP header. Whether `htu` says http or https does not count: a proxy may have ended TLS."""

    def __init__(self, nonces: Nonces, *, max_age_s: float = 60.0, skew_s: float = 30.0) -> None:
        self._nonces = nonces
        self._max_age_s, self._skew_s = max_age_s, skew_s

    def read(self, call: Call, token: bytes, now_s: float) -> Proof | Decision:
        """Return the proof of this call, or why it is refused. Whose key it is, the token says: see `Binding`."""
        proofs = [value for name, value in call.headers if name == b"dpop"]
        if len(proofs) != 1:
            return refused("proof-missing", saw=f"{len(proofs)} proofs")
        try:
            header, claims, key, thumbprint = _parts(proofs[0])
            signature = urlsafe_b64decode(proofs[0].rpartition(b".")[2])
        except (ValueError, TypeError, KeyError, AttributeError, JoseError):
            return refused("proof-unreadable", saw="no signed text with a public key of a good kind")
        if not key.verifies(str(header.get("alg")), proofs[0].rpartition(b".")[0], signature):
            return refused("proof-wrong", saw="wrong signature")
        problem = _unfit(claims, call, token) or self._untimely(claims, now_s)
        if problem is not None:
            return problem
        return Proof(thumbprint, str(claims["jti"]), seconds(claims["iat"]) + self._max_age_s + 2 * self._skew_s)

    def take(self, proof: Proof, now_s: float) -> Decision | None:
        """Let the proof count, once. Only for a good token: else strangers could fill the memory of proofs."""
        taken = self._nonces.take(f"dpop\n{proof.thumbprint}\n{proof.jti}", proof.until_s, now_s)
        if taken is Taken.FULL:
            return refused("service-busy", saw="the memory of proofs is full", retry_after_s=30)
        return None if taken is Taken.NEW else refused("proof-replayed")

    def _untimely(self, claims: Mapping[str, Json], now_s: float) -> Decision | None:
        made = claims.get("iat")
        age_s = now_s - seconds(made)
        if isinstance(made, bool) or not isinstance(made, int | float) or age_s < -self._skew_s:
            return refused("proof-time", saw="iat is missing, no number, or lies ahead")
        if age_s > self._max_age_s + self._skew_s:
            return refused("proof-time", saw=f"made {min(age_s, 10**9):.0f} s ago")
        return None


def _parts(proof: bytes) -> tuple[dict[str, Json], dict[str, Json], VerifyingKey, str]:
    """Return header, claims, key and thumbprint. Raises ValueError and kin for anything but a sound proof."""
    if len(proof) > MAX_PROOF:
        raise UnsafeJsonError("too long")
    head, body, _ = proof.split(b".")
    header, claims = read_object(urlsafe_b64decode(head)), read_object(urlsafe_b64decode(body))
    own, jti = header["jwk"], claims["jti"]
    if header.get("typ") != "dpop+jwt" or not isinstance(own, dict) or _PRIVATE & own.keys() or "crit" in header:
        raise UnsafeJsonError("no proof")
    if not isinstance(jti, str) or not 0 < len(jti) <= MAX_JTI:
        raise UnsafeJsonError("jti is no short text")
    key: Key = import_key({name: value for name, value in own.items() if isinstance(value, str)})
    algorithms = frozenset(name for name in algorithms_of(key) if not name.startswith("HS"))
    return header, claims, VerifyingKey(None, algorithms, key), key.thumbprint()


def _unfit(claims: Mapping[str, Json], call: Call, token: bytes) -> Decision | None:
    if claims.get("htm") != call.method:
        return refused("proof-wrong", saw=f"made for the method {shown(claims.get('htm'))}")
    if not _is_same_place(claims.get("htu"), call):
        return refused("proof-wrong", saw="made for another address")
    digest = base64.urlsafe_b64encode(hashlib.sha256(token).digest()).rstrip(b"=")
    if not hmac.compare_digest(str(claims.get("ath", "")).encode(), digest):
        return refused("proof-wrong", saw="made for another token")
    return None


def _is_same_place(address: Json, call: Call) -> bool:
    """Whether host, port and path are those of the call; query and fragment do not count (RFC 9449, section 4.3)."""
    if not isinstance(address, str) or len(address) > MAX_PROOF:
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    standard = {"http": ":80", "https": ":443"}.get(parts.scheme.lower())
    if standard is None:
        return False
    host = call.host.decode("latin-1").strip().lower()
    plain = host.removesuffix(":443").removesuffix(":80")
    return parts.netloc.lower().removesuffix(standard) in (host, plain) and (parts.path or "/") == (
        call.target_path.decode("latin-1") or "/"
    )
