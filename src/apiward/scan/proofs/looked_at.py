"""What was looked at before the checks began: for checks that read what answers already say."""

from collections.abc import Iterator
from functools import lru_cache

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.scan.meaning import judging
from apiward.scan.ownership.knowledge import ANONYMOUS
from apiward.scan.scene import Scene


# Asked once for each operation: without the memo, the time would grow with the square of their number.
@lru_cache(maxsize=2)
def representative(scene: Scene) -> Operation | None:
    """Return the operation that speaks for the whole host: one that shows something to those who are logged in.

    Where there is none, the first that answered well, then the first that answered at all. Ask it only when
    everything has been looked at.
    """
    if scene.owner is not None:
        for operation in scene.operations:
            if private_view(scene, operation) is not None:
                return operation
    answered = (op for op in scene.operations for seen in views(scene, op) if seen.is_success)
    anything = (op for op in scene.operations for _ in views(scene, op))
    return next(answered, None) or next(anything, None)


def views(scene: Scene, operation: Operation) -> Iterator[Exchange]:
    """Yield what the owner and an anonymous caller were seen to get from an operation."""
    for session in (scene.owner, None) if scene.owner else (None,):
        seen = scene.seen(operation, session)
        if seen is not None and seen.response is not None:
            yield seen


def private_view(scene: Scene, operation: Operation) -> Exchange | None:
    """Return what the owner was shown where an anonymous caller was not, or None."""
    if scene.owner is None:
        return None
    shown, anonymous = scene.seen(operation, scene.owner), scene.seen(operation, None)
    if shown is None or anonymous is None or not judging.is_accepted(shown):
        return None
    return shown if judging.is_logged_out(anonymous) or anonymous.status == 403 else None


def all_seen(scene: Scene) -> Iterator[tuple[str, Exchange]]:
    """Yield viewer and exchange of everything that was looked at and answered."""
    for _, viewer, exchange in scene.exchanges_seen():
        if exchange.response is not None:
            yield viewer or ANONYMOUS, exchange
