"""The head of an answer: status line and fields, read as strictly as RFC 9112 asks and then some."""

import re
from typing import Final, NamedTuple, TypeVar

from apiward.core.call import AnswerBlock
from apiward.net.proxy.failures import BadAnswerError
from apiward.net.proxy.messages import Fields

_T = TypeVar("_T")
HEAD_LIMIT_BYTES: Final = 128 * 1024
UNTIL_CLOSE: Final = -1
CHUNKED: Final = -2

_VALUE = rb"[^\x00-\x08\x0a-\x1f\x7f]*"
# Values without control characters: no obs-fold, no bare CR or LF, no NUL (RFC 9110, section 5.5).
_FIELD: Final = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(" + _VALUE + rb")")
_STATUS: Final = re.compile(rb"HTTP/1\.([01]) ([1-5][0-9][0-9])(?: " + _VALUE + rb")?")
_LENGTH: Final = re.compile(rb"[0-9]{1,18}")

# Fields that speak of one connection only (RFC 9110, section 7.6.1), and those that frame the body.
_HOP: Final = frozenset(
    b"connection keep-alive proxy-connection transfer-encoding upgrade te trailer proxy-authenticate "
    b"proxy-authentication-info content-length".split()
)
# Fields whose lines come again and again and hold no secret: these may be remembered.
_COMMON: Final = frozenset(
    b"content-type server date vary cache-control x-powered-by access-control-allow-origin accept-ranges "
    b"strict-transport-security x-content-type-options".split()
)
# Lines that say what holds anyway.
_USUAL: Final = frozenset({b"Connection: keep-alive", b"connection: keep-alive", b"Connection: Keep-Alive"})
_MEMORY: Final = 2048
_LINE_LIMIT: Final = 128
_MOST_WHOLE: Final = 256
"""Whole heads that are remembered: with a date in them they are the same for a second, so few are enough."""


class Head(NamedTuple):
    """An answer's head. `length` is the body's bytes, or CHUNKED, or UNTIL_CLOSE.

    `fields` hold no hop-by-hop field; a Content-Length is kept, as the very number that was checked. Where the same
    head came before they are an `AnswerBlock`, which nobody may change.
    `keeps` says whether the connection may be used again.
    """

    status: int
    fields: Fields
    length: int
    keeps: bool


class HeadReader:
    """Reads heads; it remembers common lines, within bounds, since most answers of a server are alike."""

    def __init__(self) -> None:
        self._statuses: dict[bytes, tuple[int, bool]] = {}
        self._plain: dict[bytes, tuple[bytes, bytes]] = {}
        self._lengths: dict[bytes, tuple[tuple[bytes, bytes], int]] = {}
        self._whole: dict[bytes, Head] = {}

    def read(self, raw: bytes) -> Head:
        """Return the head in `raw`, which ends with its empty line; raises BadAnswerError."""
        same = self._whole.get(raw)
        if same is not None:
            return same
        lines = raw[:-4].split(b"\r\n")
        is_common = True
        status, is_old = self._statuses.get(lines[0]) or self._learn_status(lines[0])
        del lines[0]
        fields: Fields = []
        hop: Fields = []
        counted: tuple[tuple[bytes, bytes], int] | None = None
        plain = self._plain.get
        for line in lines:
            pair = plain(line)
            if pair is not None:
                fields.append(pair)
            elif line in _USUAL:
                continue
            elif counted is None and (counted := self._lengths.get(line)) is not None:
                hop.append(counted[0])
            else:
                is_common = False
                pair = self._learn(line)
                (hop if pair[0] in _HOP else fields).append(pair)
        if counted is not None and len(hop) == 1 and not is_old:
            fields.append(counted[0])
            if is_common:  # every line is one of those that come again and again, and holds no secret
                fields = AnswerBlock(fields)
            head = Head(status, fields, counted[1], True)  # noqa: FBT003 - a keyword costs time here
            if is_common:
                _remember(self._whole, raw, head, _MOST_WHOLE)
            return head
        return Head(status, fields, *_framing(hop, fields, is_old=is_old))

    def _learn_status(self, line: bytes) -> tuple[int, bool]:
        match = _STATUS.fullmatch(line)
        if match is None:
            raise BadAnswerError("the answer does not begin with a valid status line")
        known = (int(match[2]), match[1] == b"0")
        if len(self._statuses) < _MEMORY and len(line) <= _LINE_LIMIT:
            self._statuses[line] = known
        return known

    def _learn(self, line: bytes) -> tuple[bytes, bytes]:
        match = _FIELD.fullmatch(line)
        if match is None:
            raise BadAnswerError("a field of the answer is not valid")
        name = match[1].lower()
        pair = (name, match[2].rstrip(b" \t"))
        if len(line) > _LINE_LIMIT:
            return pair
        if name in _COMMON:
            _remember(self._plain, line, pair)
        elif name == b"content-length" and _LENGTH.fullmatch(pair[1]):
            _remember(self._lengths, line, (pair, int(pair[1])))
        return pair


def _remember(memory: dict[bytes, _T], line: bytes, value: _T, most: int = _MEMORY) -> None:
    if len(memory) >= most:
        memory.clear()
    memory[line] = value


def parse_head(raw: bytes) -> Head:
    """Return one head as `HeadReader.read` does."""
    return HeadReader().read(raw)


def _framing(hop: Fields, fields: Fields, *, is_old: bool) -> tuple[int, bool]:
    lengths = {value for name, value in hop if name == b"content-length"}
    codings = [value.lower() for name, value in hop if name == b"transfer-encoding"]
    options = {o.strip().lower() for name, value in hop if name == b"connection" for o in value.split(b",")}
    _drop_named(fields, options)
    keeps = not is_old and b"close" not in options
    if codings:
        if codings != [b"chunked"] or lengths or is_old:
            raise BadAnswerError("the answer's body is framed in an ambiguous way")
        return CHUNKED, keeps
    if len(lengths) > 1:
        raise BadAnswerError("the answer has two lengths")
    if not lengths:
        return UNTIL_CLOSE, keeps
    value = lengths.pop()
    fields.append((b"content-length", value))
    return _number(value), keeps


def _drop_named(fields: Fields, options: set[bytes]) -> None:
    if options - {b"close", b"keep-alive", b"upgrade"}:
        # What a proxy needs for framing and caching is not dropped, whoever names it (RFC 9110, section 7.6.1).
        fields[:] = [pair for pair in fields if pair[0] not in options or pair[0] == b"cache-control"]


def _number(value: bytes) -> int:
    if _LENGTH.fullmatch(value) is None:
        raise BadAnswerError("the answer's length is no number")
    return int(value)
