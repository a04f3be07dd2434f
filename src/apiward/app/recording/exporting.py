"""What is stored as lines for other programs: at once, or sent as it comes."""

import asyncio
import signal
from collections.abc import Callable, Iterator, Sequence

from apiward.app.forwarding.lines import Lines
from apiward.app.forwarding.records import PAGE, Records
from apiward.app.forwarding.running import LOCK, Forwarding
from apiward.app.forwarding.sending import Sent
from apiward.app.guarding.upkeep import SPOOL
from apiward.app.recording.opening import Store, StoreError, told
from apiward.config.guarding import ForwardConfig
from apiward.core.outgoing import RECORD_KINDS, LineForm
from apiward.stores.events.draining import Turn
from apiward.stores.events.reading import MOST, EventReader


def event_lines(
    store: Store, form: str, *, since_s: float | None = None, until_s: float | None = None
) -> Iterator[str]:
    """Yield the stored events as lines in the form "ocsf", "jsonl" or "cef", in the order of storing.

    What is stored while it runs comes too, at the end. Raises AdvisedError.
    """
    lines = Lines(LineForm(form))
    with told("be read"):
        reader, after = EventReader(store.engine), 0
        while page := reader.events(since=since_s, until=until_s, after=after, limit=MOST):
            yield from map(lines.event, page)
            after = page[-1].seq


def record_lines(
    store: Store, form: str, kind: str, *, since_s: float | None = None, until_s: float | None = None
) -> Iterator[str]:
    """Yield all of one kind (findings, detections, incidents) as lines, in the order of change. Raises AdvisedError."""
    with told("be read"):
        records, after = Records(store.engine, Lines(LineForm(form))), 0
        while True:
            page = records.page(kind, after, PAGE)
            if not page.records:
                return
            for one in page.records:
                if (since_s is None or one.at_s >= since_s) and (until_s is None or one.at_s < until_s):
                    yield one.line
            after = page.upto


def forward(store: Store, configs: Sequence[ForwardConfig], *, follow: bool, tell: Callable[[str], None]) -> list[Sent]:
    """Send what is stored and was not sent yet; with `follow`, until a signal ends it. Raises AdvisedError."""
    forwarding = Forwarding(configs, store.engine, store.base, tell=tell)
    with Turn(store.folder / SPOOL, LOCK) as turn:
        if not turn.is_ours():
            raise StoreError(
                "Records are being sent already.",
                "A guard that runs sends them, or another command does.",
                "Stop that one, or let it go on.",
            )
        with told("be read"):
            asyncio.run(_until_asked(forwarding, follow=follow))
    return forwarding.sent


async def _until_asked(forwarding: Forwarding, *, follow: bool) -> None:
    ending, loop = asyncio.Event(), asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, ending.set)
    try:
        await forwarding.run(ending, follow=follow)
    finally:
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(name)


__all__ = ["RECORD_KINDS", "event_lines", "forward", "record_lines"]
