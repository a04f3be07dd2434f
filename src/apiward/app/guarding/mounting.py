"""Which path of a request the guard judges, where its app stands below a prefix (ASGI's `root_path`).

What is judged must be what the app routes by, and must fit the description. Frameworks cut the prefix off a little
differently, so a path for which they would not agree is judged as none at all, and refused.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

from apiward.net.messages import Message

UNCLEAR: Final = b"*"
"""No path: the protocol stage refuses it."""
_SAFE: Final = "/:@!$&'()*+,;=-._~"


@dataclass(frozen=True, slots=True)
class Mounting:
    """How an app stands to its description.

    `bases` are the prefixes of the described paths; `left_out` is one that the description
    names for the world outside, while the app itself answers without it too.
    """

    bases: frozenset[str] = frozenset()
    left_out: str = ""

    def target(self, scope: Message) -> bytes:
        """Return the path to judge, with its escapes; UNCLEAR where frameworks read it in different ways."""
        path: str = scope["path"]
        raw = _raw(path, scope.get("raw_path"))
        root: str = (scope.get("root_path") or "").rstrip("/")
        if root:
            raw = self._below(root, path, raw)
        if self.left_out and _is_below(raw, prefix := _quoted(self.left_out)):
            raw = raw[len(prefix) :] or b"/"
        return raw

    def _below(self, root: str, path: str, raw: bytes) -> bytes:
        prefix = _quoted(root)
        is_described = any(base == root or base.startswith(f"{root}/") for base in self.bases)
        if path == root or path.startswith(f"{root}/"):
            if is_described or not _is_below(raw, prefix):  # the latter is an escape that the protocol stage refuses
                return raw
            return raw[len(prefix) :] or b"/"
        if root in path:
            return UNCLEAR
        return prefix + raw if is_described else raw


def _raw(path: str, raw: bytes | None) -> bytes:
    """Return the path with the escapes that came, as far as they belong to `path`: by that one apps route."""
    raw = (raw or b"").partition(b"?")[0]
    text = raw.decode("latin-1")
    if text == path and "%" not in text:
        return raw
    start = 0
    while start >= 0:  # a mount may have cut a prefix off the path alone
        if unquote(text[start:]) == path:
            return raw[start:]
        start = text.find("/", start + 1)
    return _quoted(path)


def _is_below(raw: bytes, prefix: bytes) -> bool:
    return raw.startswith(prefix) and raw[len(prefix) : len(prefix) + 1] in (b"", b"/")


def _quoted(path: str) -> bytes:
    return quote(path, safe=_SAFE, errors="surrogateescape").encode("ascii")
