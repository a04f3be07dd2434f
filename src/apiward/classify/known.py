"""Secrets that the scan itself holds, found again in every form in which they travel."""

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import quote, quote_plus

from apiward.classify.signs import sign

MIN_SECRET: Final = 4
"""Shorter secrets are not looked for: masking them everywhere would leave nothing to read."""
MIN_BASE64_SECRET: Final = 6
"""Bytes from which a secret is looked for inside base64: shorter ones leave too few fixed characters."""

_BASE64: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=".decode())


class KnownSecrets:
    """A set of secrets, compiled once. Frozen after construction."""

    __slots__ = ("_forms", "_in_base64", "_plain")

    def __init__(self, secrets: Iterable[str]) -> None:
        kept = sorted({secret for secret in secrets if len(secret) >= MIN_SECRET})
        self._forms = sorted({form for secret in kept for form in _forms(secret)}, key=lambda f: (-len(f), f))
        self._plain = _any_of(self._forms)
        self._in_base64 = _any_of(sorted({core for secret in kept for core in _base64_cores(secret)}))

    def hide(self, text: str) -> str:
        """Return `text` with every known secret replaced by a sign."""
        if self._plain:
            text = self._plain.sub(lambda match: sign(match[0]), text)
        return _hide_runs(text, self._in_base64) if self._in_base64 else text

    def hide_tail(self, text: str) -> str:
        """Return `text` without the beginning of a secret that a cut left at its very end."""
        for form in self._forms:
            for size in range(min(len(form) - 1, len(text)), MIN_SECRET - 1, -1):
                if text.endswith(form[:size]):
                    return text[:-size] + sign(form)
        return text


def _any_of(literals: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(re.escape(literal) for literal in literals)) if literals else None


def _forms(secret: str) -> Iterator[str]:
    safe = secret.encode("utf-8", "replace").decode()
    quoted = (quote(safe, safe=""), quote(safe), quote_plus(safe))
    yield from (secret, *quoted)
    # Hex digits of percent-encoding may be lower case as well (RFC 3986, section 2.1).
    yield from (re.sub(r"%[0-9A-F]{2}", lambda match: match[0].lower(), form) for form in quoted)
    yield from (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])
    yield html.escape(secret)


def _base64_cores(secret: str) -> Iterator[str]:
    """Yield the characters that base64 gives `secret` whatever stands before and after it."""
    raw = secret.encode("utf-8", "replace")
    if len(raw) < MIN_BASE64_SECRET:
        return
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + raw)
        first = (0, 2, 3)[before]
        last = (before + len(raw)) * 8 // 6
        core = encoded[first:last].decode()
        yield core
        yield core.replace("+", "-").replace("/", "_")


def _hide_runs(text: str, pattern: re.Pattern[str]) -> str:
    """Replace every run of base64 characters in which `pattern` stands."""
    pieces: list[str] = []
    done = 0
    for match in pattern.finditer(text):
        if match.start() < done:
            continue
        start, end = match.span()
        while start > done and text[start - 1] in _BASE64:
            start -= 1
        while end < len(text) and text[end] in _BASE64:
            end += 1
        pieces += [text[done:start], sign(text[start:end])]
        done = end
    return "".join([*pieces, text[done:]])
