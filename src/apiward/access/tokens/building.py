"""Puts the issuers together from settings: their keys, what their tokens must say, whom they speak of."""

from typing import Final

from apiward.access.errors import AccessError
from apiward.access.settings import AuthenticateSettings, IssuerSettings
from apiward.access.surroundings import Surroundings, check_url, file_text, variable
from apiward.access.tokens.checking import TokenCheck
from apiward.access.tokens.claims import DEFAULT_TYPES, ClaimRules
from apiward.access.tokens.identity import IdentityRules
from apiward.access.tokens.issuer import Issuer
from apiward.access.tokens.key_source import FetchedKeys, FixedKeys, KeySource
from apiward.access.tokens.signing_keys import ALGORITHMS, key_from_pem, key_from_secret, keys_from_jwks

_KEY_PLACES: Final = ("jwks_url", "jwks_file", "pem_file", "secret_env", "secret_file")


def build_tokens(
    settings: AuthenticateSettings, outside: Surroundings, issuers: tuple[IssuerSettings, ...]
) -> TokenCheck | None:
    """Return the check of tokens, or None without issuers. Raises AccessError."""
    if not issuers:
        return None
    _check_names(issuers)
    return TokenCheck(
        [_issuer(issuer, settings, outside) for issuer in issuers],
        clock=outside.clock,
        revocations=outside.revocations,
        cache_s=settings.token_cache_s,
        cache_size=settings.token_cache_size,
        longest=settings.max_token_bytes,
        passes_unknown=settings.passes_unknown_tokens,
    )


def _check_names(issuers: tuple[IssuerSettings, ...]) -> None:
    """Raise AccessError unless a token's `iss` and `alg` tell which of the issuers it is of."""
    seen: dict[str, set[str]] = {}
    for issuer in issuers:
        others = seen.get(issuer.issuer)
        allowed = set(issuer.algorithms)
        if others is not None and (not others or not allowed or others & allowed):
            advice = "two issuers have the same name; join them into one, or give each algorithms of its own"
            raise AccessError("issuers.issuer", advice)
        seen[issuer.issuer] = (others or set()) | allowed


def _issuer(issuer: IssuerSettings, settings: AuthenticateSettings, outside: Surroundings) -> Issuer:
    unknown = sorted(set(issuer.algorithms) - ALGORITHMS)
    if unknown:
        allowed = ", ".join(sorted(ALGORITHMS))
        raise AccessError("issuers.algorithms", f"{unknown[0]!r} is not one of {allowed}")
    types = frozenset(kind.lower().removeprefix("application/") for kind in issuer.types)
    rules = ClaimRules(
        issuer=issuer.issuer,
        audience=frozenset(issuer.audience),
        types=types or DEFAULT_TYPES,
        has_stated_types=bool(types),
        accepts_id_tokens=issuer.accepts_id_tokens,
        requires_end=issuer.requires_end,
        skew_s=settings.clock_skew_s,
    )
    identity = IdentityRules(issuer.issuer, issuer.id_claim, issuer.name_claim, issuer.roles_claim)
    return Issuer(issuer.issuer, _keys(issuer, outside), rules, identity, frozenset(issuer.algorithms))


def _keys(issuer: IssuerSettings, outside: Surroundings) -> KeySource:
    places = [name for name in _KEY_PLACES if getattr(issuer, name)]
    if len(places) != 1:
        found = ", ".join(places) or "none"
        raise AccessError("issuers", f"{issuer.issuer!r} needs one of {', '.join(_KEY_PLACES)}; found {found}")
    if issuer.jwks_url:
        return _fetched_keys(issuer, outside)
    if issuer.jwks_file:
        return _keys_infile_text(issuer, outside)
    if issuer.pem_file:
        text = file_text(outside, issuer.pem_file, "issuers.pem_file")
        return FixedKeys((key_from_pem(text, issuer.algorithms, setting="issuers.pem_file"),))
    if issuer.secret_file:
        secret = file_text(outside, issuer.secret_file, "issuers.secret_file").rstrip(b"\r\n")
        return FixedKeys((key_from_secret(secret, issuer.algorithms, setting="issuers.secret_file"),))
    secret = variable(outside, issuer.secret_env, "issuers.secret_env").encode()
    return FixedKeys((key_from_secret(secret, issuer.algorithms, setting="issuers.secret_env"),))


def _fetched_keys(issuer: IssuerSettings, outside: Surroundings) -> FetchedKeys:
    check_url(issuer.jwks_url, "issuers.jwks_url")
    if not issuer.issuer:
        raise AccessError("issuers.issuer", "needed where the keys come from an address: the exact `iss` of the tokens")
    if not issuer.audience:
        raise AccessError(
            "issuers.audience",
            f"{issuer.issuer!r} may serve other apps too; say which `aud` its tokens for this API bear",
        )
    return FetchedKeys(
        issuer.jwks_url,
        outside.sender,
        outside.clock,
        allowed=issuer.algorithms,
        max_age_s=issuer.jwks_max_age_s,
        stale_s=issuer.jwks_stale_s,
        cooldown_s=issuer.jwks_cooldown_s,
    )


def _keys_infile_text(issuer: IssuerSettings, outside: Surroundings) -> FixedKeys:
    try:
        keys = keys_from_jwks(file_text(outside, issuer.jwks_file, "issuers.jwks_file"), issuer.algorithms)
    except AccessError:
        raise
    except ValueError as problem:
        raise AccessError("issuers.jwks_file", str(problem)) from problem
    if not keys:
        raise AccessError("issuers.jwks_file", "the file holds no public key that could verify a token")
    return FixedKeys(keys)
