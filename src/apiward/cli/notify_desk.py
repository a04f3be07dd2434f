"""What `apiward notify` does: sends a test, or what is due."""

import contextlib
import time
from collections.abc import Mapping
from pathlib import Path

from apiward.app.guarding.place import Place
from apiward.app.incidents.desk import record_of
from apiward.app.incidents.following import note_tested, seal_of, tell_now, try_channel
from apiward.app.recording.opening import Store
from apiward.cli.exits import ExitCode
from apiward.cli.guarding import settings
from apiward.cli.speaking import say
from apiward.config.errors import AdvisedError
from apiward.config.notifying import load_notify


def test_channel(given: Mapping[str, object]) -> int:
    """Send a test. Raises AdvisedError."""
    file, config = settings(given)
    name = str(given["channel"])
    place = Place.of(file, config)
    try_channel(name, load_notify(file), place.base, now_s=time.time())
    with contextlib.suppress(OSError):  # doctor then says that it was not tried
        note_tested(Path(str(given.get("data") or place.data)), name, time.time())
    say(f"The channel {name} took a test message. Look whether it has come.")
    return ExitCode.HOLDS


def send_due(given: Mapping[str, object]) -> int:
    """Tell what is due. Raises AdvisedError."""
    file, config = settings(given)
    place = Place.of(file, config)
    if given.get("data"):
        place = Place(place.file, place.base, Path(str(given["data"])))
    with Store.opened(place, config) as store:
        record, seal = record_of(store.engine), seal_of(store.engine, place.data)
        try:
            told = tell_now(record, load_notify(file), place.data, place.base, now_s=time.time(), checkpoint=seal)
        except OSError as error:
            raise AdvisedError("Nothing could be told now.", f"{error}.", "Try again.") from error
    say(f"Messages that were taken: {told}.")
    return ExitCode.HOLDS
