"""What everybody was seen to be shown, and where an object was seen."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import NotJson, leaves
from apiward.scan.ownership import objects
from apiward.scan.ownership.keeping import kept
from apiward.scan.ownership.objects import OwnedObject
from apiward.scan.ownership.private_texts import texts_in
from apiward.spec.meaning import naming

MAX_IDS: Final = 4_000
_ID_KEYS: Final = ("id", "uuid", "guid")


class Sightings:
    """The last exchange of each operation and viewer, cut, and an index of the marks and identifiers in it."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], Exchange] = {}
        self._shown_marks: dict[str, set[str]] = defaultdict(set)
        self._shown_texts: dict[str, set[int]] = defaultdict(set)
        self._overfull: set[str] = set()
        self._where: dict[tuple[str, object], dict[str, None]] = defaultdict(dict)

    def keep(self, key: str, viewer: str, exchange: Exchange, *, is_meant: bool = True) -> None:
        """Keep what `viewer` ("" for anonymous) got from the operation of that key.

        What comes from one that is not meant for the viewer makes nothing public: it is a weakness of its own.
        """
        if exchange.is_success and is_meant:
            self._shown_marks[viewer] |= objects.marks_in(exchange.text)
            self._note_texts(viewer, exchange)
        self._seen[key, viewer] = kept(exchange)
        for sign in _signs_in(exchange):
            self._where[viewer, sign][key] = None

    def get(self, key: str, viewer: str) -> Exchange | None:
        """Return what was kept, or None where the viewer was not seen to ask."""
        return self._seen.get((key, viewer))

    def __iter__(self) -> Iterator[tuple[str, str, Exchange]]:
        for (key, viewer), exchange in self._seen.items():
            yield key, viewer, exchange

    def is_shown(self, viewer: str, mark: str) -> bool:
        """Whether a mark stood in any whole answer to `viewer`."""
        return mark in self._shown_marks[viewer]

    def is_text_shown(self, viewer: str, text: str) -> bool:
        """Whether a value (see `texts_in`) stood in any whole answer to `viewer`, or may have stood there."""
        return viewer in self._overfull or hash(text) in self._shown_texts[viewer]

    def _note_texts(self, viewer: str, exchange: Exchange) -> None:
        """Keep the values by their hashes: all that is wanted of them is whether they were there."""
        texts = texts_in(exchange)
        if texts is None:
            self._overfull.add(viewer)
        else:
            self._shown_texts[viewer].update(map(hash, texts))

    def is_at(self, key: str, viewer: str, target: OwnedObject) -> bool:
        """Whether the whole answer of that operation to `viewer` showed the object, even if it was cut since."""
        return key in self._places_of(viewer, target)

    def showing(self, viewer: str, targets: Iterable[OwnedObject]) -> dict[str, int]:
        """Return the keys of operations that showed `viewer` one of `targets`, with the lengths of their answers."""
        lengths: dict[str, int] = {}
        for target in targets:
            for key in self._places_of(viewer, target):
                if key not in lengths and objects.shows(target, self._seen[key, viewer]):
                    lengths[key] = len(self._seen[key, viewer].text)
        return lengths

    def _places_of(self, viewer: str, target: OwnedObject) -> Iterator[str]:
        signs: Iterable[object] = target.marks or target.names.get(f"{target.noun}id", ())
        for sign in signs:
            yield from self._where.get((viewer, sign), ())


def _signs_in(exchange: Exchange) -> set[object]:
    """Return what an object in the answer may be known by: marks, and values of fields that hold identifiers."""
    if not exchange.is_success:
        return set()
    found: set[object] = set(objects.marks_in(exchange.text))
    body = exchange.response.json() if exchange.response else None
    if body is not None and not isinstance(body, NotJson):
        ids = (v for p, v in leaves(body) if p and naming.plain(str(p[-1])).endswith(_ID_KEYS))
        found.update(islice(ids, MAX_IDS))
    return found
