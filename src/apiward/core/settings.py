"""Settings as typed values: each field has a default and a line of help, from which the docs are made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar, cast

HELP: Final = "help"
LEAST: Final = "least"
MOST: Final = "most"

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class NoSettings:
    """For a part that has nothing to set."""


def setting(default: _T, help_text: str, *, least: float | None = None, most: float | None = None) -> _T:
    """Return a dataclass field with its line of help; numbers may have bounds, which are included.

    To a type checker it is the default itself, so that the field's annotation is held against it.
    """
    metadata = {HELP: help_text, LEAST: least, MOST: most}
    if isinstance(default, Mapping | list):
        return cast("_T", field(default_factory=lambda: default, metadata=metadata))
    return field(default=default, metadata=metadata)
