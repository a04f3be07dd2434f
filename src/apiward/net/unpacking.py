"""Bodies made whole: content codings undone step by step, so that a small answer cannot grow without bound."""

import zlib
from typing import Final, Protocol

import brotli  # type: ignore[import-untyped] # it ships no types

_MAX_CODINGS: Final = 3


class _Coding(Protocol):
    def undo(self, data: bytes, room: int) -> bytes:
        """Return what `data` unpacks to, at least `room` bytes of it; raises a library's error."""
        ...

    @property
    def is_complete(self) -> bool:
        """Whether the packed data has reached its proper end."""
        ...


class _Zlib:
    def __init__(self, *, is_gzip: bool) -> None:
        self._inflate = zlib.decompressobj(31 if is_gzip else 15)
        self._may_be_raw = not is_gzip

    def undo(self, data: bytes, room: int) -> bytes:
        """Inflate; "deflate" without its zlib wrapper is common enough to be taken as well."""
        try:
            unpacked = self._inflate.decompress(data, room)
        except zlib.error:
            if not self._may_be_raw:
                raise
            self._inflate = zlib.decompressobj(-15)
            unpacked = self._inflate.decompress(data, room)
        self._may_be_raw = False
        return unpacked

    @property
    def is_complete(self) -> bool:
        return self._inflate.eof


class _Brotli:
    def __init__(self) -> None:
        self._inflate = brotli.Decompressor()

    def undo(self, data: bytes, room: int) -> bytes:
        """Inflate in pieces: the library treats its limit as a hint."""
        unpacked = self._inflate.process(data, output_buffer_limit=room)
        while len(unpacked) < room and not self._inflate.can_accept_more_data():
            unpacked += self._inflate.process(b"", output_buffer_limit=room)
        return bytes(unpacked)

    @property
    def is_complete(self) -> bool:
        return bool(self._inflate.is_finished())


class _Layer:
    """One coding with a budget: no layer may give out more than the whole body is allowed."""

    def __init__(self, coding: _Coding, limit_bytes: int) -> None:
        self.coding = coding
        self._room = limit_bytes

    def undo(self, data: bytes) -> tuple[bytes, bool]:
        unpacked = self.coding.undo(data, self._room + 1)
        is_over = len(unpacked) > self._room
        unpacked = unpacked[: self._room]
        self._room -= len(unpacked)
        return unpacked, is_over


class Unpacker:
    """Takes raw pieces of a body and keeps what they unpack to, up to `limit_bytes`.

    What cannot be unpacked from its first byte on, or is packed in a way that apiward does not
    know, is kept as it came. `is_cut` says that something is missing, `detail` what is odd.
    """

    def __init__(self, content_encoding: str, limit_bytes: int) -> None:
        self.is_cut = False
        self.detail = ""
        self._limit_bytes = limit_bytes
        self._raw = bytearray()
        self._unpacked = bytearray()
        self._layers = self._layers_for(content_encoding)

    @property
    def body(self) -> bytes:
        """What there is so far."""
        return bytes(self._unpacked if self._layers else self._raw)

    def feed(self, data: bytes) -> None:
        """Take one raw piece. Once `is_cut` is set there is no use in more."""
        room = self._limit_bytes - len(self._raw)
        self._raw += data[:room]
        if self._layers:
            self._undo(data)
        if len(data) > room:
            self.cut(f"the body is longer than {self._limit_bytes} bytes")

    def finish(self) -> None:
        """Say that the raw body is whole."""
        if self._raw and not all(layer.coding.is_complete for layer in self._layers):
            self.cut("the packed body ends too early")

    def cut(self, detail: str) -> None:
        """Note that the body is not whole, and the first reason for it."""
        self.detail = self.detail or detail
        self.is_cut = True

    def _undo(self, data: bytes) -> None:
        try:
            for layer in self._layers:
                data, is_over = layer.undo(data)
                if is_over:
                    self.cut(f"the body unpacks to more than {self._limit_bytes} bytes")
        except (zlib.error, brotli.error):
            self._give_up()
        else:
            self._unpacked += data

    def _give_up(self) -> None:
        if self._unpacked:
            self.cut("the packed body is damaged")
        else:
            self.detail = "the body is not packed as its header says"
            self._layers = ()

    def _layers_for(self, content_encoding: str) -> tuple[_Layer, ...]:
        names = [name.strip().lower() for name in content_encoding.split(",")]
        names = [name for name in names if name not in {"", "identity"}]
        codings = [_coding(name) for name in reversed(names)]
        known = [coding for coding in codings if coding is not None]
        if len(known) < len(codings) or len(known) > _MAX_CODINGS:
            self.detail = f"the body is packed as {content_encoding[:40]!r} and kept so"
            return ()
        return tuple(_Layer(coding, self._limit_bytes) for coding in known)


def _coding(name: str) -> _Coding | None:
    if name in {"gzip", "x-gzip"}:
        return _Zlib(is_gzip=True)
    if name == "deflate":
        return _Zlib(is_gzip=False)
    return _Brotli() if name == "br" else None
