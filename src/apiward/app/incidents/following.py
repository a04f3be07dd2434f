"""Telling beside a watcher: in a thread of its own, so that a slow mail server holds up nothing."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from apiward.app.guarding.log import log
from apiward.app.guarding.upkeep import signer_of
from apiward.app.incidents.beside import beside
from apiward.app.incidents.channels import open_channel, open_channels
from apiward.app.incidents.telling import Seal, Teller, no_seal
from apiward.app.incidents.words import trial_notice
from apiward.config.errors import AdvisedError, nearest
from apiward.config.notifying import NotifyConfig
from apiward.core.notice import NotToldError
from apiward.core.ports import WatchRecord
from apiward.net.sender import HttpSender
from apiward.stores.outbox import Outbox
from apiward.stores.upkeep.anchoring import signed_now

OUTBOX: Final = "outbox.sqlite"
TESTED: Final = "tested."
"""Before the name of a channel, among the numbers of the outbox: when it last took a test message."""
TURN_S: Final = 2.0


def tell_now(
    record: WatchRecord, config: NotifyConfig, folder: Path, base: Path, *, now_s: float, checkpoint: Seal = no_seal
) -> int:
    """Tell all that is due now; return how many messages were taken. Raises AdvisedError or OSError."""

    async def run() -> int:
        async with HttpSender(clock=time.time) as sender:
            with contextlib.closing(Outbox(folder / OUTBOX)) as outbox:
                channels = open_channels(config, sender, base, clock=time.time)
                return await Teller(record, outbox, channels, config, checkpoint).turn(now_s)

    return asyncio.run(run())


def try_channel(name: str, config: NotifyConfig, base: Path, *, now_s: float) -> None:
    """Send a message that only shows that a channel works. Raises AdvisedError where it does not."""
    found = next((one for one in config.channels if one.name == name), None)
    if found is None:
        names = tuple(one.name for one in config.channels)
        why = nearest(name, names) if names else "There is none in [notify]."
        raise AdvisedError(f"There is no channel {name[:40]!a}.", why, "Add it as [[notify.channels]].")

    async def run() -> None:
        async with HttpSender(clock=time.time) as sender:
            channel = open_channel(found, sender, base, clock=time.time)
            await channel.sender.send(trial_notice(name, f"test.{name}.{now_s:.0f}", now_s))

    try:
        asyncio.run(run())
    except NotToldError as error:
        raise ChannelError(f"The channel {name} does not work.", error.why, "Look at its settings.") from None


def note_tested(folder: Path, channel: str, now_s: float) -> None:
    """Note that a channel took a test message. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.closing(Outbox(folder / OUTBOX)) as outbox:
        outbox.keep_number(f"{TESTED}{channel}", now_s)


class ChannelError(AdvisedError):
    """A channel could not tell."""

    exit_code = 3


def seal_of(engine: Engine, folder: Path) -> Seal:
    """Return what signs how long the audit record is, for the summary of the day."""

    def seal(now_s: float) -> str:
        try:
            return signed_now(engine, signer_of(folder), now_s)
        except (OSError, ValueError, SQLAlchemyError) as error:
            log("The summary goes without a checkpoint of the audit record.", level="warning", why=str(error)[:200])
            return ""

    return seal


@contextlib.contextmanager
def telling(
    record: WatchRecord,
    config: NotifyConfig,
    folder: Path,
    base: Path,
    *,
    clock: Callable[[], float] = time.time,
    turn_s: float = TURN_S,
    checkpoint: Seal = no_seal,
) -> Iterator[None]:
    """Tell while the block runs. Raises AdvisedError at once where a channel cannot be used; without any, do nothing.

    It has a thread and a loop of its own.
    """
    if not config.channels:
        yield
        return
    channels = open_channels(config, HttpSender(clock=clock), base, clock=clock)  # every slip is told here
    del channels
    with beside(partial(_run, record, config, folder, base, clock, turn_s, checkpoint), "told"):
        yield


def _run(
    record: WatchRecord,
    config: NotifyConfig,
    folder: Path,
    base: Path,
    clock: Callable[[], float],
    turn_s: float,
    checkpoint: Seal,
    ending: threading.Event,
) -> None:
    async def turns() -> None:
        async with HttpSender(clock=clock) as sender:
            with contextlib.closing(Outbox(folder / OUTBOX)) as outbox:
                teller = Teller(record, outbox, open_channels(config, sender, base, clock=clock), config, checkpoint)
                is_away = False
                while True:
                    # Asked before the turn: so what was kept last is told, or waits in the outbox.
                    is_last = ending.is_set()
                    try:
                        await teller.turn(clock())
                        is_away = False
                    except OSError as error:
                        if not is_away:
                            log("Nothing can be told now: it is tried again.", level="error", why=str(error))
                        is_away = True
                    if is_last:
                        return
                    await asyncio.to_thread(ending.wait, turn_s)

    asyncio.run(turns())
