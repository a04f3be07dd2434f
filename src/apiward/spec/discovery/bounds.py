"""How far looking for operations goes before it stops."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bounds of one discovery: requests, seconds, bytes of answers, pages and scripts read, links in a row."""

    requests: int = 1_500
    seconds: float = 120.0
    max_bytes: int = 40_000_000
    pages: int = 60
    depth: int = 4
    operations: int = 1_000


DEFAULT_BOUNDS: Final = Bounds()
