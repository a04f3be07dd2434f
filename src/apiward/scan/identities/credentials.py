"""Where the credential stands in the answer to a log-in, and where it belongs in a request."""

import base64
import re
from collections.abc import Iterator
from typing import Final

from apiward.core.account import Credential
from apiward.core.api import Api, Place, SchemeKind
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import NotJson, leaves
from apiward.scan.calling.cookies import morsels_in
from apiward.scan.identities.sessions import token_claims
from apiward.spec.meaning import naming

MIN_TOKEN: Final = 8
_GOOD: Final = naming.CREDENTIAL_WORDS | {"key"}
_BARE_TOKEN: Final = re.compile(r"[\w.~+/=-]{16,4000}")
_NAMELESS: Final = frozenset("id value key string text raw data content hash".split())
_COMMON: Final = (
    (Place.HEADER, "Authorization", "Bearer "),
    (Place.HEADER, "Authorization", "Token "),
    (Place.HEADER, "Authorization", ""),
    (Place.HEADER, "Authorization", "JWT "),
    (Place.HEADER, "X-Access-Token", ""),
    (Place.HEADER, "X-Auth-Token", ""),
    (Place.HEADER, "X-API-Key", ""),
    (Place.COOKIE, "token", ""),
)


def tokens_in(exchange: Exchange) -> list[str]:
    """Return what may be a token in the answer to a log-in or sign-up, the likeliest first."""
    if exchange.response is None:
        return []
    found: dict[str, int] = {}
    for name, value in _named_texts(exchange):
        token = value.removeprefix("Bearer ").removeprefix("Token ").removeprefix("JWT ").strip()
        rank = _rank(name, token)
        if rank and len(token) >= MIN_TOKEN and " " not in token:
            found[token] = max(found.get(token, 0), rank)
    return sorted(found, key=lambda token: -found[token])


def cookies_in(exchange: Exchange) -> list[tuple[str, str]]:
    """Return the cookies that the answer sets and does not delete, as name and value (RFC 6265)."""
    return [
        (name, morsel.coded_value) for name, morsel in morsels_in(exchange) if morsel.value and morsel["max-age"] != "0"
    ]


def placements(api: Api, token: str, expires_s: float | None) -> list[Credential]:
    """Return the ways to show a token, those that the description declares first."""
    ways: list[tuple[Place, str, str]] = list(_declared(api))
    ways += [way for way in _COMMON if way not in ways]
    return [Credential(place, name, token, prefix, expires_s) for place, name, prefix in ways]


def cookie_credential(cookies: list[tuple[str, str]]) -> Credential | None:
    """Return one credential that shows all these cookies."""
    if not cookies:
        return None
    (name, value), *rest = cookies
    more = "".join(f"; {key}={text}" for key, text in rest)
    return Credential(Place.COOKIE, name, value + more)


def basic_credential(username: str, password: str) -> Credential:
    """Return the credential of HTTP Basic authentication (RFC 7617)."""
    text = base64.b64encode(f"{username}:{password}".encode()).decode()
    return Credential(Place.HEADER, "Authorization", text, "Basic ")


def expiry_of(token: str, exchange: Exchange, now_s: float) -> float | None:
    """Return when a token ends, from its `exp` claim or from `expires_in` beside it; None where unknown."""
    claims = token_claims(token) or {}
    ends = claims.get("exp")
    if isinstance(ends, int | float) and not isinstance(ends, bool):
        return float(ends)
    body = exchange.response.json() if exchange.response else None
    if not isinstance(body, NotJson):
        for pointer, value in leaves(body):
            name = naming.plain(str(pointer[-1])) if pointer else ""
            if name in ("expiresin", "expiresinseconds") and isinstance(value, int | float):
                return now_s + float(value)
    return None


def _declared(api: Api) -> Iterator[tuple[Place, str, str]]:
    for scheme in api.schemes.values():
        if scheme.kind is SchemeKind.API_KEY and scheme.field_name and scheme.place:
            yield scheme.place, scheme.field_name, ""
            if scheme.field_name.lower() == "authorization":
                yield scheme.place, scheme.field_name, "Bearer "
                yield scheme.place, scheme.field_name, "Token "
        elif scheme.kind in (SchemeKind.BEARER, SchemeKind.OAUTH2, SchemeKind.OPENID):
            yield Place.HEADER, "Authorization", "Bearer "
    for name, place in sorted(_token_parameters(api)):
        yield Place(place), name, ""


def _token_parameters(api: Api) -> set[tuple[str, str]]:
    """Return header, query and cookie parameters that take a token although no scheme says so."""
    return {
        (parameter.name, parameter.place.value)
        for operation in api.operations
        for parameter in operation.parameters
        if parameter.place in (Place.HEADER, Place.QUERY, Place.COOKIE) and naming.is_token_name(parameter.name)
    }


def _named_texts(exchange: Exchange) -> Iterator[tuple[str, str]]:
    response = exchange.response
    if response is None:
        return
    for name in ("authorization", "x-auth-token", "x-access-token"):
        if value := response.header(name):
            yield name, value
    body = response.json()
    if isinstance(body, NotJson):
        text = response.text.strip()
        yield "token", text if _BARE_TOKEN.fullmatch(text) else ""
        return
    for pointer, leaf in leaves(body):
        if isinstance(leaf, str):
            yield _last_name(pointer), leaf


def _last_name(pointer: tuple[str | int, ...]) -> str:
    """Return the innermost name; with its holder's where it says nothing alone: `{"token": {"id": ...}}`."""
    named = [step for step in pointer if isinstance(step, str)]
    if named[1:] and naming.plain(named[-1]) in _NAMELESS and naming.is_token_name(named[-2]):
        return f"{named[-2]} {named[-1]}"
    return named[-1] if named else "token"


def _rank(name: str, token: str) -> int:
    parts = set(naming.words(name))
    if parts & naming.NO_CREDENTIAL and not parts & {"access"}:
        return 0
    good = len(parts & _GOOD) + (naming.plain(name) in ("accesstoken", "token", "apikey"))
    if token_claims(token) is not None:
        return 4 + good
    return good
