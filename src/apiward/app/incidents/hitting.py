"""Whom it would hit besides, to hold off more than one caller: a network, a customer, or many behind one address."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from apiward.app.guarding.shut_keys import WIDE
from apiward.catalogue.counting import counted
from apiward.config.errors import AdvisedError
from apiward.guard.origins.addresses import read_address
from apiward.stores.events.callers import callers_of

LOOKED_BACK_DAYS: Final = 7
"""So far back it is asked who else came from there: those who come once a week count, too."""
MOST_NETWORKS: Final = 20
_DAY_S: Final = 86_400.0
_LEAST_OF_ONE: Final = 2
"""So many of those who do it come from a network before it is held off as one."""

Others = Callable[[str, float], int | None]
"""How many fared well from where a key says, before a time; None where nobody knows."""


class HitsOthersError(AdvisedError):
    """It was not done, as it would hit others, and nobody said that this is worth it."""

    exit_code = 3


def others_of(engine: Engine) -> Others:
    """Return what counts who fared well in a place in the week before a time."""

    def others(key: str, before_s: float) -> int | None:
        try:
            return len(callers_of(engine, key, since_s=before_s - LOOKED_BACK_DAYS * _DAY_S, until_s=before_s))
        except (SQLAlchemyError, ValueError):
            return None

    return others


def nobody_knows(_key: str, _before_s: float) -> None:
    """Return that it is not known: where there is no record."""
    return


def hit_words(key: str, others: Others, before_s: float) -> str:
    """Return a sentence on whom it hits besides, nothing where it hits nobody."""
    number = others(key, before_s)
    if not number:
        return ""
    return f"It also hits {counted(number, 'caller', 'callers')} who fared well there in the last week."


def check_hits(keys: Iterable[str], others: Others, before_s: float, sure: str) -> None:
    """Raise HitsOthersError where a network or a customer has callers who fared well, or nobody knows.

    `sure` is the command that does it all the same.
    """
    for key in keys:
        if key.partition(":")[0] not in WIDE:
            continue
        number = others(key, before_s)
        if number == 0:
            continue
        why = f"In the last week, {counted(number or 0, 'caller', 'callers')} fared well there: they would be hit, too."
        if number is None:
            why = "Nobody knows whom it would hit: no record says it, or the last week holds too much to look through."
        raise HitsOthersError(f"{key} was not shut out.", why, f"If that is worth it: {sure}")


def networks_of(addresses: Iterable[str]) -> tuple[str, ...]:
    """Return the networks from which several of these addresses are, those with the most of them first."""
    found = {address.text: address.area for text in addresses if (address := read_address(text)) is not None}
    areas = Counter(found.values())
    return tuple(f"network:{area}" for area, number in areas.most_common(MOST_NETWORKS) if number >= _LEAST_OF_ONE)
