"""The manifest of a bundle: each piece with its hash, and a chain over all of them whose head stands for the whole."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from apiward.core.jsonvalue import Json

SCHEMA: Final = "apiward.evidence/1"
MAX_PIECES: Final = 1_000
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}(/[a-z0-9][a-z0-9._-]{0,79}){0,3}")


class ManifestError(ValueError):
    """It is no manifest, or not one that fits together."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of a bundle. Names are of small letters, digits, dots and dashes, in folders at most three deep."""

    name: str
    body: bytes

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or ".." in self.name:
            raise ValueError(f"{self.name!r} is no name of a piece")


@dataclass(frozen=True, slots=True)
class Line:
    """What the manifest says of one piece; `chain` is the hash of the chain up to it."""

    name: str
    size: int
    sha256: str
    chain: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`made` is when it was made (UTC), `about` what it is about. `head` is the end of the chain."""

    made: str
    about: Mapping[str, str]
    lines: tuple[Line, ...]
    head: str

    @classmethod
    def of(cls, pieces: Sequence[Piece], *, made: str, about: Mapping[str, str]) -> Self:
        """Return the manifest of pieces, in their order. Raises ValueError where two have one name."""
        if len({piece.name for piece in pieces}) < len(pieces) or len(pieces) > MAX_PIECES:
            raise ValueError("two pieces have the same name, or there are too many")
        lines: list[Line] = []
        link = begin(made, about)
        for piece in pieces:
            digest = hashlib.sha256(piece.body).hexdigest()
            link = following(link, piece.name, len(piece.body), digest)
            lines.append(Line(piece.name, len(piece.body), digest, link))
        return cls(made, dict(about), tuple(lines), link)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a manifest; raises ManifestError. Whether its chain fits is for `broken_link` to say."""
        try:
            table = json.loads(text)
            schema = str(table["schema"])
            about = {str(name): str(value) for name, value in table["about"].items()}
            lines = tuple(
                Line(str(row["name"]), int(row["size"]), str(row["sha256"]), str(row["chain"]))
                for row in table["pieces"]
            )
            found = cls(str(table["made"]), about, lines, str(table["head"]))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError) as error:
            raise ManifestError("it is no manifest") from error
        if schema != SCHEMA:
            raise ManifestError(f"its schema is not {SCHEMA}")
        if len({line.name for line in lines}) < len(lines) or len(lines) > MAX_PIECES:
            raise ManifestError("it names a piece twice, or too many")
        return found

    @property
    def text(self) -> str:
        """The manifest as JSON."""
        pieces: list[Json] = [
            {"name": line.name, "size": line.size, "sha256": line.sha256, "chain": line.chain} for line in self.lines
        ]
        table: dict[str, Json] = {
            "schema": SCHEMA,
            "made": self.made,
            "about": dict(self.about),
            "pieces": pieces,
            "head": self.head,
        }
        return json.dumps(table, indent=1, ensure_ascii=True) + "\n"

    @property
    def broken_link(self) -> str:
        """The first piece at which the chain does not fit, "head" where only its end does not, or an empty text."""
        link = begin(self.made, self.about)
        for line in self.lines:
            link = following(link, line.name, line.size, line.sha256)
            if link != line.chain:
                return line.name
        return "" if link == self.head else "head"

    @property
    def claim(self) -> str:
        """The text that is signed: what, when, and the head."""
        return f"apiward evidence\n{self.made}\n{self.head}\n"


def begin(made: str, about: Mapping[str, str]) -> str:
    """Return the beginning of the chain: when and what about belong to what is chained."""
    return _hashed([SCHEMA, made, dict(sorted(about.items()))])


def following(link: str, name: str, size: int, digest: str) -> str:
    """Return the next link of the chain."""
    return _hashed([link, name, size, digest])


def _hashed(value: object) -> str:
    return hashlib.sha256(json.dumps(value, separators=(",", ":"), ensure_ascii=True).encode()).hexdigest()
