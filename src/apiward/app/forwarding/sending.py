"""Sends records to one destination in order, and notes how far it came: after a crash nothing is left out."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from apiward.app.forwarding.records import PAGE, Records
from apiward.core.outgoing import RECORD_KINDS, Destination, NotSentError, Outgoing, RefusedError
from apiward.core.ports import Clock
from apiward.stores.events.lines import moment

INTERVAL_S: Final = 1.0
"""Seconds between two looks where nothing was new."""
LONGEST_PAUSE_S: Final = 60.0
"""Seconds between two tries while the destination takes nothing."""
TRIES: Final = 4
"""Tries in a row after which who does not follow gives up."""
AWAY_S: Final = 60.0
"""Seconds for which it may take nothing before that is told."""


@dataclass(slots=True)
class Sent:
    """What came of it in this process. `problem` is empty where all is well; `behind` counts what still waits."""

    records: int = 0
    refused: int = 0
    behind: int = 0
    problem: str = ""


class Forwarder:
    """Reads what is stored, sends it to one destination, and keeps its place in the store.

    A batch is noted as sent once the destination has it. A crash between the two sends it again, with the same ids.
    `tell` hears what the owner should know.
    """

    def __init__(
        self,
        name: str,
        records: Records,
        destination: Destination,
        *,
        clock: Clock,
        tell: Callable[[str], None],
        kinds: Sequence[str] = RECORD_KINDS,
        begins_anew: bool = True,
        batch: int = PAGE,
    ) -> None:
        self._name = name
        self._records = records
        self._destination = destination
        self._kinds = kinds
        self._begins_anew = begins_anew
        self._batch = batch
        self._clock = clock
        self._tell = tell
        self._place: dict[str, int] | None = None
        self._has_sent = False
        self._since_s: float | None = None
        self._is_told = False
        self._pause_s = 0.0
        self.sent = Sent()

    async def run(self, ending: asyncio.Event, *, follow: bool = True) -> None:
        """Send until `ending` is set. Without `follow`, until nothing is left, or nothing could be sent a few times."""
        failed = 0
        try:
            while not ending.is_set():
                has_more = await self.step()
                failed = failed + 1 if self.sent.problem else 0
                if not follow and (failed >= TRIES or not (has_more or failed)):
                    return
                if not has_more or self.sent.problem:
                    await _wait(ending, self._pause_s if self.sent.problem else INTERVAL_S)
        finally:
            await self._destination.aclose()

    async def step(self) -> bool:
        """Send some of each kind; return whether there may be more."""
        has_more = False
        try:
            place = await self._begun()
            for kind in self._kinds:
                page = await asyncio.to_thread(self._records.page, kind, place.get(kind, 0), self._batch)
                if not page.records:
                    continue
                await self._send(page.records)
                place[kind] = page.upto
                await asyncio.to_thread(self._records.changes.keep_place, self._name, place)
                has_more |= len(page.records) >= self._batch
            self.sent.behind = await asyncio.to_thread(self._behind, place)
        except NotSentError as error:
            self._failed(str(error), error.wait_s)
        except Exception as error:  # noqa: BLE001 - what ends here would end in silence, and nothing would be sent any more
            self._failed(str(getattr(error, "orig", None) or error).partition("\n")[0][:200], 0.0)
        else:
            self._worked()
        return has_more

    async def _begun(self) -> dict[str, int]:
        if self._place is None:
            changes = self._records.changes
            place = await asyncio.to_thread(changes.place, self._name)
            if not place and self._begins_anew:
                place = await asyncio.to_thread(lambda: {kind: changes.newest(kind) for kind in RECORD_KINDS})
                await asyncio.to_thread(changes.keep_place, self._name, place)
            self._place = place
        return self._place

    async def _send(self, records: list[Outgoing]) -> None:
        """Send records, in halves where the destination refuses them, until what it refuses stands alone."""
        waiting, refused, why, accepted = [records], 0, "", 0
        while waiting:
            some = waiting.pop()
            try:
                note = await self._destination.send(some)
            except RefusedError as error:
                why = str(error)
                if len(some) > 1:
                    middle = len(some) // 2
                    waiting += [some[middle:], some[:middle]]
                    continue
                refused += 1
                if not accepted and not self._has_sent and refused > 3:
                    break
            else:
                accepted += len(some)
                if note:
                    self._tell(f"{self._destination.name}: {note}")
        if refused and not accepted and not self._has_sent:
            raise NotSentError(why)
        self._has_sent = True
        self.sent.records += accepted
        self.sent.refused += refused
        if refused:
            self._tell(f"{self._destination.name} refused {refused} of {len(records)} records: {why}.")

    def _behind(self, place: dict[str, int]) -> int:
        return sum(max(self._records.changes.newest(kind) - place.get(kind, 0), 0) for kind in self._kinds)

    def _failed(self, why: str, wait_s: float) -> None:
        self.sent.problem = why
        self._pause_s = max(min(max(self._pause_s * 2, INTERVAL_S), LONGEST_PAUSE_S), wait_s)
        now_s = self._clock()
        self._since_s = now_s if self._since_s is None else self._since_s
        if not self._is_told and now_s - self._since_s >= AWAY_S:
            self._is_told = True
            self._tell(
                f"Nothing reaches {self._destination.name} since {moment(self._since_s)}: {why}. It waits in the store."
            )

    def _worked(self) -> None:
        if self._is_told and self._since_s is not None:
            self._tell(f"Records reach {self._destination.name} again. They waited since {moment(self._since_s)}.")
        self.sent.problem, self._since_s, self._is_told, self._pause_s = "", None, False, 0.0


async def _wait(ending: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await ending.wait()
    except TimeoutError:
        return


__all__ = ["Forwarder", "Sent"]
