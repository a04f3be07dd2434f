"""Which check a person may have meant: by what its code, name, title or family looks like."""

from difflib import get_close_matches
from typing import Final

from apiward.catalogue.entries import CheckEntry
from apiward.catalogue.loading import FAMILIES, load_catalogue
from apiward.catalogue.lookup import nearest

MAX_HINTS: Final = 3
MIN_PART: Final = 3


def near_checks(word: str) -> tuple[str, ...]:
    """Return up to three names that `word` may stand for, the likeliest first; checks as `INJ01 (sql-injection)`."""
    wanted = "-".join(word.casefold().replace("_", " ").split())
    families = get_close_matches(wanted, FAMILIES, n=1)
    checks = load_catalogue().checks.values()
    parts = [entry for entry in checks if len(wanted) >= MIN_PART and _has_part(entry, wanted)]
    named = {entry.name: entry for entry in checks}
    near = [named.get(text, load_catalogue().checks.get(text)) for text in nearest(word, count=MAX_HINTS)]
    entries = dict.fromkeys(entry for entry in (*_by_name(parts, wanted), *near) if entry)
    hints = (*families, *(f"{entry.code} ({entry.name})" for entry in entries))
    return tuple(dict.fromkeys(hints))[:MAX_HINTS]


def _has_part(entry: CheckEntry, wanted: str) -> bool:
    return wanted in entry.name or wanted.replace("-", " ") in entry.title.casefold()


def _by_name(entries: list[CheckEntry], wanted: str) -> list[CheckEntry]:
    return sorted(entries, key=lambda entry: wanted not in entry.name)
