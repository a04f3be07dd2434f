"""Holding off beside a watcher, in a thread of its own: it asks the guard, which may take a moment."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from apiward.app.guarding.log import log
from apiward.app.guarding.shutting import ShutDesk
from apiward.app.incidents.automatic import Automatic
from apiward.app.incidents.beside import beside
from apiward.app.incidents.desk import IncidentDesk, record_of
from apiward.app.incidents.following import OUTBOX
from apiward.app.incidents.hitting import others_of
from apiward.config.automatic import AutomaticConfig
from apiward.config.errors import AdvisedError
from apiward.stores.outbox import Outbox
from apiward.stores.record.telling import OURSELVES

ITSELF: Final = OURSELVES
"""Who holds off, where apiward does by itself."""
TURN_S: Final = 0.5
_READ: Final = "held"


@contextlib.contextmanager
def holding(
    engine: Engine,
    config: AutomaticConfig,
    shut: ShutDesk,
    folder: Path,
    *,
    clock: Callable[[], float] = time.time,
    turn_s: float = TURN_S,
) -> Iterator[None]:
    """Hold off by itself while the block runs; without consent, do nothing. `shut` must act for apiward."""
    if not config.consent:
        yield
        return
    with beside(partial(_run, engine, config, shut, folder, clock, turn_s), "held off"):
        yield


def _run(
    engine: Engine,
    config: AutomaticConfig,
    shut: ShutDesk,
    folder: Path,
    clock: Callable[[], float],
    turn_s: float,
    ending: threading.Event,
) -> None:
    record = record_of(engine)
    automatic = Automatic(record, IncidentDesk(record, shut, folder, by="", now=clock), shut, config, others_of(engine))
    said = ""
    with contextlib.closing(Outbox(folder / OUTBOX)) as outbox:
        while True:
            is_last = ending.is_set()
            try:
                before = int(outbox.number(_READ))
                upto = automatic.turn(before, clock())
                if upto != before:
                    outbox.keep_number(_READ, upto)
                said = ""
            except (OSError, AdvisedError) as error:
                if str(error) != said:
                    log("Nothing can be held off now: it is tried again.", level="error", why=str(error))
                said = str(error)
            if is_last:
                return
            ending.wait(turn_s)
