"""Edits a long JSON array while it streams by: each element is complete when it is judged, and is then sent on.

Takes a top-level array, or an object: its members are judged one by one, and those that are arrays
element by element. What is held is one element at most; an element that is longer than allowed is
left out and counted. What is no JSON after all goes on as it is.
"""

import re
from enum import Enum
from typing import Final, Protocol

MAX_ELEMENT: Final = 4 * 1024 * 1024
"""Bytes of one element that are held; a longer one does not leave."""

_SPACE: Final = b" \t\r\n"
_INSIDE: Final = re.compile(rb'(?>(?:[^"\\]++|\\.)*)', re.DOTALL)
_QUOTE: Final = 0x22
# Strings and all else but brackets: one step over the whole flat inside of an element.
_FLAT: Final = re.compile(rb'[^"\[\]{}]*+(?>(?:"(?>(?:[^"\\]++|\\.)*)"[^"\[\]{}]*+)*)', re.DOTALL)
_SCALAR: Final = re.compile(rb"[^\s,\[\]{}\"]*+")
_STRING: Final = re.compile(rb'"(?>(?:[^"\\]++|\\.)*)"', re.DOTALL)
_KEY_MAX: Final = 4_096
_BOM: Final = b"\xef\xbb\xbf"


class ElementEditor(Protocol):
    """Judges what stands in the answer. `name` is the member in which it stands, empty at the top."""

    def opens(self, name: str) -> bool:
        """Return whether the member may leave at all."""
        ...

    def element(self, name: str, raw: bytes) -> bytes | None:
        """Return the element of an array as it may leave, or None where it may not."""
        ...

    def member(self, name: str, raw: bytes) -> bytes | None:
        """Return the value of a member as it may leave, or None where it may not."""
        ...


class _At(Enum):
    START = 0
    KEY = 1
    COLON = 2
    VALUE = 3
    AFTER_VALUE = 4
    ELEMENT = 5
    AFTER_ELEMENT = 6
    END = 7
    RAW = 8


