"""What a key may reach: methods on groups of paths, as `GET /orders/**` or `* /reports`."""

import re
from dataclasses import dataclass
from typing import Final

MAX_SCOPES: Final = 100
_SCOPE: Final = re.compile(r"(\*|[A-Z]+(?:,[A-Z]+)*) (/[^\s?#]{0,500})")


@dataclass(frozen=True, slots=True)
class Scope:
    """One group. In `path`, `*` stands for one segment, and `**` at the end for any number of them, also none."""

    methods: frozenset[str]
    path: str

    @classmethod
    def parse(cls, text: str) -> "Scope":
        """Return the scope that `text` says. Raises ValueError with advice."""
        hit = _SCOPE.fullmatch(text.strip())
        if hit is None or "**" in hit.group(2).removesuffix("/**"):
            raise ValueError(f"{text!r} is no scope; write METHOD /path, as in GET /orders/** or * /reports/*")
        return cls(frozenset(hit.group(1).split(",")), hit.group(2))

    @property
    def text(self) -> str:
        """The scope as it is written."""
        return f"{','.join(sorted(self.methods))} {self.path}"

    def covers(self, method: str, path: str) -> bool:
        """Return whether the scope allows `method` on `path` (decoded, in its normal form). GET allows HEAD as well."""
        if "*" not in self.methods and ("GET" if method == "HEAD" else method) not in self.methods:
            return False
        if "*" not in self.path:
            return path == self.path
        return _fits(self.path.split("/"), path.split("/"))


def _fits(wanted: list[str], given: list[str]) -> bool:
    if wanted[-1] == "**":
        wanted = wanted[:-1]
        if len(given) < len(wanted):
            return False
        given = given[: len(wanted)]
    if len(wanted) != len(given):
        return False
    return all(part in ("*", own) and (part != "*" or own != "") for part, own in zip(wanted, given, strict=True))
