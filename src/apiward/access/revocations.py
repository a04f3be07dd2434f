"""Tokens that were taken back before their end."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Protocol

from apiward.core.jsonvalue import Json

Marks = tuple[str, ...]
"""What a token can be taken back by, as `jti|issuer|value`, `sid|…`, `sub|…`, or `token||hash`."""

_CLAIMS: Final = ("jti", "sid", "sub")
_WHOLE: Final = ("jti|", "sid|", "token|")
"""Marks of what ends for good, whenever it was issued."""
MAX_REVOCATIONS: Final = 200_000


class Revocations(Protocol):
    """Says whether a token was taken back. Asked for every request, so it must answer from memory."""

    def is_revoked(self, marks: Marks, issued_s: float, now_s: float) -> bool:
        """Return whether a token with one of these marks, issued then, is no longer good."""
        ...

    def revoke(self, which: str, *, now_s: float, until_s: float) -> None:
        """Take back what bears the mark `which`. Raises OverflowError where no more can be kept."""
        ...


def mark(claim: str, issuer: str, value: str) -> str:
    """Return the mark of a token's `jti` (one token), `sid` (one session) or `sub` (one person)."""
    return f"{claim}|{issuer}|{value}"


def marks_of(claims: Mapping[str, Json], issuer: str, subject: str) -> Marks:
    """Return the marks of a verified token; `subject` is the id that its Principal has."""
    values = {"jti": claims.get("jti"), "sid": claims.get("sid"), "sub": subject}
    return tuple(mark(name, issuer, str(values[name])) for name in _CLAIMS if values[name] not in (None, ""))


class RevocationList:
    """Keeps revocations in memory, each until the last token that it concerns has ended anyway."""

    def __init__(self, *, size: int = MAX_REVOCATIONS) -> None:
        self._size = size
        self._revoked: dict[str, tuple[float, float]] = {}

    @property
    def entries(self) -> Mapping[str, tuple[float, float]]:
        """The marks with (revoked_s, until_s), to be kept by a store."""
        return MappingProxyType(self._revoked)

    def revoke(self, which: str, *, now_s: float, until_s: float) -> None:
        """Take back what bears the mark `which` and was issued up to now. Raises OverflowError where the list is full.

        A person who logs in again afterwards gets tokens that are good. `until_s` is when the
        last token concerned ends by itself.
        """
        if len(self._revoked) >= self._size and which not in self._revoked:
            self._forget_past(now_s)
            if len(self._revoked) >= self._size:
                raise OverflowError(f"the list of revoked tokens is full ({self._size})")
        self._revoked[which] = (now_s, until_s)

    def restore(self, which: str) -> None:
        """Undo a revocation."""
        self._revoked.pop(which, None)

    def is_revoked(self, marks: Marks, issued_s: float, now_s: float) -> bool:
        """Return whether one of `marks` was taken back at or after `issued_s`."""
        if not self._revoked:
            return False
        for which in marks:
            held = self._revoked.get(which)
            if held is not None and now_s < held[1] and (issued_s <= held[0] or which.startswith(_WHOLE)):
                return True
        return False

    def _forget_past(self, now_s: float) -> None:
        self._revoked = {which: held for which, held in self._revoked.items() if held[1] > now_s}
