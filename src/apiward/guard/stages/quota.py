"""quota: how much one caller may use, by plan: per minute, day and month, and how much at once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_network
from math import ceil
from typing import Any, Final, TypeAlias

from apiward.core.api import Operation
from apiward.core.call import Answer, Call
from apiward.core.decision import Decision, Edit
from apiward.core.ports import Count
from apiward.core.principal import Principal, PrincipalKind
from apiward.core.settings import setting
from apiward.guard.selecting import Cover, Selector, selectors
from apiward.guard.stage import Parts, StageName

_KINDS: Final = tuple(PrincipalKind)
_BY_ADDRESS: Final = frozenset({PrincipalKind.ANONYMOUS, PrincipalKind.TOKEN})
"""Tokens that the guard cannot check could be made up, a new one for each request."""
_NETWORK_BITS: Final = 64
_RETRY_AT_ONCE_S: Final = 1
_MOST: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """What some callers may use. 0 means no limit."""

    name: str = setting("", "The plan's name.")
    roles: tuple[str, ...] = setting((), "Callers with any of these roles have this plan.")
    kinds: tuple[str, ...] = setting((), "Only these kinds of callers: user, key, device, token, anonymous.")
    per_minute: int = setting(0, "Calls in any 60 seconds.", least=0, most=_MOST)
    per_day: int = setting(0, "Calls in any 24 hours.", least=0, most=_MOST)
    per_month: int = setting(0, "Calls in any 30 days.", least=0, most=_MOST)
    concurrency: int = setting(0, "Calls at the same time, in each worker of the guard.", least=0, most=100_000)

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("name: a plan needs a name")
        wrong = [kind for kind in self.kinds if kind not in _KINDS]
        if wrong:
            raise ValueError(f"kinds: {wrong[0]!r} is unknown; allowed are {', '.join(_KINDS)}")


@dataclass(frozen=True, slots=True)
class QuotaSettings:
    """How much one caller may use. Of several plans that fit, the first counts."""

    plans: tuple[PlanSettings, ...] = setting((), "Plans for some callers; all others have the limits below.")
    per_minute: int = setting(1200, "Calls in any 60 seconds; 0 means no limit.", least=0, most=_MOST)
    per_day: int = setting(0, "Calls in any 24 hours; 0 means no limit.", least=0, most=_MOST)
    per_month: int = setting(0, "Calls in any 30 days; 0 means no limit.", least=0, most=_MOST)
    concurrency: int = setting(64, "Calls at the same time, in each worker; 0 means no limit.", least=0, most=100_000)
    costs: Mapping[str, int] = setting({}, "Operations that count as several calls, as in 'POST /reports' = 10.")
    tell: bool = setting(default=True, help_text="Tell callers in each answer how much is left (RateLimit headers).")

    def __post_init__(self) -> None:
        selectors(self.costs, "costs")
        wrong = [name for name, cost in self.costs.items() if cost < 0]
        if wrong:
            raise ValueError(f"costs: {wrong[0]!r} must not cost less than 0")


@dataclass(frozen=True, slots=True)
class _Window:
    """One limit of a plan: the beginning of its counter's key, its rule, and how the header begins that tells of it."""

    key: str
    rule: str
    limit: int
    seconds: int
    told: str


@dataclass(frozen=True, slots=True)
class _Plan:
    """A plan made ready. `policy` is the header that tells its windows."""

    name: str
    roles: frozenset[str]
    kinds: frozenset[str]
    windows: tuple[_Window, ...]
    concurrency: int
    policy: tuple[bytes, bytes]

    def is_for(self, principal: Principal) -> bool:
        if self.kinds and principal.kind not in self.kinds:
            return False
        return not self.roles or not self.roles.isdisjoint(principal.roles)


_Use: TypeAlias = tuple[_Plan, str, list[Count]]
"""What one call uses: its plan, the key under which it counts as running (empty where it does not), its counts."""


