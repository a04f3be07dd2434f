"""One request as a `curl` line that is safe to paste into a shell; secrets become `$TOKEN`."""

import re
import shlex
from typing import Final

from apiward.core.exchange import Exchange, Request

BODY_FILE: Final = "body.bin"
_FILL_IN: Final = '"$TOKEN"'
_OWN_HEADERS: Final = frozenset(
    {"host", "content-length", "connection", "accept-encoding", "transfer-encoding", "user-agent"}
)
_SECRET_NAME: Final = re.compile(
    r"auth|cookie|token|session|secret|passw|credential|signature|(^|[-_])(key|jwt|sid)$|api-?_?key", re.IGNORECASE
)
_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_SCHEME: Final = re.compile(r"[A-Za-z][\w-]{0,20} ")
_QUERY_FIELD: Final = re.compile(r"([?&])([^=&#]+)=([^&#]*)")


def curl_line(exchange: Exchange) -> str:
    """Return the request of `exchange` as one `curl` command (POSIX shell; bash for odd bytes).

    A body that no command line can carry (a NUL, no UTF-8) is named as a file to provide.
    """
    request = exchange.request
    parts = ["curl", "-sSi", *_method(request), "--globoff", _url(request.url)]
    for name, value in request.headers:
        if name.lower() not in _OWN_HEADERS and _HEADER_NAME.fullmatch(name):
            parts += ["-H", _header(name, value)]
    return " ".join([*parts, *_body(request.body)])


def quoted(text: str) -> str:
    r"""Return `text` as one shell word; control and bidirectional characters as `$'\x1b'` (bash, zsh)."""
    if all(ch.isprintable() or ch in "\n\t" for ch in text):
        return shlex.quote(text)
    return "$'" + "".join(_ansi_c(byte) for byte in text.encode("utf-8", "replace")) + "'"


def _method(request: Request) -> list[str]:
    if request.method == "HEAD":
        return ["--head"]
    return [] if request.method == "GET" and not request.body else ["-X", quoted(request.method)]


def _url(url: str) -> str:
    """Secret query fields are cut out of the quotes, so that the shell fills them in."""
    words, end = "", 0
    for match in _QUERY_FIELD.finditer(url):
        if _SECRET_NAME.search(match[2]):
            words += quoted(url[end : match.start(3)]) + _FILL_IN
            end = match.end(3)
    rest = url[end:]
    return words + (quoted(rest) if rest or not words else "")


def _header(name: str, value: str) -> str:
    if not _SECRET_NAME.search(name):
        return quoted(f"{name}: {value}") if value else quoted(f"{name};")
    if name.lower() == "cookie":
        names = (quoted(part.partition("=")[0].strip() + "=") + _FILL_IN for part in value.split(";"))
        return quoted("Cookie: ") + "'; '".join(names)
    scheme = _SCHEME.match(value)
    return quoted(f"{name}: {scheme[0] if scheme else ''}") + _FILL_IN


def _body(body: bytes) -> list[str]:
    if not body:
        return []
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return ["--data-binary", f"@{BODY_FILE}"]
    # --data-raw, because --data reads a file where the text starts with "@".
    return ["--data-binary", f"@{BODY_FILE}"] if "\0" in text else ["--data-raw", quoted(text)]


def _ansi_c(byte: int) -> str:
    char = chr(byte)
    if char in "\\'":
        return "\\" + char
    return char if 0x20 <= byte < 0x7F else f"\\x{byte:02x}"
