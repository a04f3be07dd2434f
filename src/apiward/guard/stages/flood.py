"""Holds back floods before anything costly is done: by address, by area, and by what is under way at once."""

from dataclasses import dataclass
from math import ceil
from typing import Final

from apiward.core.call import Call
from apiward.core.decision import Decision
from apiward.core.settings import setting
from apiward.guard.origins.addresses import read_address
from apiward.guard.origins.networks import Networks
from apiward.guard.stage import Parts, StageName

_MOST_KEPT: Final = 8_192


@dataclass(frozen=True, slots=True)
class FloodSettings:
    """How much one address, one area and all together may send.

    The figures leave room for an office of fifty people behind one address, each of whom opens a
    page with twenty requests every minute.
    """

    window_s: int = setting(60, "The window over which requests are counted.", least=1, most=3_600)
    address_requests: int = setting(
        1_200, "Requests in a window from one address (of IPv6: from one /64); 0 for no limit.", least=0
    )
    area_requests: int = setting(
        6_000, "Requests in a window from one area (of IPv4: one /24; of IPv6: one /48); 0 for no limit.", least=0
    )
    address_at_once: int = setting(
        100, "Requests of one address that are under way at once, in each worker; 0 for no limit.", least=0
    )
    all_at_once: int = setting(
        1_000, "Requests of all that are under way at once, in each worker; 0 for no limit.", least=0
    )
    overload_retry_s: int = setting(5, "When a request that comes too many may be tried again.", least=1, most=3_600)
    exempt: tuple[str, ...] = setting(
        ("127.0.0.0/8", "::1/128"),
        "Networks that are not counted by address: on this machine a proxy would make all clients look like one.",
    )


@dataclass(frozen=True, slots=True)
class _Caller:
    """How an address is counted; empty keys are not counted."""

    unit: str
    area: str


_NOBODY: Final = _Caller("", "")


class Flood:
    """The third stage. What is under way is counted by each worker for itself, the rest by all together."""

    name: Final = StageName.FLOOD

    def __init__(self, settings: FloodSettings, parts: Parts) -> None:
        self._settings = settings
        self._counters = parts.counters
        self._exempt = Networks(settings.exempt, field="exempt")
        self._callers: dict[str, _Caller] = {}
        self._under_way: dict[str, int] = {}
        self._all_under_way = 0

    def on_head(self, call: Call) -> Decision | None:
        """Count a request in; refuse it where it is one too many."""
        settings = self._settings
        caller = self._callers.get(call.client) or self._read(call.client)
        if settings.all_at_once and self._all_under_way >= settings.all_at_once:
            saw = f"{self._all_under_way} under way"
            return Decision("flood.overload", place="all", saw=saw, retry_after_s=settings.overload_retry_s)
        if caller.unit:
            refusal = self._refusal(caller, call.started_s)
            if refusal is not None:
                return refusal
        self._all_under_way += 1
        unit = call.notes["flood"] = caller.unit
        if unit:
            self._under_way[unit] = self._under_way.get(unit, 0) + 1
        return None

    def on_end(self, call: Call, status: int) -> None:  # noqa: ARG002 - the phase's signature
        """Count a request out, once, where it was counted in."""
        unit = call.notes.pop("flood", None)
        if not isinstance(unit, str):
            return
        self._all_under_way -= 1
        if not unit:
            return
        left = self._under_way[unit] - 1
        if left:
            self._under_way[unit] = left
        else:
            del self._under_way[unit]

    def _refusal(self, caller: _Caller, now_s: float) -> Decision | None:
        settings = self._settings
        at_once = self._under_way.get(caller.unit, 0)
        if settings.address_at_once and at_once >= settings.address_at_once:
            return Decision("flood.at-once", place="address", saw=f"{at_once} under way", retry_after_s=1)
        refusal = self._counted("flood.too-many", caller.unit, settings.address_requests, now_s)
        return refusal or self._counted("flood.area", caller.area, settings.area_requests, now_s)

    def _counted(self, rule: str, key: str, limit: int, now_s: float) -> Decision | None:
        if not limit:
            return None
        window_s = self._settings.window_s
        count = self._counters.hit(f"flood:{key}", limit=limit, window_s=window_s, now_s=now_s)
        if count.is_within:
            return None
        retry_s = max(1, min(ceil(count.reset_s), window_s))
        return Decision(rule, place="address", saw=f"over {limit} in {window_s} s", retry_after_s=retry_s)

    def _read(self, client: str) -> _Caller:
        address = read_address(client)
        is_counted = address is not None and address not in self._exempt
        caller = _Caller(address.unit, address.area) if address and is_counted else _NOBODY
        if len(self._callers) >= _MOST_KEPT:
            self._callers.clear()
        self._callers[client] = caller
        return caller
