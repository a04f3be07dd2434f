"""Stored events as lines for other programs."""

from collections.abc import Callable, Iterator
from typing import Final

import orjson

from apiward import __version__
from apiward.app.recording.opening import Store, told
from apiward.stores.events.lines import encode_line
from apiward.stores.events.reading import MOST, EventReader, StoredEvent
from apiward.stores.events.rows import row_of
from apiward.watch.formats.cef import cef
from apiward.watch.formats.ocsf import ocsf


def event_lines(
    store: Store, form: str, *, since_s: float | None = None, until_s: float | None = None
) -> Iterator[str]:
    """Yield the stored events as lines in the form "ocsf", "jsonl" or "cef", in the order of storing.

    What is stored while it runs comes too, at the end. Raises AdvisedError.
    """
    encode = FORMS[form]
    with told("be read"):
        reader, after = EventReader(store.engine), 0
        while page := reader.events(since=since_s, until=until_s, after=after, limit=MOST):
            yield from map(encode, page)
            after = page[-1].seq


def _ocsf(stored: StoredEvent) -> str:
    return orjson.dumps(ocsf(stored.event, version=__version__, sequence=stored.seq)).decode()


def _jsonl(stored: StoredEvent) -> str:
    return encode_line(row_of(stored.event)).decode().removesuffix("\n")


def _cef(stored: StoredEvent) -> str:
    return cef(stored.event, version=__version__)


FORMS: Final[dict[str, Callable[[StoredEvent], str]]] = {"ocsf": _ocsf, "jsonl": _jsonl, "cef": _cef}
"""How each form writes one event."""
