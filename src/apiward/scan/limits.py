"""What kept the scan from seeing more, in the catalogue's words, each said once."""

from collections.abc import Mapping

from apiward.catalogue.entries import LimitEntry
from apiward.core.scan_report import Limit


class Limits:
    """Collects limits. `entries` are the catalogue's; an id that it does not hold is our own mistake."""

    def __init__(self, entries: Mapping[str, LimitEntry]) -> None:
        self._entries = entries
        self._found: dict[str, Limit] = {}

    def add(self, name: str, **places: object) -> None:
        """Note a limit; a second one of that name is dropped."""
        entry = self._entries[name]
        if name not in self._found:
            texts = (entry.what, entry.cost, entry.remedy)
            what, cost, remedy = (text.format_map(_Filled(places)) for text in texts)
            self._found[name] = Limit(what, cost, remedy, name)

    def drop(self, name: str) -> None:
        """Take a limit back that has been overcome since."""
        self._found.pop(name, None)

    def all(self) -> tuple[Limit, ...]:
        """Return the limits in the order in which they were met."""
        return tuple(self._found.values())


class _Filled(dict[str, object]):
    """Leaves an unfilled place visible rather than losing the whole sentence."""

    def __missing__(self, key: str) -> str:
        return f"({key})"
