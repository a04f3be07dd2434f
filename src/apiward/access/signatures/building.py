"""Puts the check of signatures together from settings."""

import base64
import binascii

from apiward.access.errors import AccessError
from apiward.access.nonces import Nonces
from apiward.access.pem import load_public_key
from apiward.access.settings import AuthenticateSettings, SignerAlgorithm, SignerSettings
from apiward.access.signatures.algorithms import Signer
from apiward.access.signatures.checking import SignatureCheck, SignatureRules
from apiward.access.surroundings import Surroundings, file_text, variable
from apiward.core.principal import Principal, PrincipalKind


def build_signatures(
    settings: AuthenticateSettings, outside: Surroundings, signers: tuple[SignerSettings, ...], nonces: Nonces
) -> SignatureCheck | None:
    """Return the check of signatures, or None without signers. Raises AccessError."""
    if not signers:
        return None
    if len({signer.key_id for signer in signers}) != len(signers):
        raise AccessError("signers.key_id", "two signers have the same key_id")
    rules = SignatureRules(
        components=frozenset(settings.signature_components),
        covers_body=settings.signature_covers_body,
        max_age_s=settings.signature_max_age_s,
        skew_s=settings.clock_skew_s,
        needs_nonce=settings.signature_needs_nonce,
        tag=settings.signature_tag,
    )
    return SignatureCheck([_signer(signer, outside) for signer in signers], rules, nonces)


def _signer(signer: SignerSettings, outside: Surroundings) -> Signer:
    if not signer.key_id:
        raise AccessError("signers.key_id", "the `keyid` that its signatures name is needed")
    principal = Principal(
        PrincipalKind.KEY,
        signer.key_id,
        signer.name or signer.key_id,
        issuer="signature",
        roles=frozenset(signer.roles),
        is_verified=True,
    )
    if signer.algorithm is not SignerAlgorithm.HMAC_SHA256:
        text = file_text(outside, signer.pem_file, "signers.pem_file")
        return Signer(signer.key_id, signer.algorithm, load_public_key(text, setting="signers.pem_file"), principal)
    try:
        secret = base64.b64decode(variable(outside, signer.secret_env, "signers.secret_env"), validate=True)
    except binascii.Error as problem:
        raise AccessError("signers.secret_env", "the shared secret is needed in base64") from problem
    return Signer(signer.key_id, signer.algorithm, secret, principal)
