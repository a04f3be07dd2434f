"""Security schemes, and what of them an operation asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from apiward.core.api import Place, SchemeKind, SecurityScheme
from apiward.spec.document import Node, kind_of
from apiward.spec.references import resolved

_WITH_SCOPES: Final = (SchemeKind.OAUTH2, SchemeKind.OPENID)


@dataclass(frozen=True, slots=True)
class Requirement:
    """What an operation asks for, as in `core.Operation.security` and `.scopes`."""

    alternatives: tuple[tuple[str, ...], ...] | None = None
    scopes: tuple[frozenset[str], ...] = ()


NOT_SAID: Final = Requirement()
"""Where the description says nothing of it."""

_HTTP_KINDS: Final = {"basic": SchemeKind.BASIC, "bearer": SchemeKind.BEARER}
_KINDS: Final = {
    "basic": SchemeKind.BASIC,
    "apikey": SchemeKind.API_KEY,
    "oauth2": SchemeKind.OAUTH2,
    "openidconnect": SchemeKind.OPENID,
    "mutualtls": SchemeKind.MUTUAL_TLS,
}
_KEY_PLACES: Final = {"query": Place.QUERY, "header": Place.HEADER, "cookie": Place.COOKIE}
_SWAGGER_FLOWS: Final = {"application": "clientCredentials", "accessCode": "authorizationCode"}
# the flows that a program without a browser can use come first
_FLOW_RANK: Final = ("password", "clientCredentials", "authorizationCode")


def security_schemes(holder: Node | None, key: str) -> Mapping[str, SecurityScheme]:
    """Return the schemes below `key` by name; what is no scheme is a problem and left out."""
    found: dict[str, SecurityScheme] = {}
    for name, item in holder.entries(key) if holder is not None else ():
        node = resolved(item)
        if node is not None and isinstance(node.value, dict):
            found[name] = _scheme(name, node)
        elif node is not None:
            item.note(f"Expected a security scheme here, found {kind_of(node.value)}.")
    return MappingProxyType(found)


def requirement(holder: Node, schemes: Mapping[str, SecurityScheme], inherited: Requirement) -> Requirement:
    """Return the alternatives that `holder` asks for, or `inherited` where it says nothing readable."""
    said = holder.child("security")
    if said is None or not isinstance(said.value, list):
        if said is not None:
            said.note(f"Expected a list of alternatives here, found {kind_of(said.value)}; it was not read.")
        return inherited
    alternatives: list[tuple[str, ...]] = []
    scopes: list[frozenset[str]] = []
    for item in holder.elements("security"):
        if not isinstance(item.value, dict):
            item.note(f"Expected an object of scheme names here, found {kind_of(item.value)}.")
            continue
        for name in item.value:
            if name not in schemes:
                item.note(f"The security scheme {name} is not described.")
        alternatives.append(tuple(item.value))
        scopes.append(_scopes(item, schemes))
    # a list in which nothing could be read is no promise that anybody may come in
    if said.value and not alternatives:
        return inherited
    return Requirement(tuple(alternatives), tuple(scopes) if any(scopes) else ())


def _scopes(item: Node, schemes: Mapping[str, SecurityScheme]) -> frozenset[str]:
    """Return the scopes of one alternative. Beside schemes of other kinds stand roles, which no token need hold."""
    asking = (name for name, _ in item.members() if name in schemes and schemes[name].kind in _WITH_SCOPES)
    return frozenset(scope for name in asking for scope in item.texts(name))


def _scheme(name: str, node: Node) -> SecurityScheme:
    kind = _kind(node)
    flows = _flows(node) if kind is SchemeKind.OAUTH2 else {}
    is_key = kind is SchemeKind.API_KEY
    return SecurityScheme(
        name=name,
        kind=kind,
        place=_key_place(node) if is_key else None,
        field_name=(node.text("name") or None) if is_key else None,
        token_url=_token_url(flows),
        flows=tuple(flows),
        openid_url=(node.text("openIdConnectUrl") or None) if kind is SchemeKind.OPENID else None,
    )


def _kind(node: Node) -> SchemeKind:
    said = node.text("type").lower()
    if said == "http":
        return _HTTP_KINDS.get(node.text("scheme").lower(), SchemeKind.OTHER)
    if said not in _KINDS:
        node.note(f"{said[:40]!r} is no known type of security scheme.")
    return _KINDS.get(said, SchemeKind.OTHER)


def _key_place(node: Node) -> Place | None:
    place = _KEY_PLACES.get(node.text("in").lower())
    if place is None:
        node.note("It is not said whether this key stands in a header, the query or a cookie.")
    if not node.text("name"):
        node.note("It is not said which field holds this key.")
    return place


def _flows(node: Node) -> dict[str, str]:
    """Return token address by flow; Swagger 2 has one flow, OpenAPI 3 an object of them."""
    said = node.text("flow")
    if said:
        return {_SWAGGER_FLOWS.get(said, said): node.text("tokenUrl")}
    flows = node.entries("flows")
    return {name: flow.text("tokenUrl") for name, flow in flows if not name.startswith("x-")}


def _token_url(flows: Mapping[str, str]) -> str | None:
    ranked = [flows[name] for name in _FLOW_RANK if flows.get(name)]
    return next(iter([*ranked, *filter(None, flows.values())]), None)