class Quota:
    """Counts what each caller uses, and refuses what goes beyond their plan."""

    name: Final = StageName.QUOTA

    def __init__(self, settings: QuotaSettings, parts: Parts) -> None:
        self._counters = parts.counters
        self._plans = tuple(_ready(plan) for plan in settings.plans)
        self._usual = _ready(_usual(settings))
        self._tells = settings.tell
        self._running: dict[str, int] = {}
        costs = tuple((selectors((name,), "costs")[0], cost) for name, cost in settings.costs.items())
        self._wild = tuple((chosen, cost) for chosen, cost in costs if chosen.form is not None)
        self._costs = dict(_fixed_costs(parts.api.operations, costs)) if parts.api and costs else {}
        self._has_costs = bool(self._wild or self._costs)

    def on_head(self, call: Call) -> Decision | None:
        """Count the call, and judge whether it fits."""
        principal = call.principal
        plan = self._plan_of(principal) if self._plans else self._usual
        key = _address(call.client or call.peer) if principal.kind in _BY_ADDRESS else principal.key
        counts: list[Count] = []
        most = plan.concurrency
        if most:
            running = self._running
            at_once = running.get(key, 0)
            if at_once >= most:
                return Decision("quota.at-once", saw=f"{at_once} at once", retry_after_s=_RETRY_AT_ONCE_S)
            running[key] = at_once + 1
        use = call.notes["quota"] = (plan, key if most else "", counts)
        cost = self._cost_of(call) if self._has_costs else 1
        for one in plan.windows:
            count = self._counters.hit(
                one.key + key, limit=one.limit, window_s=one.seconds, now_s=call.started_s, cost=cost
            )
            counts.append(count)
            if not count[0]:
                return self._refusal(one.rule, use, count)
        return None

    def on_answer_head(self, call: Call, answer: Answer) -> Edit | None:  # noqa: ARG002 - the stage's signature
        """Tell the caller how much is left."""
        use: Any = call.notes.get("quota")  # a `_Use`: nobody else writes there, and a cast costs a call
        if use is None or not self._tells:
            return None
        plan, _, counts = use
        return Edit(added=_told(plan, counts)) if counts else None

    def on_end(self, call: Call, status: int) -> None:  # noqa: ARG002 - the stage's signature
        """Count the call as done."""
        use: Any = call.notes.pop("quota", None)
        if use is None or not use[1]:
            return
        key, running = use[1], self._running
        left = running.get(key, 0) - 1
        if left > 0:
            running[key] = left
        else:
            running.pop(key, None)

    def _plan_of(self, principal: Principal) -> _Plan:
        for plan in self._plans:
            if plan.is_for(principal):
                return plan
        return self._usual

    def _cost_of(self, call: Call) -> int:
        cost = self._costs.get(call.operation_key)
        if cost is not None:
            return cost
        for chosen, price in self._wild:
            if chosen.fits(call.method, call.path):
                return price
        return 1

    def _refusal(self, rule: str, use: _Use, count: Count) -> Decision:
        return Decision(
            rule,
            saw=f"plan {use[0].name}",
            retry_after_s=max(1, ceil(count.reset_s)),
            headers=_told(use[0], use[2]) if self._tells else (),
        )


def _fixed_costs(operations: Iterable[Operation], costs: tuple[tuple[Selector, int], ...]) -> Iterator[tuple[str, int]]:
    """Yield the cost of each operation; not of those where the path asked for makes a difference."""
    for operation in operations:
        covers = ((chosen.cover(operation), cost) for chosen, cost in costs)
        cover, cost = next((pair for pair in covers if pair[0] is not Cover.NEVER), (Cover.ALWAYS, 1))
        if cover is Cover.ALWAYS:
            yield operation.key, cost


def _told(plan: _Plan, counts: list[Count]) -> tuple[tuple[bytes, bytes], ...]:
    """Return the headers of draft-ietf-httpapi-ratelimit-headers-10 (structured fields)."""
    # The count is whole again only when both windows that a sliding one lies in are over; callers plan by its length.
    if len(counts) == 1:
        _, remaining, reset_s = counts[0]
        window = plan.windows[0]
        left_s, most_s = ceil(reset_s), window.seconds
        text = f"{window.told}{remaining};t={min(left_s, most_s)}"
    else:
        text = ", ".join(map(_left, counts, plan.windows))
    return plan.policy, (b"ratelimit", text.encode())


def _left(count: Count, window: _Window) -> str:
    return f"{window.told}{count.remaining};t={min(ceil(count.reset_s), window.seconds)}"


def _ready(plan: PlanSettings) -> _Plan:
    windows = tuple(
        _Window(f"quota:{name}:", f"quota.{name}", limit, seconds, f'"{name}";r=')
        for name, limit, seconds in (
            ("minute", plan.per_minute, 60),
            ("day", plan.per_day, 86_400),
            ("month", plan.per_month, 30 * 86_400),
        )
        if limit
    )
    policy = ", ".join(f"{one.told[:-2]}q={one.limit};w={one.seconds}" for one in windows)
    header = (b"ratelimit-policy", policy.encode())
    return _Plan(plan.name, frozenset(plan.roles), frozenset(plan.kinds), windows, plan.concurrency, header)


def _usual(settings: QuotaSettings) -> PlanSettings:
    return PlanSettings(
        name="default",
        per_minute=settings.per_minute,
        per_day=settings.per_day,
        per_month=settings.per_month,
        concurrency=settings.concurrency,
    )


@lru_cache(maxsize=4096)
def _address(client: str) -> str:
    """Return what stands for an address in counters: of IPv6 the network, as one household has all of it."""
    if ":" not in client:
        return f"address:{client}"
    try:
        network = ip_network((IPv6Address(client.partition("%")[0]), _NETWORK_BITS), strict=False)
    except ValueError:
        return f"address:{client}"
    return f"address:{network.network_address}"