class ArrayEditor:
    """Feed it the chunks of an answer in order; each call returns what may be sent on now."""

    __slots__ = (
        "_at", "_buffer", "_depth", "_editor", "_is_first", "_is_nested", "_is_outer_first", "_is_shut", "_is_too_long",
        "_lead", "_max_element", "_name", "_pos", "_steps", "_text", "left_out",
    )  # fmt: skip

    def __init__(self, editor: ElementEditor, *, max_element: int = MAX_ELEMENT) -> None:
        self._editor = editor
        self._max_element = max_element
        self._buffer = bytearray()
        self._pos = 0
        self._at = _At.START
        self._depth = 0
        self._name = ""
        self._lead = b""
        self._is_first = True
        self._is_outer_first = True
        self._is_nested = False
        self._is_shut = False
        self._is_too_long = False
        self.left_out = 0
        self._text = -1  # within an unfinished text, how far it has been read
        self._steps = {
            _At.START: self._start,
            _At.KEY: self._key,
            _At.COLON: self._colon,
            _At.VALUE: self._value,
            _At.AFTER_VALUE: self._after_value,
            _At.ELEMENT: self._element,
            _At.AFTER_ELEMENT: self._after_element,
        }

    def feed(self, chunk: bytes) -> bytes:
        """Take the next piece of the answer, return what may leave now."""
        out: list[bytes] = []
        self._buffer += chunk
        while self._at not in (_At.RAW, _At.END):
            if not self._steps[self._at](out):
                return b"".join(out)
        # After the end of the value, white space may follow, and nothing else.
        if self._at is _At.RAW or self._buffer.isspace():
            out.append(bytes(self._buffer))
        elif self._buffer:
            self.left_out += 1
        self._buffer.clear()
        return b"".join(out)

    def end(self) -> bytes:
        """Return what is left when the answer ends. An answer that was cut short ends where it was cut."""
        rest = bytes(self._buffer) if self._at is _At.START else b""
        self._buffer.clear()
        return rest

    def _next(self) -> int:
        """Drop white space; return the next byte, or -1 where there is none yet."""
        buffer = self._buffer
        at = 0
        while at < len(buffer) and buffer[at] in _SPACE:
            at += 1
        del buffer[:at]
        return buffer[0] if buffer else -1

    def _raw(self) -> bool:
        self._at = _At.RAW
        return True

    def _start(self, out: list[bytes]) -> bool:
        first = self._next()
        if first == _BOM[0] and len(self._buffer) >= len(_BOM) and self._buffer.startswith(_BOM):
            del self._buffer[: len(_BOM)]
            first = self._next()
        if first < 0 or (first == _BOM[0] and len(self._buffer) < len(_BOM)):
            return False
        if first not in b"[{":
            return self._raw()
        out.append(bytes(self._buffer[:1]))
        del self._buffer[:1]
        self._is_nested = first == 0x7B
        self._at = _At.KEY if self._is_nested else _At.ELEMENT
        return True

    def _key(self, out: list[bytes]) -> bool:
        first = self._next()
        if first == 0x7D:
            out.append(b"}")
            return self._finish()
        found = _STRING.match(self._buffer) if first == 0x22 else None
        if found is None:
            if first < 0 or (first == 0x22 and len(self._buffer) < _KEY_MAX):
                return False
            return self._stop()
        raw = found[0]
        self._name = raw[1:-1].decode("utf-8", "replace")
        self._lead = raw + b":"
        del self._buffer[: len(raw)]
        self._at = _At.COLON
        return True

    def _colon(self, out: list[bytes]) -> bool:  # noqa: ARG002 - all steps are called alike
        first = self._next()
        if first < 0:
            return False
        if first != 0x3A:
            return self._stop()
        del self._buffer[:1]
        self._at = _At.VALUE
        return True

    def _value(self, out: list[bytes]) -> bool:
        if not self._depth:
            first = self._next()
            if first < 0:
                return False
            if first == 0x5B:
                return self._open_array(out)
        raw = self._complete()
        if raw is None:
            return False
        shown = None if self._is_shut else self._judged(raw, is_member=True)
        if shown is not None:
            self._put(out, self._lead + shown)
        self._at = _At.AFTER_VALUE
        return True

    def _open_array(self, out: list[bytes]) -> bool:
        self._is_shut = not self._editor.opens(self._name)
        if not self._is_shut:
            self._put(out, self._lead + b"[")
        del self._buffer[:1]
        self._is_outer_first, self._is_first = self._is_first, True
        self._at = _At.ELEMENT
        return True

    def _after_value(self, out: list[bytes]) -> bool:
        first = self._next()
        if first < 0:
            return False
        del self._buffer[:1]
        if first == 0x7D:
            out.append(b"}")
            return self._finish()
        self._at = _At.KEY
        return first == 0x2C or self._stop()

    def _element(self, out: list[bytes]) -> bool:
        if not self._depth:
            first = self._next()
            if first < 0:
                return False
            if first == 0x5D:
                return self._close_array(out)
        raw = self._complete()
        if raw is None:
            return False
        shown = None if self._is_shut else self._judged(raw, is_member=False)
        if shown is not None:
            self._put(out, shown)
        self._at = _At.AFTER_ELEMENT
        return True

    def _after_element(self, out: list[bytes]) -> bool:
        first = self._next()
        if first < 0:
            return False
        if first == 0x5D:
            return self._close_array(out)
        del self._buffer[:1]
        self._at = _At.ELEMENT
        return first == 0x2C or self._stop()

    def _close_array(self, out: list[bytes]) -> bool:
        del self._buffer[:1]
        if not self._is_shut:
            out.append(b"]")
        if not self._is_nested:
            return self._finish()
        self._is_first, self._is_shut = self._is_outer_first, False
        self._at = _At.AFTER_VALUE
        return True

    def _put(self, out: list[bytes], piece: bytes) -> None:
        if not self._is_first:
            out.append(b",")
        self._is_first = False
        out.append(piece)

    def _judged(self, raw: bytes, *, is_member: bool) -> bytes | None:
        if self._is_too_long:
            self._is_too_long = False
            self.left_out += 1
            return None
        return self._editor.member(self._name, raw) if is_member else self._editor.element(self._name, raw)

    def _finish(self) -> bool:
        self._at = _At.END
        return True

    def _stop(self) -> bool:
        """Send nothing more: what comes is no JSON, so it cannot be judged."""
        self._buffer.clear()
        self._depth = 0
        self._at = _At.END
        self.left_out += 1
        return True

    def _complete(self) -> bytes | None:
        """Return the next whole value and take it out of the buffer, or None where its end is not there yet."""
        if self._text >= 0:
            if not self._ends_text():
                return None
            if not self._depth:
                return self._taken()
        while self._goes_on():
            if self._buffer[self._pos] == _QUOTE:
                self._text = self._pos + 1
                if not self._ends_text():
                    return None
            elif not self._brackets():
                return self._scalar()
            if not self._depth:
                return self._taken()
        self._forget_if_too_long()
        return None

    def _goes_on(self) -> bool:
        """Step over what is flat inside a value; whether something is left to look at."""
        if self._depth:
            self._pos = _FLAT.match(self._buffer, self._pos).end()  # type: ignore[union-attr]  # matches nothing as well
        return self._pos < len(self._buffer)

    def _brackets(self) -> bool:
        """Step over a bracket; False where there is none."""
        if self._buffer[self._pos] in b"[{":
            self._depth += 1
        elif self._depth:
            self._depth -= 1
        else:
            return False
        self._pos += 1
        return True

    def _ends_text(self) -> bool:
        """Go on in a text from where it was left; whether its end has come."""
        end = _INSIDE.match(self._buffer, self._text).end()  # type: ignore[union-attr]  # matches nothing as well
        if end < len(self._buffer) and self._buffer[end] == _QUOTE:
            self._pos, self._text = end + 1, -1
            return True
        self._text = end
        self._forget_if_too_long()
        return False

    def _scalar(self) -> bytes | None:
        found = _SCALAR.match(self._buffer, self._pos)
        end = found.end() if found else self._pos
        if end >= len(self._buffer):
            self._forget_if_too_long()
            return None
        if end == self._pos:
            self._stop()
            return None
        self._pos = end
        return self._taken()

    def _taken(self) -> bytes:
        raw = bytes(self._buffer[: self._pos])
        del self._buffer[: self._pos]
        self._pos = 0
        return raw

    def _forget_if_too_long(self) -> None:
        """Keep no more of a value that is too long than what is needed to find its end."""
        if len(self._buffer) <= self._max_element:
            return
        self._is_too_long = True
        if self._text >= 0:
            del self._buffer[self._pos + 1 : self._text]
            self._text = 1
        elif not self._depth:
            self._stop()
            return
        del self._buffer[: self._pos]
        self._pos = 0
