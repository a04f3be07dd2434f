"""A weakness that was shown, kept under an id that stays the same from scan to scan."""

import hashlib
from dataclasses import dataclass
from enum import IntEnum

from apiward.core.verdict import Confidence, Evidence


class Severity(IntEnum):
    """How bad it is for the business, worst last, so that severities compare."""

    NOTE = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def word(self) -> str:
        """The word that people and files see."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Finding:
    """A BROKEN verdict, de-duplicated and kept. `evidence` is masked before it comes in here."""

    check: str
    operation: str
    place: str
    severity: Severity
    confidence: Confidence
    saw: str
    evidence: Evidence

    @property
    def id(self) -> str:
        """Ten hex digits that depend on check, operation and place alone."""
        return finding_id(self.check, self.operation, self.place)


def finding_id(check: str, operation: str, place: str) -> str:
    """Return the stable id of a weakness: the same weakness has it in every scan."""
    text = f"{check}\x1f{operation}\x1f{place}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10]
