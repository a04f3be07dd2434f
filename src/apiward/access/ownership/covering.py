"""Which operations a rule about objects speaks of: `GET /notes/{id}`, `* /notes/{id}`, `/notes/**`."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from apiward.access.ownership.places import names_in
from apiward.core.api import Operation

_PARAMETER: Final = re.compile(r"\{[^{}/]*\}")
_PIECES: Final = re.compile(r"(\{[^{}/]*\}|/\*\*$|\*\*|\*)")
_WILD: Final = {"/**": "(?:/.*)?", "**": ".*", "*": "[^/]*"}


@dataclass(frozen=True, slots=True)
class Pattern:
    """One entry of a rule's `operations`. `method` is "*" for all."""

    text: str
    method: str
    path: str

    @classmethod
    def read(cls, text: str) -> "Pattern":
        """Return the pattern that is written as `GET /notes/{id}` or `/notes/**`. Raises ValueError."""
        method, _, path = text.rpartition(" ")
        if not path.startswith("/"):
            raise ValueError(f"operations: {text!r} is none; write 'GET /notes/{{id}}' or '/notes/**'")
        return cls(text, method.upper() or "*", path)

    @property
    def is_wild(self) -> bool:
        """Whether it speaks of more than one path."""
        return "*" in self.path

    def covers(self, operation: Operation) -> bool:
        """Return whether it speaks of a described operation; names of parameters do not count."""
        if self.method not in ("*", operation.method.upper()):
            return False
        paths = (operation.path, operation.base_path + operation.path)
        if self.is_wild:
            pattern = self.compiled()
            return any(pattern.fullmatch(path) for path in paths)
        return _PARAMETER.sub("{}", self.path) in {_PARAMETER.sub("{}", path) for path in paths}

    def compiled(self) -> re.Pattern[str]:
        """Return the pattern for paths as they come; each parameter is a group."""
        pieces = (_piece(piece) for piece in _PIECES.split(self.path) if piece)
        return re.compile("".join(pieces), re.DOTALL)

    def template(self, operation: Operation | None) -> str:
        """Return the path template by whose names places are told: the rule's own, where it has names."""
        if operation is None or (names_in(self.path) and not self.is_wild):
            return self.path
        return operation.path


def check_known(patterns: Iterable[Pattern], operations: tuple[Operation, ...]) -> None:
    """Raise ValueError where a pattern speaks of nothing that is described, with what is nearest."""
    if not operations:
        return
    keys = [operation.key for operation in operations]
    for pattern in patterns:
        if any(pattern.covers(operation) for operation in operations):
            continue
        near = difflib.get_close_matches(pattern.text, keys, n=1, cutoff=0.4)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"operations: the description has no {pattern.text!r}{hint}")


def _piece(piece: str) -> str:
    if piece in _WILD:
        return _WILD[piece]
    return "([^/]+)" if piece.startswith("{") else re.escape(piece)
