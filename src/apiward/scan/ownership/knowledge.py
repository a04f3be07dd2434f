"""What answers have taught: which values exist under which names, and whose answers showed them."""

from collections import OrderedDict, defaultdict
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json, NotJson, Pointer, leaves
from apiward.spec.meaning import naming

ANONYMOUS: Final = ""
"""The name of the viewer who is nobody."""
MAX_VALUES: Final = 12
MAX_NAMES: Final = 4_000
MAX_LEAVES: Final = 600
MAX_TEXT: Final = 120


class Knowledge:
    """Values by plain name (`orderid`, `slug`) and by who was shown them. Newest first, bounded."""

    def __init__(self) -> None:
        self._shown: dict[str, OrderedDict[str, list[Json]]] = defaultdict(OrderedDict)

    def learn(self, operation: Operation, exchange: Exchange, viewer: str) -> None:
        """Keep the values of a good answer for `viewer` (an account's name, or ANONYMOUS)."""
        body = exchange.response.json() if exchange.response and exchange.is_success else None
        if body is None or isinstance(body, NotJson):
            return
        for name, value in named_values(body, naming.nouns(operation.path)[-1:]):
            self.keep(viewer, name, value)

    def keep(self, viewer: str, name: str, value: Json) -> None:
        """Keep one value under its plain name."""
        shown = self._shown[viewer]
        values = shown.setdefault(name, [])
        if value not in values and len(values) < MAX_VALUES:
            values.append(value)
        if len(shown) > MAX_NAMES:
            shown.popitem(last=False)

    def values(self, viewer: str, names: tuple[str, ...]) -> list[Json]:
        """Return the values that `viewer` was shown under the first of `names` that is known."""
        if viewer not in self._shown:
            return []
        shown = self._shown[viewer]
        return next((list(shown[name]) for name in names if shown.get(name)), [])


def named_values(body: Json, nouns: tuple[str, ...]) -> list[tuple[str, Json]]:
    """Return the scalars of an answer with every plain name they may be wanted by.

    What only stands in for an identifier (a slug, a number) comes after the identifiers themselves.
    """
    found: list[tuple[str, Json]] = []
    instead: list[tuple[str, Json]] = []
    for count, (pointer, value) in enumerate(leaves(body)):
        if count >= MAX_LEAVES:
            break
        if value is None or value == "" or isinstance(value, bool) or len(str(value)) > MAX_TEXT or not pointer:
            continue
        key, noun = _key_and_noun(pointer, nouns)
        for name in naming.known_as(key, noun):
            stands_in = name == f"{noun}id" and naming.plain(key) in naming.STAND_INS
            (instead if stands_in else found).append((name, value))
    return [*found, *instead]


def _key_and_noun(pointer: Pointer, nouns: tuple[str, ...]) -> tuple[str, str]:
    """Return the innermost name and the kind of object that it belongs to."""
    named = [step for step in pointer if isinstance(step, str)]
    key = named[-1] if named else ""
    holders = [naming.singular(naming.words(step)[-1]) for step in named[:-1] if naming.words(step)]
    meant = [
        noun for noun in holders if noun not in ("data", "result", "item", "response", "payload", "content", "row")
    ]
    default = nouns[-1] if nouns else ""
    return key, meant[-1] if meant else default
