"""Looks again where the owner has allowed one class of attack in one place: other classes there still count."""

from collections.abc import Callable
from typing import TypeVar

from apiward.inspection.model import NO_CLASSES, AttackClass, Classes, Hit

_Place = TypeVar("_Place")


def beyond(
    place: _Place, overlook: Callable[[_Place, Hit], bool] | None, look: Callable[[Classes], Hit | None]
) -> Hit | None:
    """Return the first hit in `place` that is not to be overlooked. `look` is asked once more for each class that is.

    It ends: each time it asks, one more of the few classes is passed over.
    """
    passed: Classes = NO_CLASSES
    for _ in AttackClass:
        hit = look(passed)
        if hit is None or overlook is None or hit.attack in passed or not overlook(place, hit):
            return hit
        passed |= {hit.attack}
    return None
