"""Reads the head of a request, part by part, into what the later stages work with."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, unquote

from apiward.core.api import Api, Place
from apiward.core.call import BodyKind, Call, HeaderBlock
from apiward.guard.wire.escapes import PERCENT
from apiward.guard.wire.framing import METHODS_ELSEWHERE, RARE, announced_length, check_framing, has_body
from apiward.guard.wire.headers import SINGLE_HEADERS, HeaderRules
from apiward.guard.wire.hosts import HostRules
from apiward.guard.wire.media import ContentType, Incoming, MediaRules, kind_of
from apiward.guard.wire.memory import HeadMemory, KnownHead
from apiward.guard.wire.multipart import is_boundary
from apiward.guard.wire.paths import PathRules
from apiward.guard.wire.queries import read_query
from apiward.guard.wire.settings import ProtocolSettings
from apiward.guard.wire.unfit import UnfitError

UNTYPED: Final = ContentType("", BodyKind.BINARY)
_UNDERSCORE: Final = ord("_")


class HeadRules:
    """The rules for heads, compiled from the settings and the description."""

    def __init__(self, settings: ProtocolSettings, api: Api | None) -> None:
        self._settings = settings
        self._methods = frozenset(settings.methods) | _described_methods(api)
        self._body_methods = frozenset(settings.body_methods) | _methods_with_bodies(api)
        self._hosts = HostRules(settings.hosts)
        self._media = MediaRules((*settings.content_types, *_described_types(api)), settings.charsets)
        self._encodings = frozenset(encoding.encode() for encoding in settings.encodings)
        self._paths = PathRules(
            longest=settings.longest_path,
            most_segments=settings.most_segments,
            has_parameters=settings.path_parameters,
            has_slashes=settings.encoded_slashes,
        )
        named = {name.lower().encode() for name in settings.single_headers}
        self._headers = HeaderRules(
            most=settings.most_headers,
            longest=settings.longest_header,
            largest=settings.largest_headers,
            single=SINGLE_HEADERS | named | _key_headers(api),
        )
        self._memory = HeadMemory()

    @property
    def allowed_methods(self) -> bytes:
        """The methods that are let through, as the `Allow` header has them."""
        return ", ".join(sorted(self._methods)).encode()

    def read(self, call: Call) -> Incoming | None:
        """Fill in header, path, query_pairs and body_kind; what is said of the body, or None. Raises UnfitError."""
        key = (call.method, call.http_version, tuple(call.headers))
        known = self._memory.get(key, call.started_s)
        if known is None:
            incoming = self._read_anew(call)
            known = KnownHead(HeaderBlock(call.headers), call.header, call.body_kind, incoming)
            self._memory.keep(key, known, call.started_s)
            return incoming
        call.headers = call.block = known.headers
        call.header, call.body_kind = known.header, known.body_kind
        call.path = self._paths.read(call.target_path)
        if call.query:
            self._read_query(call)
        return known.incoming

    def _read_anew(self, call: Call) -> Incoming | None:
        if call.method not in self._methods:
            raise UnfitError("protocol.method", "method", "not let through")
        is_http1 = call.http_version.startswith("1")
        call.header = header = self._headers.read(call.headers, is_http1=is_http1)
        call.path = self._paths.read(call.target_path)
        if b"host" in header or call.http_version != "1.0":
            self._hosts.check(header.get(b"host", b""))
        if not RARE.isdisjoint(header):
            check_framing(header, is_http1=is_http1, allows_override=self._settings.method_override)
        if call.query:
            self._read_query(call)
        if has_body(header):
            return self._incoming(call, header)
        if is_http1 or call.method not in self._body_methods or b"content-length" in header:
            return None
        return self._uncertain(call, header)

    def read_leniently(self, call: Call) -> Incoming | None:
        """Fill in what can be read of a head that broke a rule, for the other stages of a guard that only watches."""
        call.header = call.header or dict(reversed(call.headers))
        call.path = call.path or unquote(call.target_path.decode("latin-1"), errors="replace")
        if call.query and not call.query_pairs:
            call.query_pairs = parse_qsl(call.query.decode("latin-1"), keep_blank_values=True)
        length = call.header.get(b"content-length", b"0")
        if length == b"0" and b"transfer-encoding" not in call.header:
            return None
        media_type = call.header.get(b"content-type", b"").partition(b";")[0].strip().lower().decode("latin-1")
        call.body_kind = kind_of(media_type)
        return Incoming(ContentType(media_type, call.body_kind))

    def _read_query(self, call: Call) -> None:
        settings = self._settings
        query = call.query
        pairs = read_query(query, longest=settings.longest_query, most=settings.most_parameters)
        call.query_pairs = pairs
        # Where nothing is escaped, the name stands in the query as it is read.
        if not settings.method_override and (PERCENT in query or (_UNDERSCORE in query and b"_method" in query)):
            refuse_method_field(pairs, call.method, "query")

    def _incoming(self, call: Call, header: Mapping[bytes, bytes]) -> Incoming:
        kind = header.get(b"content-type")
        found = self._media.read(kind) if kind is not None else UNTYPED
        call.body_kind = found.kind
        if call.method not in self._body_methods:
            raise UnfitError("protocol.body-unexpected", "body", f"with {call.method}")
        if kind is None and not self._settings.untyped_bodies:
            raise UnfitError("protocol.content-type-missing", "header content-type")
        if found.kind is BodyKind.MULTIPART and not is_boundary(found.boundary):
            raise UnfitError("protocol.multipart", "header content-type", "no boundary, or a malformed one")
        length = announced_length(header) or 0
        if length > largest(self._settings, found.kind):
            raise UnfitError("protocol.body-too-large", "body", f"{length} bytes announced")
        return Incoming(found, self._encoding(header))

    def _uncertain(self, call: Call, header: Mapping[bytes, bytes]) -> Incoming:
        kind = header.get(b"content-type")
        found = self._media.read(kind) if kind is not None else UNTYPED
        call.body_kind = found.kind
        return Incoming(found, self._encoding(header), is_sure=False)

    def _encoding(self, header: Mapping[bytes, bytes]) -> str:
        encoding = header.get(b"content-encoding", b"").lower()
        if encoding in {b"", b"identity"}:
            return ""
        if encoding not in self._encodings:
            raise UnfitError("protocol.content-encoding", "header content-encoding", "a compression that is not taken")
        return encoding.decode()


def largest(settings: ProtocolSettings, kind: BodyKind) -> int:
    """Return the most bytes that a body of that kind may have."""
    if kind is BodyKind.JSON:
        return settings.largest_json
    if kind is BodyKind.FORM:
        return settings.largest_form
    if kind is BodyKind.MULTIPART:
        return settings.largest_multipart
    return settings.largest_binary if kind is BodyKind.BINARY else settings.largest_text


def refuse_method_field(pairs: list[tuple[str, str]], method: str, place: str) -> None:
    """Raise UnfitError where a field `_method` names another method: some frameworks run that one instead."""
    for name, value in pairs:
        if name == "_method" and value.upper() in METHODS_ELSEWHERE and value.upper() != method:
            raise UnfitError("protocol.method-override", f"{place}._method", "a field names another method")


def _described_methods(api: Api | None) -> frozenset[str]:
    return frozenset(operation.method for operation in api.operations) - {"CONNECT"} if api else frozenset()


def _methods_with_bodies(api: Api | None) -> frozenset[str]:
    return frozenset(operation.method for operation in api.operations if operation.bodies) if api else frozenset()


def _described_types(api: Api | None) -> tuple[str, ...]:
    found = {body.media_type for operation in (api.operations if api else ()) for body in operation.bodies}
    return tuple(sorted(found - {"*/*", ""}))


def _key_headers(api: Api | None) -> frozenset[bytes]:
    schemes = api.schemes.values() if api else ()
    names = [scheme.field_name for scheme in schemes if scheme.place is Place.HEADER and scheme.field_name]
    return frozenset(name.lower().encode() for name in names)
