"""Text from a target, made harmless to show: nothing hidden, nothing that steers a terminal or a reader."""

from typing import Final

CUT_MARK: Final = "… (cut)"


def neutral(text: str, *, keep: str = "") -> str:
    r"""Return `text` with every control, format and odd space character written as `\x1b` or `\u202e`.

    Characters in `keep` (for example a newline) stay. This covers escape sequences, bidirectional
    overrides, zero-width characters, lone surrogates and what XML 1.0 does not allow.
    """
    if text.isprintable():
        return text
    return "".join(ch if ch.isprintable() or ch in keep else _written_out(ch) for ch in text)


def one_line(text: str) -> str:
    """Return `text` as one harmless line: runs of ordinary white space become one space."""
    return neutral(" ".join(text.split()))


def shortened(text: str, limit: int) -> str:
    """Return at most `limit` characters of `text`, with a mark where something is missing."""
    return text if len(text) <= limit else text[:limit] + CUT_MARK


def _written_out(char: str) -> str:
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
