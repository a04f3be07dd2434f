"""Work beside a watcher, in a thread of its own: it holds up nothing, and ends when the watcher does."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Final

from apiward.app.guarding.log import log

_END_S: Final = 30.0


@contextlib.contextmanager
def beside(run: Callable[[threading.Event], None], done: str) -> Iterator[None]:
    """Run while the block does; `run` returns soon after the event that it is given is set.

    Where it raises OSError, that is told, and it ends. `done` says what it does: "told", "held off".
    """
    ending = threading.Event()
    thread = threading.Thread(target=_run, args=(run, done, ending), name=f"what is {done}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join(_END_S)


def _run(run: Callable[[threading.Event], None], done: str, ending: threading.Event) -> None:
    try:
        run(ending)
    except OSError as error:
        log(f"Nothing is {done}: the outbox cannot be used.", level="error", why=str(error))
