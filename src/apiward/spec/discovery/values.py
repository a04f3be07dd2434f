"""By which values single things may be asked for: what the entries of a list show."""

import re
from collections.abc import Iterator
from typing import Final

from apiward.core.jsonvalue import Json, NotJson
from apiward.spec.discovery.routes import rows
from apiward.spec.meaning import naming

MAX_ENTRIES: Final = 3
MAX_VALUES: Final = 4
_FIT: Final = re.compile(r"[^\s/?#%\\\"'<>\x00-\x1f]{1,100}")
_IDS: Final = ("id", "uuid", "guid", "slug", "key", "code", "number", "handle")


def values_of(answer: Json | NotJson, path: str) -> tuple[tuple[str, str], ...]:
    """Return the values by which the entries of an answer may be asked for below `path`, the likeliest first.

    Each stands beside the name of its field, which is empty for a list of plain values.
    """
    found: dict[tuple[str, str], None] = {}
    for entry in rows(answer)[:MAX_ENTRIES]:
        if isinstance(entry, dict):
            named = sorted(_named(entry, path), key=lambda pair: pair[0])
            found.update(dict.fromkeys(pair for _, pair in named[:MAX_VALUES]))
        elif isinstance(entry, str | int) and not isinstance(entry, bool) and _FIT.fullmatch(str(entry)):
            found["", str(entry)] = None
    return tuple(found)[: 2 * MAX_VALUES]


def _named(entry: dict[str, Json], path: str) -> Iterator[tuple[int, tuple[str, str]]]:
    noun = (naming.nouns(path) or ("",))[-1]
    for name, value in entry.items():
        if isinstance(value, bool) or not isinstance(value, str | int) or not _FIT.fullmatch(str(value)):
            continue
        rank = _rank(name, noun)
        if rank is not None:
            yield rank, (name, str(value))


def _rank(name: str, noun: str) -> int | None:
    words, plain = naming.words(name), naming.plain(name)
    if plain in _IDS:
        return _IDS.index(plain)
    if words and words[-1] in _IDS and noun in words:
        return 10
    if noun and (noun in words or plain in {noun, f"{noun}name"}):
        return 20
    if noun and plain == "username" and noun in {"user", "account", "member", "profile"}:
        return 15
    return 30 if plain in {"name", "title"} else None
