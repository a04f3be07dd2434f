"""The parts of a request that a signature covers, each in the one form that both sides see (RFC 9421, section 2)."""

import base64
from collections.abc import Callable
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from apiward.access.signatures.structured import (
    InnerList,
    Item,
    StructuredFieldError,
    parse_dictionary,
    serialize,
    serialize_dictionary,
)
from apiward.core.call import Call

MAX_COMPONENTS: Final = 40
_PORTS: Final = {"http": ":80", "https": ":443"}
_DICTIONARIES: Final = frozenset(
    "content-digest repr-digest want-content-digest want-repr-digest signature signature-input cache-control priority "
    "accept-signature".split()
)
_FORM_SAFE: Final = "*-._"
_IMPLIED: Final = {
    "@target-uri": frozenset({"@authority", "@path", "@query", "@scheme", "@request-target"}),
    "@request-target": frozenset({"@path", "@query"}),
}


class ComponentError(ValueError):
    """Says which component cannot be formed from this request."""


def signature_base(call: Call, covered: InnerList) -> str:
    """Return the text that the signature is over (section 2.5). Raises ComponentError."""
    if len(covered.items) > MAX_COMPONENTS:
        raise ComponentError("too many components")
    lines: dict[str, str] = {}
    for item in covered.items:
        identifier = serialize(item)
        if identifier in lines:
            raise ComponentError(f"{identifier} stands twice")
        lines[identifier] = component_value(call, item)
    body = "".join(f"{identifier}: {value}\n" for identifier, value in lines.items())
    return f'{body}"@signature-params": {serialize(covered)}'


def covered_names(covered: InnerList) -> frozenset[str]:
    """Return the names that the signature covers as a whole, with those that others imply (the address its path)."""
    whole = {str(item.value) for item in covered.items if not item.parameters}
    return frozenset(whole.union(*(_IMPLIED.get(name, frozenset()) for name in whole)))


def component_value(call: Call, item: Item) -> str:
    """Return the value of one component. Raises ComponentError where the request has none, or no clear one."""
    name = item.value
    if not isinstance(name, str) or name != name.lower():
        raise ComponentError("a name that is no lower-case text")
    if {"req", "tr"} & item.parameters.keys():
        raise ComponentError(f"{name}: from another message or from trailers")
    value = _derived(call, name, item) if name.startswith("@") else _field(call, name, item)
    if "\n" in value or not value.isascii():
        raise ComponentError(f"{name}: holds a line break or no ASCII")
    return value


def _derived(call: Call, name: str, item: Item) -> str:
    if name == "@query-param":
        return _query_param(call, item)
    make = _DERIVED.get(name)
    if make is None or item.parameters:
        raise ComponentError(f"{name[:40]}: not known, or not of a request")
    return make(call)


def _authority(call: Call) -> str:
    host = call.host.decode("latin-1").strip().lower()
    if not host:
        raise ComponentError("@authority: no host was named")
    return host.removesuffix(_PORTS.get(call.scheme.lower(), ""))


def _path(call: Call) -> str:
    return call.target_path.decode("latin-1") or "/"


def _request_target(call: Call) -> str:
    return _path(call) + (_query(call) if call.query else "")


def _query(call: Call) -> str:
    return "?" + call.query.decode("latin-1")


def _target_uri(call: Call) -> str:
    return f"{call.scheme.lower()}://{_authority(call)}{_request_target(call)}"


_DERIVED: Final[dict[str, Callable[[Call], str]]] = {
    "@method": lambda call: call.method,
    "@authority": _authority,
    "@scheme": lambda call: call.scheme.lower(),
    "@target-uri": _target_uri,
    "@request-target": _request_target,
    "@path": _path,
    "@query": _query,
}


def _query_param(call: Call, item: Item) -> str:
    wanted = item.parameters.get("name")
    if not isinstance(wanted, str) or set(item.parameters) != {"name"}:
        raise ComponentError("@query-param: needs `name` and nothing else")
    found = [_re_encoded(value) for name, _, value in _pairs(call.query) if _re_encoded(name) == wanted]
    if len(found) != 1:
        raise ComponentError(f"@query-param: {len(found)} parameters of that name")
    return found[0]


def _pairs(query: bytes) -> list[tuple[bytes, bytes, bytes]]:
    return [part.partition(b"=") for part in query.split(b"&")[:1_000] if part]


def _re_encoded(text: bytes) -> str:
    """Decode and encode again, so that every spelling of a value gives one (section 2.2.8)."""
    return quote(unquote_to_bytes(text.replace(b"+", b" ")), safe=_FORM_SAFE)


def _field(call: Call, name: str, item: Item) -> str:
    wanted = name.encode("latin-1", "replace")
    lines = [value.strip(b" \t") for key, value in call.headers if key == wanted]
    if not lines:
        raise ComponentError(f"{name[:40]}: the header is missing")
    if "bs" in item.parameters:
        return _armoured(lines, item)
    whole = ", ".join(line.decode("latin-1") for line in lines)
    if not item.parameters:
        return whole
    return _structured(whole, name, item)


def _armoured(lines: list[bytes], item: Item) -> str:
    if set(item.parameters) != {"bs"}:
        raise ComponentError("bs: does not go with other parameters")
    return ", ".join(f":{base64.b64encode(line).decode()}:" for line in lines)


def _structured(whole: str, name: str, item: Item) -> str:
    key = item.parameters.get("key")
    if set(item.parameters) - {"sf", "key"} or (key is None and name not in _DICTIONARIES):
        raise ComponentError(f"{name[:40]}: parameters that are not known here")
    try:
        members = parse_dictionary(whole)
    except StructuredFieldError as problem:
        raise ComponentError(f"{name[:40]}: {problem}") from problem
    if key is None:
        return serialize_dictionary(members)
    if not isinstance(key, str) or key not in members:
        raise ComponentError(f"{name[:40]}: no such key")
    return serialize(members[key])
