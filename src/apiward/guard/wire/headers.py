"""Headers as a whole: their number and size, their spelling, and which may come only once."""

import string
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from apiward.core.call import RawHeaders
from apiward.guard.wire.framing import METHOD_OVERRIDES, PATH_OVERRIDES
from apiward.guard.wire.unfit import UnfitError

SINGLE_HEADERS: Final = frozenset(
    b"""host content-length content-type content-encoding transfer-encoding authorization proxy-authorization cookie
    expect upgrade te range if-range origin referer user-agent from date max-forwards if-modified-since
    if-unmodified-since access-control-request-method x-api-key api-key x-auth-token x-access-token x-csrf-token
    idempotency-key dpop sec-websocket-key sec-websocket-version x-real-ip""".split()
)
"""Of which a second one is a contradiction: one parser takes the first, the next takes the last."""

_NAME: Final = string.ascii_lowercase.encode() + string.digits.encode() + b"!#$%&'*+-.^_`|~"
_VALUE: Final = bytes([9, *range(0x20, 0x7F), *range(0x80, 0x100)])


@dataclass(frozen=True, slots=True)
class HeaderRules:
    """`most` counts headers; `longest` is one header with its name, `largest` all of them, in bytes."""

    most: int = 100
    longest: int = 8_192
    largest: int = 32_768
    single: frozenset[bytes] = SINGLE_HEADERS

    def read(self, headers: RawHeaders, *, is_http1: bool) -> dict[bytes, bytes]:
        """Return the headers by name, of repeated ones the first, cookies of HTTP/2 joined. Raises UnfitError."""
        if len(headers) > self.most:
            raise UnfitError("protocol.headers-too-large", "headers", f"{len(headers)} headers")
        header = dict(headers)
        names, values = b"".join(header), b"".join([value for _, value in headers])
        if len(names) + len(values) > self.longest:
            self._refuse_long(headers)
        if names.translate(None, _NAME) or b"" in header:
            raise UnfitError("protocol.header-syntax", "headers", "a name with signs that are not allowed")
        if values.translate(None, _VALUE):
            raise UnfitError("protocol.header-syntax", "headers", "a value with control characters")
        if b"_" in names or b"." in names:
            self._refuse_look_alikes(header)
        return header if len(header) == len(headers) else self._first_of_each(headers, is_http1=is_http1)

    def _refuse_long(self, headers: RawHeaders) -> None:
        sizes = [len(name) + len(value) for name, value in headers]
        if sum(sizes) > self.largest or max(sizes) > self.longest:
            raise UnfitError("protocol.headers-too-large", "headers", f"{sum(sizes)} bytes, one of {max(sizes)}")

    def _refuse_look_alikes(self, names: Iterable[bytes]) -> None:
        # CGI-like servers (WSGI, PHP, Apache) read `content_length`, `content.length` and `content-length` as one
        for name in names:
            twin = name.replace(b"_", b"-").replace(b".", b"-")
            if twin != name and (twin in self.single or twin in METHOD_OVERRIDES or twin in PATH_OVERRIDES):
                raise UnfitError("protocol.header-syntax", f"header {twin.decode()}", "spelt with other signs")

    def _first_of_each(self, headers: RawHeaders, *, is_http1: bool) -> dict[bytes, bytes]:
        header = dict(reversed(headers))
        names = [name for name, _ in headers]
        for name in header:
            if name in self.single and names.count(name) > 1 and (is_http1 or name != b"cookie"):
                raise UnfitError("protocol.header-repeated", f"header {name.decode()}", "more than once")
        cookies = [value for name, value in headers if name == b"cookie"]
        if cookies:
            header[b"cookie"] = b"; ".join(cookies)  # RFC 9113, section 8.2.3
        return header
