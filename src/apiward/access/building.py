"""Puts the authenticator together from settings. Everything wrong in them is said here, before the first request."""

from collections.abc import Iterable

from apiward.access.authenticator import CredentialAuthenticator, Parts
from apiward.access.certificates import CertificateCheck, CertificateRules, load_authorities, parse_fingerprints
from apiward.access.errors import AccessError
from apiward.access.introspection import Introspection, IntrospectionPoint
from apiward.access.keys.form import is_label
from apiward.access.keys.values import parse_networks
from apiward.access.nonces import NonceMemory
from apiward.access.sessions.memory import SessionMemory
from apiward.access.settings import AuthenticateSettings, IssuerSettings, SignerSettings
from apiward.access.signatures.building import build_signatures
from apiward.access.surroundings import Surroundings, check_url, file_text, variable
from apiward.access.tokens.building import build_tokens
from apiward.access.tokens.proofs import ProofCheck

__all__ = ["Surroundings", "build_authenticator"]


def build_authenticator(
    settings: AuthenticateSettings,
    outside: Surroundings,
    *,
    issuers: Iterable[IssuerSettings] = (),
    signers: Iterable[SignerSettings] = (),
) -> CredentialAuthenticator:
    """Return the authenticator. Raises AccessError with the setting at fault and advice."""
    if not is_label(settings.key_prefix):
        raise AccessError("key_prefix", "2 to 12 small letters and digits are needed, the first a letter")
    if len(outside.pepper) < 16:
        raise AccessError("pepper", "at least 16 random bytes are needed")
    nonces = NonceMemory(capacity=settings.nonce_capacity) if outside.nonces is None else outside.nonces
    return CredentialAuthenticator(
        Parts(
            clock=outside.clock,
            ring=outside.ring,
            memory=SessionMemory(
                pepper=outside.pepper,
                capacity=settings.session_capacity,
                life_s=settings.session_s,
                store=outside.sessions,
            ),
            proofs=ProofCheck(nonces, max_age_s=settings.proof_max_age_s, skew_s=settings.clock_skew_s),
            tokens=build_tokens(settings, outside, tuple(issuers)),
            introspection=_introspection(settings, outside),
            signatures=build_signatures(settings, outside, tuple(signers), nonces),
            certificates=_certificates(settings, outside),
            learns_sessions=settings.learns_sessions,
            token_headers=tuple(name.lower().encode() for name in settings.token_headers),
            key_header=settings.key_header.lower().encode(),
            key_marker=settings.key_prefix.encode() + b"_",
            session_cookies=frozenset(name.removeprefix("__Host-").encode() for name in settings.session_cookies),
            passes_unknown=settings.passes_unknown_tokens,
            refuses_keys_in_address=settings.refuses_keys_in_address,
        )
    )


def _introspection(settings: AuthenticateSettings, outside: Surroundings) -> Introspection | None:
    if not settings.introspection_url:
        return None
    check_url(settings.introspection_url, "introspection_url")
    point = IntrospectionPoint(
        url=settings.introspection_url,
        client_id=settings.introspection_client,
        client_secret=variable(outside, settings.introspection_secret_env, "introspection_secret_env"),
        audience=frozenset(settings.introspection_audience),
        roles_claim=settings.introspection_roles_claim,
        cache_s=settings.introspection_cache_s,
        timeout_s=settings.introspection_timeout_s,
        concurrency=settings.introspection_concurrency,
        cache_size=settings.token_cache_size,
        longest=settings.max_token_bytes,
    )
    return Introspection(point, outside.sender, outside.clock, outside.revocations)


def _certificates(settings: AuthenticateSettings, outside: Surroundings) -> CertificateCheck | None:
    if settings.certificate_header and not settings.certificate_proxies:
        raise AccessError("certificate_proxies", "needed with certificate_header, or anybody could send that header")
    if not (settings.certificate_fingerprints or settings.certificate_ca_file or settings.certificate_header):
        return None
    place = settings.certificate_ca_file
    try:
        rules = CertificateRules(
            fingerprints=parse_fingerprints(settings.certificate_fingerprints),
            authorities=load_authorities(file_text(outside, place, "certificate_ca_file")) if place else (),
            header=settings.certificate_header.lower().encode(),
            proxies=parse_networks(settings.certificate_proxies),
            roles=frozenset(settings.certificate_roles),
        )
    except AccessError:
        raise
    except ValueError as problem:
        raise AccessError("certificates", str(problem)) from problem
    return CertificateCheck(rules)
