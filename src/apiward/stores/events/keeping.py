"""What a keeper of events is, and how it says that it cannot keep them now."""

from typing import Protocol

from apiward.stores.events.rows import Cell


class StoreAwayError(Exception):
    """The store cannot be written now (locked, away, disk full): the events wait and are tried again."""


class NewerStoreError(OSError):
    """The store was made by a newer apiward than this one, which must leave it alone."""


class Upkeep(Protocol):
    """Something that is done beside the storing, a little at a time."""

    def run(self, now_s: float, *, is_last: bool = False) -> tuple[str, ...]:
        """Do what is due, and return what the owner should know (mostly nothing); raises what it likes."""
        ...


class Keeper(Protocol):
    """Keeps rows of events for good."""

    def add(self, rows: list[list[Cell]]) -> tuple[str, ...]:
        """Keep all `rows`, and return what the owner should know (mostly nothing); on StoreAwayError none are kept."""
        ...
