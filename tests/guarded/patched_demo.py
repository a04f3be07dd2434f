"""The demo business, scanned and patched in this process: a guard with no settings but the rules that a scan gives."""

from collections.abc import Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from starlette.applications import Starlette

from apiward.app.guarding.building import Outside, build_access, build_engine
from apiward.app.patching.cases import Plan, Rule
from apiward.app.patching.filing import file_rules
from apiward.app.patching.judging import After, Result, Seen, judge
from apiward.app.patching.making import plan_rules
from apiward.catalogue.loading import load_catalogue
from apiward.config.guarding import GuardConfig
from apiward.config.rules_file import load_rules_file
from apiward.core.finding import Finding
from apiward.demo.graphql.schema import SDL
from apiward.guard.stages.quota import QuotaSettings
from apiward.net.messages import App
from apiward.net.middleware import Bounds, GuardMiddleware
from apiward.scan.api import Check
from apiward.scan.registry import CHECKS
from apiward.spec.joining import joined
from apiward.spec.reading import read_description
from apiward.stores.blocks.memory import MemoryBlocks
from apiward.stores.counters.memory import MemoryCounters
from tests.demo.twins import SkippingClock, Twin, scan_demo
from tests.guarded.demo_guard import API, Heard, Nobody, at_once

WHOLE: Final = joined(API, [read_description(SDL.encode(), source="phone.graphql")]).api.by_address()
"""What the guard before the business knows: the client area, the shop, and the address of the phone app."""
STAFF: Final = ("user:lina@marlow-coaching.example", "user:tom@marlow-coaching.example")
"""Whom the owner names with --staff: nobody else could know."""
EXPIRES: Final = date(2099, 1, 1)


@dataclass(frozen=True)
class Patched:
    """What a scan found, the rules made of it, how the findings stand behind them, and what the guard said."""

    findings: tuple[Finding, ...]
    plan: Plan
    results: tuple[Result, ...]
    heard: Heard


def planned(findings: Sequence[Finding]) -> Plan:
    """Return the rules for some findings of the demo."""
    return plan_rules(findings, WHOLE, load_catalogue(), owner="Lina", expires=EXPIRES, staff=STAFF)


def scan_and_patch(weak: Collection[str], seed: int, checks: Sequence[Check] = CHECKS) -> Patched:
    """Scan the business with these weaknesses, make rules, and scan it again through a guard that has them."""
    first = scan_demo(weak, seed=seed, checks=checks)
    findings = first.report.findings
    plan = planned(findings)
    again = [check for check in checks if check.code in {finding.check for finding in findings}]
    twin, heard = scan_patched(weak, plan.rules, seed + 1, again) if findings else (first, Heard())
    answered = frozenset(first.report.operations_answered)
    held = [one for one in findings if one.id not in plan.unheld]
    results = {one.id: _judged(one, plan, twin, answered) for one in held}
    unsure = [one.finding for one in results.values() if one.after is After.UNSURE]
    if unsure:  # once more, alone, as the command does: a limit on log-ins is in the way of the next check of log-ins
        alone = [check for check in checks if check.code in {one.check for one in unsure}]
        twin, _ = scan_patched(weak, plan.rules, seed + 2, alone)
        results |= {one.id: _judged(one, plan, twin, answered) for one in unsure}
    return Patched(findings, plan, tuple(results.values()), heard)


def _judged(finding: Finding, plan: Plan, twin: Twin, answered: frozenset[str]) -> Result:
    rules = [rule for rule in plan.rules if finding.id in rule.findings]
    return judge(finding, rules, Seen(twin.report, answered, {}))


def scan_patched(
    weak: Collection[str], rules: Sequence[Rule], seed: int, checks: Sequence[Check] = CHECKS
) -> tuple[Twin, Heard]:
    """Scan the business through a guard with these rules and no other settings."""
    heard = Heard()

    def around(app: Starlette, folder: Path, clock: SkippingClock) -> App:
        return guard_with(app, folder, rules, clock=clock.now, wait=clock.wait, heard=heard)

    return scan_demo(weak, seed=seed, checks=checks, around=around), heard


def guard_with(
    app: Starlette,
    folder: Path,
    rules: Sequence[Rule],
    *,
    clock: Callable[[], float],
    heard: Heard,
    wait: Callable[[float], Coroutine[Any, Any, None]] = at_once,
) -> App:
    """Return the business behind a guard whose only settings are rules; a scan is no caller, so it has no quota."""
    file_rules(folder, rules)
    config = load_rules_file(folder).applied(GuardConfig(quota=QuotaSettings(per_minute=0, concurrency=0)), clock())
    outside = Outside(
        sender=Nobody(),
        sink=heard,
        counters=MemoryCounters(),
        blocks=MemoryBlocks(),
        wait=wait,
        base=folder,
        pepper=b"p" * 32,
        clock=clock,
    )
    engine = build_engine(config, WHOLE, outside, build_access(config, outside))
    return GuardMiddleware(app, engine, clock=clock, bounds=Bounds(max_answer=config.max_answer))
