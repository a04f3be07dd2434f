"""Why a caller may or may not do something, in words for the owner."""

from dataclasses import dataclass
from typing import Final

from apiward.core.principal import Principal
from apiward.guard.permission.table import Denial, Permissions, Plan, Rest, Why

_DENIED: Final = {
    Why.LOG_IN: "The caller is not logged in, and this needs a log-in.",
    Why.ROLE: "None of the rules that allow this speaks of the caller.",
    Why.SCOPE: "The caller's token lacks a scope.",
    Why.FORBIDDEN: "A rule forbids it, and forbid wins over allow.",
    Why.PRIVATE: "The operation is private, and no rule and no role allows it to anybody.",
}
_RESTING: Final = {
    Rest.OPEN: "No rule speaks of it, and the description asks for no log-in.",
    Rest.KNOWN: "No rule speaks of it; the description asks for a log-in, and the caller is logged in.",
    Rest.CLOSED: "",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """An answer to "may this caller do that, and why?".

    `operation` is the described operation, or empty; `rule` names the rule that decided, or is
    empty where a default did; `would_allow` lists in words what else a caller would need.
    """

    is_allowed: bool
    operation: str
    reason: str
    rule: str = ""
    would_allow: tuple[str, ...] = ()


def explanation(permissions: Permissions, principal: Principal, key: str, method: str, path: str) -> Explanation:
    """Return why `principal` may or may not call `method` on `path`, which means the operation `key` (or "")."""
    plan = permissions.plan(key, method, path)
    denial = plan.denial(principal)
    if denial is None:
        return _allowed(plan, principal, key)
    return Explanation(
        is_allowed=False,
        operation=key,
        reason=_DENIED[denial.why],
        rule=denial.rule.name if denial.rule else "",
        would_allow=_ways_in(plan, denial, principal),
    )


def _allowed(plan: Plan, principal: Principal, key: str) -> Explanation:
    for one in plan.allows:
        if one.fits(principal):
            return Explanation(is_allowed=True, operation=key, reason="A rule allows it.", rule=one.name)
    return Explanation(is_allowed=True, operation=key, reason=_RESTING[plan.rest])


def _ways_in(plan: Plan, denial: Denial, principal: Principal) -> tuple[str, ...]:
    hurdles = tuple(f"{one.name} must not forbid it" for one in plan.forbids if one.fits(principal))
    ways = tuple(f"{one.name}: {one.wanted()}" for one in plan.allows)
    if not plan.allows and denial.why is Why.LOG_IN:
        ways = ("a log-in",)
    if not plan.allows and denial.why is Why.SCOPE:
        ways = tuple(f"a token with {' and '.join(sorted(asked))}" for asked in plan.scopes)
    return (*hurdles, *ways)
