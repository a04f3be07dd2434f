"""Tokens that are bound to a key of the caller (RFC 7800): by client certificate (RFC 8705) or by DPoP (RFC 9449)."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from apiward.access.refusals import refused
from apiward.core.decision import Decision
from apiward.core.jsonvalue import Json


@dataclass(frozen=True, slots=True)
class Possession:
    """What a caller holds beside the token: a client certificate (DER), the thumbprint of a key that it proved."""

    certificate: bytes | None = None
    proof_key: str = ""


@dataclass(frozen=True, slots=True)
class Binding:
    """What a caller must hold beside the token. Checked for every request, also for a cached token."""

    certificate: str = ""
    proof_key: str = ""

    def refusal(self, holds: Possession) -> Decision | None:
        """Return why the binding does not hold for this call, or None."""
        if self.certificate:
            seen = thumbprint(holds.certificate) if holds.certificate is not None else ""
            if not hmac.compare_digest(seen.encode(), self.certificate.encode("utf-8", "replace")):
                return refused("token-binding", saw="the client certificate is another, or missing")
        if not hmac.compare_digest(holds.proof_key.encode(), self.proof_key.encode("utf-8", "replace")):
            return refused("token-binding", saw="the proven key is another, or one is missing")
        return None


NOTHING: Final = Possession()
UNBOUND: Final = Binding()


def binding_of(claims: Mapping[str, Json]) -> Binding:
    """Return what the `cnf` claim asks for."""
    confirmation = claims.get("cnf")
    if not isinstance(confirmation, dict):
        return UNBOUND
    certificate, proof_key = confirmation.get("x5t#S256"), confirmation.get("jkt")
    if certificate is None and proof_key is None:
        return UNBOUND
    return Binding("" if certificate is None else str(certificate), "" if proof_key is None else str(proof_key))


def thumbprint(der: bytes) -> str:
    """Return `x5t#S256` of a certificate: the SHA-256 of its DER form, in base64url (RFC 8705, section 3.1)."""
    return base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()
