"""Bytes become lines: whole ones alone, with a bound for their length, and nothing but a line feed ends one."""

from typing import Final

from apiward.watch.logs.model import MAX_LINE

_MOST_KEPT: Final = 4 * MAX_LINE


class LineCutter:
    """Takes bytes as they come. `offset` and `number` say how many bytes and lines it has given out."""

    def __init__(self, offset: int = 0, number: int = 0) -> None:
        self.offset = offset
        self.number = number
        self._rest = b""
        self._skipped = 0
        self._start = b""

    def feed(self, data: bytes) -> list[str]:
        """Return the lines that are whole now. Bytes that are no UTF-8 come escaped."""
        if self._skipped:
            return self._after_long(data)
        data = self._rest + data if self._rest else data
        cut = data.rfind(b"\n") + 1
        self._rest = data[cut:]
        if len(self._rest) > _MOST_KEPT:
            self._skipped, self._start, self._rest = len(self._rest), self._rest[: MAX_LINE + 1], b""
        return self._given(data[:cut]) if cut else []

    def end(self) -> list[str]:
        """Return the last line, which no line feed ends."""
        rest, self._rest = self._rest or self._start, b""
        if not rest:
            return []
        size = self._skipped or len(rest)
        self._skipped, self._start = 0, b""
        self.offset += size
        self.number += 1
        return [_text(rest)]

    def _after_long(self, data: bytes) -> list[str]:
        """Pass over the rest of a line that is too long: its beginning stands for it."""
        cut = data.find(b"\n") + 1
        self._skipped += cut or len(data)
        if not cut:
            return []
        line = _text(self._start)
        self.offset += self._skipped
        self.number += 1
        self._skipped, self._start = 0, b""
        return [line, *self.feed(data[cut:])]

    def _given(self, whole: bytes) -> list[str]:
        lines = _text(whole).split("\n")
        lines.pop()
        self.offset += len(whole)
        self.number += len(lines)
        return lines


def _text(data: bytes) -> str:
    return data.decode("utf-8", "backslashreplace")
