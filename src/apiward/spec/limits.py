"""How much of a description apiward reads before it stops: descriptions may be hostile."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one reading.

    `max_unfolded` counts values that YAML aliases repeat, `max_depth` levels of the text,
    `max_height` levels of a schema with its references followed, `max_seconds` the whole reading.
    """

    max_bytes: int = 20_000_000
    max_depth: int = 200
    max_unfolded: int = 1_000_000
    max_operations: int = 5_000
    max_schemas: int = 300_000
    max_height: int = 60
    max_problems: int = 200
    max_seconds: float = 20.0


DEFAULT_LIMITS: Final = Limits()
