"""What a worker process sets for itself, since nothing else runs in it: how its threads take turns, and its garbage.

Where there is one processor for a worker, granian's own thread is woken by each answer that Python hands over, and
Linux lets it interrupt Python at once: two switches a request, each of which leaves the caches cold. Threads of the
class SCHED_BATCH (sched(7)) do not interrupt others when they wake. All threads of a worker but the one in which
Python serves belong to it: on one processor that is about 15 % more requests a second; where another processor is
idle they run there at once, as ever.
"""

import gc
import os
from typing import Final

_YOUNG_OBJECTS: Final = 10_000
"""A request makes some hundred objects, and no cycles: to look through them after each 700, as is usual, is in vain."""


def before_threads() -> None:
    """Let this thread, and those that it starts from now on, not interrupt others when they wake."""
    if hasattr(os, "SCHED_BATCH"):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def once_running() -> None:
    """Let the calling thread, which serves, interrupt others again; leave out of account what was built until now."""
    if hasattr(os, "SCHED_OTHER"):
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS)
